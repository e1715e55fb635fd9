"""The first page of the console: who needs a call first, and what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from clinic import audit, inbox, inbox_filters, inbox_pages, retention, saved_views
from clinic.clock import now
from clinic.database import transaction
from clinic.facts import facts
from clinic.help_lines import CHECKED_FOR_DAYS, help_lines, outdated
from clinic.inbox_filters import Filters
from clinic.screening.states import STATES
from clinic.tables import Lead, StaffSession
from web.console import inbox_choices
from web.console.access import signed_in
from web.console.inbox_choices import Names, address
from web.console.pages import page

router = APIRouter()

ASKED_BY_THE_PAGE = "x-asked-by-the-page"
"""A header of static/inbox.js: nobody has clicked, an open page looks for what is new."""


PROBLEMS = {
    "view_name": f"Please give the view a name of at most {saved_views.LONGEST_NAME} letters.",
    "view_many": f"You have {saved_views.MOST} views already. Please delete one first.",
}


@dataclass(frozen=True)
class Row:
    """One line of a list of leads."""

    lead: Lead
    assignee: str
    chat: str
    """"waiting" or "live", while the visitor and the clinic write to each other."""

    @property
    def due(self) -> bool:
        """Whether somebody still has to get in touch by a certain time."""
        return self.lead.status == "new" and self.lead.due_at is not None

    @property
    def state(self) -> str:
        """The whole name of the two letters."""
        return STATES.get(self.lead.state or "", "")

    @property
    def is_late(self) -> bool:
        return self.due and self.lead.due_at is not None and self.lead.due_at < now()


@router.get("/leads")
def lead_list(request: Request, after: str = "") -> Response:
    filters = inbox_filters.read(request.query_params)
    with transaction() as session:
        by_hand = ASKED_BY_THE_PAGE not in request.headers
        visit = signed_in(session, request, by_hand=by_hand)
        record = audit.record if by_hand else audit.record_look
        whose = f"staff:{visit.staff_id}"
        record(session, actor=whose, action="leads.listed", subject="leads:all")
        return page(
            request,
            "leads.html",
            visit=visit,
            problem=PROBLEMS.get(request.query_params.get("problem", "")),
            **_shown(session, visit, filters, after),
        )


def rows(session: Session, leads: Sequence[Lead], known: Names) -> list[Row]:
    chats = inbox.open_chats(session, leads)
    return [
        Row(
            lead,
            assignee=known.get(lead.assignee_id, "") if lead.assignee_id else "",
            chat=chats.get(lead.conversation_id, ""),
        )
        for lead in leads
    ]


def _shown(session: Session, visit: StaffSession, filters: Filters, after: str) -> dict[str, Any]:
    begin = inbox_pages.read_place(after)
    listed = inbox_pages.page(session, filters, staff_id=visit.staff_id, after=begin)
    known = inbox_choices.names(session)
    return {
        "alarms": inbox.alarms(session),
        "number_of_alarms": inbox.how_many_alarms(session),
        "rows": rows(session, listed.leads, known),
        "filters": filters,
        "tabs": {tab: address(filters.but(status=tab)) for tab in inbox_filters.TABS},
        "query": urlencode(filters.in_address()),
        "chips": inbox_choices.chips(filters, known),
        "choices": inbox_choices.choices(session, known, filters),
        "is_first": begin is None,
        "next": address(filters, after=str(listed.after)) if listed.after else "",
        "numbers": inbox_pages.numbers(session),
        "views": [
            (view, address(saved_views.filters_of(view)))
            for view in saved_views.of(session, visit.staff_id)
        ],
        "first": address(filters),
        "all_late": address(Filters(late="1")),
        "by_due": address(filters.but(sort="due")),
        "by_urgency": address(filters.but(sort="urgency")),
        "expiring": retention.how_many_warned_of(session),
        "old_help_lines": _old_help_lines(),
        "days": CHECKED_FOR_DAYS,
    }


def _old_help_lines() -> int:
    """How many of the clinic's own help lines nobody has checked for long."""
    lines = help_lines(facts().country)
    return len(outdated(lines, now().astimezone(facts().zone).date()))
