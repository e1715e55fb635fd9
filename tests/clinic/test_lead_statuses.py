"""A lead moves along with a reason; reasons are the clinic's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from clinic import lead_statuses, leads
from clinic.lead_statuses import ONLY_OTHER, UnknownReason, load_reasons, reason_in_words
from clinic.screening.hand_written import UnusableFileError
from tests.clinic.lead_world import deeds, lead


def test_a_lead_is_closed_with_its_reason(session: Session) -> None:
    found = lead(session)

    leads.set_status(session, found, "closed", reason="cost", staff_id=7)

    assert (found.status, found.status_reason) == ("closed", "cost")
    assert deeds(session, found)[-1] == ("staff:7", "lead.closed", "cost")


def test_going_back_takes_the_reason_away_and_is_written_down(session: Session) -> None:
    found = lead(session)
    leads.set_status(session, found, "booked", reason="first_visit", staff_id=7)

    leads.set_status(session, found, "contacted", staff_id=7)

    assert (found.status, found.status_reason) == ("contacted", None)
    assert deeds(session, found)[-1] == ("staff:7", "lead.contacted", None)


def test_the_first_contact_is_remembered_for_good(session: Session) -> None:
    found = lead(session)
    assert found.contacted_at is None

    leads.set_status(session, found, "contacted", staff_id=7)
    first = found.contacted_at
    leads.set_status(session, found, "new", staff_id=7)
    leads.set_status(session, found, "contacted", staff_id=7)

    assert first is not None
    assert found.contacted_at == first


def test_the_same_status_again_is_no_deed_and_another_reason_is_one(session: Session) -> None:
    found = lead(session)
    leads.set_status(session, found, "closed", reason="cost", staff_id=7)
    before = len(deeds(session, found))

    leads.set_status(session, found, "closed", reason="cost", staff_id=7)
    leads.set_status(session, found, "closed", reason="elsewhere", staff_id=7)

    assert len(deeds(session, found)) == before + 1


@pytest.mark.parametrize(("status", "reason"), [("closed", "first_visit"), ("new", "cost")])
def test_a_reason_of_another_status_is_refused(session: Session, status: str, reason: str) -> None:
    found = lead(session)

    with pytest.raises(UnknownReason):
        leads.set_status(session, found, status, reason=reason, staff_id=7)

    assert found.status == "new"


def test_every_reason_that_the_clinic_is_given_has_words() -> None:
    for status, offered in load_reasons(lead_statuses.FILE).items():
        assert offered
        for code, words in offered.items():
            assert reason_in_words(status, code) == words


def test_a_reason_that_is_no_longer_offered_is_still_shown() -> None:
    assert reason_in_words("closed", "moved_away") == "Moved away"
    assert reason_in_words("new", None) == ""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("booked: {a: A}\nclosd: {b: B}", "Did you mean 'closed'?"),
        ("booked: {a: A}", "'closed' is missing"),
        ("booked: {a: A}\nclosed: {Not a code: B}", "'Not a code' cannot be a code"),
        ("booked: {a: A}\nclosed: {b: no}", "'b' must be text"),
    ],
)
def test_a_mistake_in_the_file_is_told_kindly(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "reasons.yml"
    path.write_text(written, "utf-8")

    with pytest.raises(UnusableFileError, match=told.replace("?", r"\?")):
        load_reasons(path)


def test_while_somebody_edits_the_file_leads_can_still_be_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_statuses, "FILE", tmp_path / "gone.yml")
    lead_statuses.reasons.cache_clear()

    assert lead_statuses.reasons() == ONLY_OTHER

    lead_statuses.reasons.cache_clear()
