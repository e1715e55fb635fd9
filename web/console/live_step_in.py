"""Staff come into a running conversation without being asked, from its lead or its alarm."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import handoffs, presence
from clinic.database import transaction
from clinic.tables import CrisisEvent, Lead
from web.console.access import CsrfField, NotThere, refuse_forged, signed_in
from web.console.pages import go_to, page

router = APIRouter(prefix="/live")

TOO_LATE = (
    "The visitor is not there any more",
    "Nobody wrote in this conversation for half an hour, or the visitor did not want anything "
    "kept. Nothing was changed: the assistant answers when they come back.",
)


@router.post("/step-in")
def step_in(
    request: Request,
    csrf: CsrfField = "",
    lead: Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")] = "",
    crisis: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """Named by a lead or a crisis event, never by the conversation's own id."""
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        found = session.get(Lead, lead) if lead else session.get(CrisisEvent, crisis)
        if found is None:
            raise NotThere
        presence.seen(session, visit.staff)
        try:
            handoff = handoffs.step_in(session, found.conversation_id, visit.staff_id)
        except handoffs.NobodyThere:
            title, text = TOO_LATE
            return page(request, "sorry.html", visit=visit, status=409, title=title, text=text)
    return go_to(f"/staff/live/{handoff.id}")
