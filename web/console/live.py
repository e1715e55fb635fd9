"""Who waits for a person, who writes with one, and whether oneself is here for chats."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from clinic import audit, handoff_overview, presence
from clinic.database import reading, transaction
from clinic.settings import settings
from web.console.access import CsrfField, refuse_forged, signed_in
from web.console.pages import NOT_KEPT, go_to, page

router = APIRouter(prefix="/live")


@router.get("")
def live_list(request: Request, part: str = "") -> Response:
    """The whole page; or its lists alone, which the page asks for when something has changed."""
    with transaction() as session:
        visit = signed_in(session, request, by_hand=not part)
        presence.seen(session, visit.staff)
        record = audit.record_look if part else audit.record
        whose = f"staff:{visit.staff_id}"
        record(session, actor=whose, action="handoffs.listed", subject="handoffs:all")
        return page(
            request,
            "live_lists.html" if part else "live.html",
            visit=visit,
            is_here=presence.is_here(visit.staff),
            colleagues=[one for one in presence.who_is_here(session) if one is not visit.staff],
            waiting=handoff_overview.waiting(session),
            live=handoff_overview.live(session, visit.staff_id),
            missed=handoff_overview.missed(session),
            over=handoff_overview.over(session),
            patience=_patience(),
        )


def _patience() -> str:
    seconds = settings().handoff_patience_seconds
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


@router.get("/waiting")
def how_many_wait(request: Request) -> Response:
    """The numbers beside the menu's “Live”, on every page."""
    with reading() as session:
        visit = signed_in(session, request, by_hand=False)
        waiting, unanswered = handoff_overview.how_many_need(session, visit.staff_id)
    return JSONResponse({"waiting": waiting, "unanswered": unanswered}, headers=NOT_KEPT)


@router.post("/here")
def switch(request: Request, csrf: CsrfField = "", here: Annotated[str, Form()] = "") -> Response:
    """Take chats from now on, or take no more."""
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        if here == "yes":
            presence.come(session, visit.staff)
        else:
            presence.go(session, visit.staff)
    return go_to(f"/staff/live?done={'here' if here == 'yes' else 'away'}")
