"""`python -m clinic staff …`: what it does, what it prints, and what it refuses."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import invitations, passwords, second_factor, staff, staff_sessions
from clinic.commands.command_line import main
from clinic.roles import Role
from clinic.tables import AuditEntry, Staff
from tests.clinic.accounts import CHEAP, member, try_to_sign_in

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


@pytest.fixture
def amira(session: Session) -> Staff:
    made = member(session)
    session.commit()
    return made


def run(session: Session, *words: str) -> int:
    """As another process would: what it wrote is then read anew."""
    session.commit()
    ended = main(["staff", *words])
    session.expire_all()
    return ended


def shown_password(capsys: Captured) -> str:
    return capsys.readouterr().out.split("password:")[1].split()[0]


def test_the_first_account_is_an_admin(session: Session, capsys: Captured) -> None:
    run(session, "first")

    account = json.loads(capsys.readouterr().out)
    assert staff.named(session, account["username"]).role == "admin"


def test_create_makes_an_account_with_a_role(session: Session, capsys: Captured) -> None:
    assert run(session, "create", "Dora", "--role", "clinician") == 0

    assert try_to_sign_in(session, shown_password(capsys), username="dora").role == "clinician"


def test_invite_shows_a_link_that_works(session: Session, capsys: Captured) -> None:
    assert run(session, "invite", "dora", "--role", "admin") == 0

    token = re.search(r"/staff/join#(\S+)", capsys.readouterr().out)
    assert token
    assert invitations.find(session, token[1]).role == "admin"


def test_list_says_who_is_who_and_who_is_invited(
    session: Session, amira: Staff, capsys: Captured
) -> None:
    staff_sessions.open_session(session, amira)
    invitations.invite(session, "dora", Role.STAFF)
    session.commit()

    run(session, "list")

    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["amira", "staff", "off", "1", "active"]
    assert lines[2].split()[:2] == ["dora", "staff"]
    assert "invited" in lines[2]


def test_role_changes_it(session: Session, amira: Staff) -> None:
    assert run(session, "role", "amira", "admin") == 0

    assert amira.role == "admin"


def test_reset_gives_a_new_one_time_password(
    session: Session, amira: Staff, capsys: Captured
) -> None:
    assert run(session, "reset", "amira") == 0

    assert try_to_sign_in(session, shown_password(capsys)).must_change_password


def test_second_factor_off_is_for_a_lost_phone(session: Session, amira: Staff) -> None:
    second_factor.begin(session, amira)
    amira.totp_confirmed_at = amira.created_at
    session.commit()

    assert run(session, "second-factor", "off", "amira") == 0

    assert not second_factor.is_on(amira)


def test_an_account_is_closed_and_opened_again(
    session: Session, amira: Staff, capsys: Captured
) -> None:
    assert run(session, "deactivate", "amira") == 0
    assert amira.deactivated_at is not None
    capsys.readouterr()

    assert run(session, "reactivate", "amira") == 0

    assert amira.deactivated_at is None
    assert try_to_sign_in(session, shown_password(capsys)) is amira


def test_sessions_end_signs_every_browser_out(
    session: Session, amira: Staff, capsys: Captured
) -> None:
    token, _ = staff_sessions.open_session(session, amira)
    session.commit()

    assert run(session, "sessions", "end", "amira") == 0

    assert "1 browser was" in capsys.readouterr().out
    assert staff_sessions.session_for(session, token) is None


def test_the_only_admin_stays_even_on_the_command_line(session: Session, capsys: Captured) -> None:
    member(session, "chris", Role.ADMIN)
    session.commit()

    assert run(session, "deactivate", "chris") == 1

    said = capsys.readouterr()
    assert "only admin" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("role", "nobody", "admin"),
        ("deactivate", "nobody"),
        ("reactivate", "nobody"),
        ("second-factor", "off", "nobody"),
        ("sessions", "end", "nobody"),
    ],
)
def test_a_name_nobody_has_is_one_line(
    session: Session, words: tuple[str, ...], capsys: Captured
) -> None:
    assert run(session, *words) == 1
    assert capsys.readouterr().err == "There is no account called nobody.\n"


def test_what_is_done_here_is_done_by_the_system(session: Session, amira: Staff) -> None:
    run(session, "role", "amira", "clinician")

    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "staff.role_changed")
    ).one()
    assert (entry.actor, entry.detail) == ("system", "clinician")


@pytest.mark.parametrize("words", [(), ("create",), ("second-factor",), ("role",)])
def test_help_explains_every_command(words: tuple[str, ...], capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["staff", *words, "--help"])

    assert "usage: python -m clinic staff" in capsys.readouterr().out
