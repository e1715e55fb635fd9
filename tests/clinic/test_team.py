"""The team: roles, accounts that are closed, and that somebody can always look after them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from clinic import invitations, passwords, presence, second_factor, staff_sessions, team
from clinic.leads import LeadRequest, save_lead
from clinic.roles import Role
from clinic.tables import Staff
from clinic.team import LastAdmin
from tests.clinic.accounts import CHEAP, deeds, details, member


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


@pytest.fixture
def chris(session: Session) -> Staff:
    return member(session, "chris", Role.ADMIN)


@pytest.fixture
def ben(session: Session) -> Staff:
    return member(session, "ben")


def test_a_role_is_changed_and_the_audit_log_says_to_which(
    session: Session, chris: Staff, ben: Staff
) -> None:
    team.change_role(session, ben, Role.CLINICIAN, by=chris.id)
    team.change_role(session, ben, Role.CLINICIAN, by=chris.id)

    assert ben.role == "clinician"
    assert details(session, "staff.role_changed") == ["clinician"]


def test_the_only_admin_stays_admin_and_active(session: Session, chris: Staff, ben: Staff) -> None:
    with pytest.raises(LastAdmin, match="only admin"):
        team.change_role(session, chris, Role.STAFF)
    with pytest.raises(LastAdmin, match="only admin"):
        team.deactivate(session, chris)

    assert (chris.role, chris.deactivated_at) == ("admin", None)


def test_an_admin_whose_account_is_closed_does_not_count(
    session: Session, chris: Staff, ben: Staff
) -> None:
    team.change_role(session, ben, Role.ADMIN)
    team.deactivate(session, ben)

    with pytest.raises(LastAdmin):
        team.deactivate(session, chris)


def test_a_closed_account_is_signed_out_at_once_and_is_no_longer_here(
    session: Session, chris: Staff, ben: Staff
) -> None:
    token, _ = staff_sessions.open_session(session, ben)
    presence.come(session, ben)

    team.deactivate(session, ben, by=chris.id)

    assert staff_sessions.session_for(session, token) is None
    assert not ben.is_here
    assert ben not in [one for one in team.everybody(session) if one.deactivated_at is None]
    assert not presence.has_a_page_open(ben), "a colleague can take over their chats at once"
    assert "staff.deactivated" in deeds(session)


def test_leads_of_a_closed_account_stay_assigned(
    session: Session, chris: Staff, ben: Staff
) -> None:
    lead = save_lead(session, LeadRequest(conversation_id="one", name="Zoë"))
    lead.assignee_id = ben.id

    team.deactivate(session, ben)

    session.expire_all()
    assert lead.assignee is ben


def test_an_account_that_is_opened_again_has_a_new_password_and_no_old_session(
    session: Session, chris: Staff, ben: Staff
) -> None:
    before = ben.password_hash
    team.deactivate(session, ben)
    # Somebody whose sign-in was on its way while the account was closed.
    token, _ = staff_sessions.open_session(session, ben)

    password = team.reactivate(session, ben, by=chris.id)

    assert staff_sessions.session_for(session, token) is None
    assert ben.password_hash != before
    assert passwords.compare(ben.password_hash, password).is_right
    assert ben.must_change_password


def test_taking_a_second_factor_away_signs_out_and_forgets_everything_about_it(
    session: Session, chris: Staff, ben: Staff
) -> None:
    second_factor.begin(session, ben)
    ben.totp_confirmed_at = ben.created_at
    ben.recovery_codes = ["x"]
    token, _ = staff_sessions.open_session(session, ben)

    team.take_away_second_factor(session, ben, by=chris.id)

    assert not second_factor.is_on(ben)
    assert not ben.recovery_codes
    assert staff_sessions.session_for(session, token) is None
    assert deeds(session)[-1] == "staff.second_factor_turned_off"


@pytest.mark.parametrize(
    "leave", [team.deactivate, lambda s, m: team.change_role(s, m, Role.STAFF)]
)
def test_who_may_not_invite_any_more_leaves_no_open_invitation(
    session: Session, chris: Staff, leave: object
) -> None:
    dora = member(session, "dora", Role.ADMIN)
    invitations.invite(session, "eve", Role.ADMIN, by=dora.id)
    invitations.invite(session, "finn", Role.STAFF, by=chris.id)
    assert callable(leave)

    leave(session, dora)

    assert [one.username for one in invitations.open_ones(session)] == ["finn"]
