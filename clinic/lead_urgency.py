"""How urgent a lead is, which only rises, and until when somebody should have called."""

from __future__ import annotations

from datetime import datetime

from clinic import due
from clinic.clock import now
from clinic.questionnaires import rules
from clinic.screening.hand_written import UnusableFileError
from clinic.tables import Lead

CALLBACK_URGENCY = 2
"""Where a plain callback request stands among screened leads (4 is the most urgent)."""


def due_for(
    outcome: str | None, *, wants_callback: bool, urgency: int, since: datetime
) -> datetime | None:
    """The earliest time by the triage outcome, by the wish for a call, and by the urgency.

    The urgency counts where it is higher than that of the outcome, as it is after words of
    crisis: the lead is then due when the outcomes of that urgency are.
    """
    codes = {outcome} | ({None} if wants_callback else set())
    try:
        known = rules().outcomes
        own = next((one.urgency for one in known if one.code == outcome), CALLBACK_URGENCY)
        if urgency > own:
            codes |= {one.code for one in known if one.urgency == urgency}
        return earliest(*(due.due_at(code, since) for code in codes))
    except UnusableFileError:
        # Somebody is editing the table: the lead is kept all the same.
        return None


def raise_to(lead: Lead, urgency: int) -> None:
    """The lead moves up, if it is not that urgent already."""
    if urgency <= lead.urgency:
        return
    lead.urgency = urgency
    lead.due_at = earliest(lead.due_at, _due(lead, now()))


def come_in_again(lead: Lead, urgency: int) -> None:
    """The visitor sent more. Who still waits is never due later than before."""
    lead.urgency = max(lead.urgency, urgency)
    before = lead.due_at if lead.status == "new" else None
    lead.due_at = earliest(before, _due(lead, now()))


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of them; None, which is never, if there is none."""
    return min((moment for moment in moments if moment is not None), default=None)


def _due(lead: Lead, since: datetime) -> datetime | None:
    return due_for(
        lead.outcome, wants_callback=lead.wants_callback, urgency=lead.urgency, since=since
    )
