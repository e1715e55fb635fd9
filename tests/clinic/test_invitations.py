"""Invitations: good once, for three days, unless they are withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from clinic import clock, invitations, passwords, staff
from clinic.invitations import NoInvitation
from clinic.roles import Role
from clinic.staff import StaffError
from clinic.tables import Invitation
from tests.clinic.accounts import CHEAP, deeds, member


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


def test_who_was_invited_gets_an_account_with_the_role_that_was_given(session: Session) -> None:
    token = invitations.invite(session, "Dora", Role.CLINICIAN)

    dora = invitations.accept(session, token, "a hash")

    assert (dora.username, dora.role, dora.must_change_password) == ("dora", "clinician", False)
    assert deeds(session) == ["invitation.sent", "staff.joined"]


def test_the_token_is_kept_nowhere(session: Session) -> None:
    token = invitations.invite(session, "dora", Role.STAFF)

    (kept,) = invitations.open_ones(session)
    values = [str(getattr(kept, column.key)) for column in inspect(Invitation).columns]
    assert token not in " ".join(values)


def test_an_invitation_is_good_once(session: Session) -> None:
    token = invitations.invite(session, "dora", Role.STAFF)
    invitations.accept(session, token, "a hash")

    with pytest.raises(NoInvitation):
        invitations.accept(session, token, "a hash")


def test_an_invitation_is_over_after_three_days(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = invitations.invite(session, "dora", Role.STAFF)

    monkeypatch.setattr(invitations, "now", lambda: clock.now() + timedelta(hours=71))
    assert invitations.find(session, token).username == "dora"
    monkeypatch.setattr(invitations, "now", lambda: clock.now() + timedelta(hours=73))
    with pytest.raises(NoInvitation):
        invitations.accept(session, token, "a hash")
    assert invitations.open_ones(session) == []


def test_a_withdrawn_invitation_is_worthless(session: Session) -> None:
    token = invitations.invite(session, "dora", Role.STAFF)
    (invitation,) = invitations.open_ones(session)

    assert invitations.withdraw(session, invitation.token_hash, by=None)
    assert not invitations.withdraw(session, invitation.token_hash, by=None)

    with pytest.raises(NoInvitation):
        invitations.find(session, token)


def test_a_second_invitation_for_one_name_withdraws_the_first(session: Session) -> None:
    first = invitations.invite(session, "dora", Role.ADMIN)
    second = invitations.invite(session, "dora", Role.STAFF)

    with pytest.raises(NoInvitation):
        invitations.find(session, first)
    assert invitations.find(session, second).role == "staff"


def test_nobody_is_invited_under_a_name_that_is_taken(session: Session) -> None:
    member(session, "dora")

    with pytest.raises(StaffError, match="already"):
        invitations.invite(session, "Dora", Role.STAFF)


def test_an_account_made_in_the_meantime_is_never_taken_over(session: Session) -> None:
    token = invitations.invite(session, "dora", Role.ADMIN)
    staff.create_staff(session, "dora")

    with pytest.raises(StaffError, match="already"):
        invitations.accept(session, token, "a hash")


@pytest.mark.parametrize("token", ["", "x", "é\x00", "a" * 10_000])
def test_a_token_nobody_sent_opens_nothing(session: Session, token: str) -> None:
    invitations.invite(session, "dora", Role.STAFF)

    with pytest.raises(NoInvitation):
        invitations.find(session, token)
