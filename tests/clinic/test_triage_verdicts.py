"""A clinician says whether the triage was right, and may change their mind."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from clinic.triage_verdicts import UnknownVerdict, judge
from tests.clinic.lead_world import deeds, lead

TRIAGE = {"code": "X", "label": "A clinician looks first", "reasons": []}


def test_a_verdict_is_kept_and_taken_back(session: Session) -> None:
    found = lead(session, triage=TRIAGE, response={"a": 1})

    judge(session, found, "too_high", staff_id=7)
    assert found.triage_verdict == "too_high"
    judge(session, found, None, staff_id=7)

    assert found.triage_verdict is None
    assert deeds(session, found)[1:] == [
        ("staff:7", "lead.judged", "too_high"),
        ("staff:7", "lead.unjudged", None),
    ]


def test_a_new_screening_waits_for_a_new_verdict(session: Session) -> None:
    found = lead(session, triage=TRIAGE, response={"a": 1}, summary=[["a", "b"]])
    judge(session, found, "right", staff_id=7)

    lead(session, triage=TRIAGE, response={"a": 2}, summary=[["a", "c"]])

    assert found.triage_verdict is None


@pytest.mark.parametrize(("triage", "verdict"), [(TRIAGE, "perfect"), (None, "right")])
def test_there_is_no_verdict_without_a_triage_and_no_other_verdict(
    session: Session, triage: dict[str, object] | None, verdict: str
) -> None:
    found = lead(session, triage=triage)

    with pytest.raises(UnknownVerdict):
        judge(session, found, verdict, staff_id=7)
