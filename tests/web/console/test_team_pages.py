"""The team's pages, and the way in for who was invited."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import select

from clinic import second_factor
from clinic.database import transaction
from clinic.settings import settings
from clinic.tables import AuditEntry, Staff
from tests.web.console.conftest import Browser

NEW = "seven quiet paper lamps"


def id_of(username: str) -> int:
    with transaction() as session:
        return session.scalars(select(Staff.id).where(Staff.username == username)).one()


def invite(admin: Browser, username: str = "dora", role: str = "clinician") -> Response:
    return admin.fill_in("/staff/team", "/staff/team/invitations", username=username, role=role)


def token_of(answer: Response) -> str:
    found = re.search(r"/staff/join#([A-Za-z0-9_-]{43})<", answer.text)
    assert found, "no link on the page"
    return found[1]


def join(app: FastAPI, token: str, password: str = NEW) -> tuple[Browser, Response]:
    browser = Browser(app)
    return browser, browser.fill_in(
        "/staff/join", "/staff/join/account", token=token, new=password, again=password
    )


def act(admin: Browser, username: str, deed: str, **fields: str) -> Response:
    """Send a form about somebody. Its token is on the team's page too."""
    return admin.fill_in("/staff/team", f"/staff/team/{id_of(username)}/{deed}", **fields)


def test_everybody_stands_in_the_list_with_their_role(amira: Browser, chris: Browser) -> None:
    page = chris.get("/staff/team").text

    assert "amira" in page
    assert "Clinician" in page
    assert "Admin" in page


def test_who_was_invited_makes_an_account_and_is_in(app: FastAPI, chris: Browser) -> None:
    token = token_of(invite(chris))
    browser = Browser(app)
    asked = browser.fill_in("/staff/join", "/staff/join", token=token)
    assert "dora" in asked.text

    dora, answer = join(app, token)

    assert answer.status_code == 303
    assert "Clinician" in dora.get("/staff/account").text
    assert Browser(app).sign_in("dora", NEW).status_code == 303


def test_the_link_works_once(app: FastAPI, chris: Browser) -> None:
    token = token_of(invite(chris))
    join(app, token)

    _, answer = join(app, token)

    assert answer.status_code == 422
    assert "not open" in answer.text


def test_a_withdrawn_invitation_opens_nothing(app: FastAPI, chris: Browser) -> None:
    token = token_of(invite(chris))
    form = re.search(
        r'action="(/staff/team/invitations/\w+/withdraw)"', chris.get("/staff/team").text
    )
    assert form

    chris.fill_in("/staff/team", form[1])

    assert join(app, token)[1].status_code == 422
    assert chris.fill_in("/staff/team", form[1]).status_code == 404


def test_a_weak_password_is_refused_and_the_invitation_stays_open(
    app: FastAPI, chris: Browser
) -> None:
    token = token_of(invite(chris))

    assert join(app, token, "dora-password-1")[1].status_code == 422
    assert join(app, token)[1].status_code == 303


def test_the_token_is_in_no_address_that_a_server_sees(chris: Browser) -> None:
    token = token_of(invite(chris))

    page = chris.get("/staff/team").text

    assert token not in page
    assert f"/{token}" not in page


def test_who_joins_where_a_second_factor_is_mandatory_sets_it_up_first(
    app: FastAPI, chris: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(invite(chris))
    monkeypatch.setenv("CLINIC_REQUIRE_SECOND_FACTOR", "true")
    settings.cache_clear()

    dora, _ = join(app, token)

    assert dora.get("/staff/leads").headers["location"] == "/staff/account/second-factor"


@pytest.mark.parametrize("username", ["amira", "AMIRA", "two words", ""])
def test_a_name_that_cannot_be_invited_is_said_so(
    amira: Browser, chris: Browser, username: str
) -> None:
    answer = invite(chris, username)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_role_that_does_not_exist_is_refused(amira: Browser, chris: Browser) -> None:
    assert invite(chris, role="owner").status_code == 403
    assert act(chris, "amira", "role", role="owner").status_code == 403


def test_a_new_role_counts_at_the_next_click(amira: Browser, chris: Browser) -> None:
    assert amira.get("/staff/team").status_code == 403

    act(chris, "amira", "role", role="admin")

    assert amira.get("/staff/team").status_code == 200


def test_a_closed_account_is_out_at_once_and_stays_out(
    app: FastAPI, amira: Browser, chris: Browser
) -> None:
    act(chris, "amira", "deactivate")

    assert amira.get("/staff/account").status_code == 303
    assert Browser(app).sign_in().status_code == 401


def test_an_account_that_is_opened_again_gets_a_one_time_password(
    app: FastAPI, amira: Browser, chris: Browser
) -> None:
    act(chris, "amira", "deactivate")

    shown = act(chris, "amira", "reactivate").text

    password = re.search(r"<code>([a-z2-9-]{23})</code>", shown)
    assert password
    assert Browser(app).sign_in("amira", password[1]).status_code == 303


def test_a_reset_shows_a_one_time_password_once(
    app: FastAPI, amira: Browser, chris: Browser
) -> None:
    shown = act(chris, "amira", "reset")

    password = re.search(r"<code>([a-z2-9-]{23})</code>", shown.text)
    assert password
    assert shown.headers["cache-control"] == "no-store"
    assert amira.get("/staff/account").status_code == 303
    assert Browser(app).sign_in("amira", password[1]).status_code == 303


def test_a_lost_second_factor_is_taken_away(app: FastAPI, amira: Browser, chris: Browser) -> None:
    with transaction() as session:
        member = session.scalars(select(Staff).where(Staff.username == "amira")).one()
        second_factor.begin(session, member)
        member.totp_confirmed_at = member.created_at
    assert Browser(app).sign_in().headers["location"].startswith("/staff/code")

    act(chris, "amira", "second-factor/off")

    assert Browser(app).sign_in().headers["location"] == "/staff/leads"


def test_all_sessions_of_a_colleague_are_ended(amira: Browser, chris: Browser) -> None:
    act(chris, "amira", "sessions/end")

    assert amira.get("/staff/account").status_code == 303


@pytest.mark.parametrize(
    "deed", ["role", "deactivate", "reactivate", "reset", "second-factor/off", "sessions/end"]
)
def test_nobody_does_it_to_themselves(chris: Browser, deed: str) -> None:
    assert act(chris, "chris", deed, role="staff").status_code == 403
    assert chris.get("/staff/team").status_code == 200


def test_what_an_admin_did_is_in_the_audit_log_with_who_to_whom_and_from_where(
    amira: Browser, chris: Browser
) -> None:
    act(chris, "amira", "role", role="admin")

    with transaction() as session:
        query = select(AuditEntry).where(AuditEntry.action == "staff.role_changed")
        entry = session.scalars(query).one()
    assert entry.actor == f"staff:{id_of('chris')}"
    assert entry.subject == f"staff:{id_of('amira')}"
    assert (entry.detail, entry.address) == ("admin", "testclient")


@pytest.mark.parametrize("staff_id", ["0", "999", "x", "9" * 30])
def test_an_unknown_member_is_a_kind_page(chris: Browser, staff_id: str) -> None:
    assert chris.get(f"/staff/team/{staff_id}").status_code == 404
