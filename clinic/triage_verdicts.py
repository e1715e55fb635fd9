"""What a clinician thinks of a triage: right, too high or too low. It feeds the numbers."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic import audit
from clinic.tables import Lead

VERDICTS = {"right": "Right", "too_high": "Too high", "too_low": "Too low"}


class UnknownVerdict(Exception):
    """A verdict that there is not, or on a lead without a triage."""


def judge(session: Session, lead: Lead, verdict: str | None, *, staff_id: int) -> None:
    """Keep the verdict; None takes an earlier one back."""
    if lead.triage is None or verdict not in (None, *VERDICTS):
        raise UnknownVerdict
    if verdict == lead.triage_verdict:
        return
    lead.triage_verdict = verdict
    audit.record(
        session,
        actor=f"staff:{staff_id}",
        action="lead.judged" if verdict else "lead.unjudged",
        subject=f"lead:{lead.id}",
        detail=verdict,
    )
