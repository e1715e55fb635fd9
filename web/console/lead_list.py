"""The first page of the console: who needs a call first."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from clinic import inbox
from clinic.clock import now
from clinic.database import transaction
from clinic.facts import facts
from clinic.help_lines import CHECKED_FOR_DAYS, help_lines, outdated
from web.console.access import signed_in
from web.console.pages import page

router = APIRouter()


@router.get("/leads")
def lead_list(request: Request, status: str = "todo") -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        how_many = inbox.how_many(session)
        shown = status if status in how_many else "todo"
        return page(
            request,
            "leads.html",
            visit=visit,
            alarms=inbox.alarms(session),
            leads=inbox.waiting(session, shown),
            shown=shown,
            how_many=how_many,
            old_help_lines=_old_help_lines(),
            days=CHECKED_FOR_DAYS,
        )


def _old_help_lines() -> int:
    """How many of the clinic's own help lines nobody has checked for long."""
    lines = help_lines(facts().country)
    return len(outdated(lines, now().astimezone(facts().zone).date()))
