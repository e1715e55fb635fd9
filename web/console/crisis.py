"""One alarm: what kind, when, and everything that was said in the conversation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from clinic import crisis_hints, inbox, leads
from clinic.database import transaction
from clinic.facts import facts
from clinic.help_lines import help_lines
from clinic.tables import CrisisEvent
from web.console.access import NotThere, signed_in
from web.console.pages import page
from web.console.transcripts import transcript

router = APIRouter(prefix="/crisis")

CrisisId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/{event_id}")
def crisis_page(request: Request, event_id: CrisisId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        event = session.get(CrisisEvent, event_id)
        if event is None:
            raise NotThere
        events = inbox.look_at_crisis(session, event, staff_id=visit.staff_id)
        return page(
            request,
            "crisis.html",
            visit=visit,
            event=event,
            followed=crisis_hints.what_followed(session, event),
            events=events,
            lead=leads.find_by_conversation(session, event.conversation_id),
            bubbles=transcript(session, event.conversation_id),
            # The emergency number and the crisis line come first in every country.
            numbers=[line.call for line in help_lines(facts().country)[:2] if line.call]
            or ["911", "988"],
        )
