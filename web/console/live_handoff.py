"""One live chat: what was said, who has it, and what the one who has it can do."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from clinic import crisis_hints, handoff_endings, handoffs, live_chat, presence
from clinic.canned_replies import canned_replies
from clinic.database import transaction
from clinic.handoff_overview import look, overview
from clinic.tables import Handoff, StaffSession, new_id
from web.console.access import CsrfField, NotThere, refuse_forged, signed_in
from web.console.pages import NOT_KEPT, go_to, page
from web.console.transcripts import transcript

router = APIRouter(prefix="/live/{handoff_id}")

HandoffId = Annotated[int, Path(ge=1, le=2**31 - 1)]
KEY = r"^[A-Za-z0-9-]{8,50}$"
LONGEST_NOTE = 4000

SLOWER = "{who} was faster and has this chat. You can read along."
OVER = "This chat has ended. The visitor has not seen your words; they are below."
NOT_YOURS = "Nothing was sent: {who} writes in this chat. Your words are below."


@router.get("")
def chat_page(request: Request, handoff_id: HandoffId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        handoff = _find(session, handoff_id)
        presence.seen(session, visit.staff)
        look(session, handoff, staff_id=visit.staff_id)
        return _page(session, request, visit, handoff)


@router.post("/take")
def take(request: Request, handoff_id: HandoffId, csrf: CsrfField = "") -> Response:
    """Be the one who comes; or take it over from somebody whose console is closed."""
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        handoff = _find(session, handoff_id)
        presence.seen(session, visit.staff)
        taken = handoffs.take(session, handoff_id, visit.staff_id) or handoffs.relieve(
            session, handoff_id, visit.staff_id
        )
        session.refresh(handoff)
        if not taken and handoff.ended_at is None and handoff.staff_id != visit.staff_id:
            problem = SLOWER.format(who=_holder(handoff))
            return _page(session, request, visit, handoff, status=409, problem=problem)
    return go_to(f"/staff/live/{handoff_id}")


@router.post("/messages")
def send(
    request: Request,
    handoff_id: HandoffId,
    csrf: CsrfField = "",
    text: Annotated[str, Form()] = "",
    key: Annotated[str, Form(pattern=KEY)] = "",
) -> Response:
    """Write to the visitor. What is refused comes back with the page, as a draft."""
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        handoff = _find(session, handoff_id)
        presence.seen(session, visit.staff)
        text, problem = text.strip(), _problem_with(text)
        if not problem:
            problem = _say(session, handoff, visit.staff_id, key or new_id(), text)
        if problem:
            status = 422 if handoff.ended_at is None else 409
            return _page(
                session, request, visit, handoff, status=status, problem=problem, draft=text
            )
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"sent": True}, headers=NOT_KEPT)
    return go_to(f"/staff/live/{handoff_id}#newest")


@router.post("/typing")
def typing(request: Request, handoff_id: HandoffId, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        live_chat.staff_type(session, handoff_id, visit.staff_id)
    return Response(status_code=204, headers=NOT_KEPT)


@router.post("/hand-back")
def hand_back(
    request: Request,
    handoff_id: HandoffId,
    csrf: CsrfField = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """The bot goes on; the note is for staff only."""
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        handoff = _find(session, handoff_id)
        problem = _give_back(session, handoff, visit.staff_id, note.strip())
        if problem:
            status = 422 if handoff.ended_at is None else 409
            return _page(
                session, request, visit, handoff, status=status, note_problem=problem, note=note
            )
    return go_to("/staff/live?done=handed_back")


def _find(session: Session, handoff_id: int) -> Handoff:
    handoff_endings.end_overdue(session)
    handoff = session.get(Handoff, handoff_id, populate_existing=True)
    if handoff is None:
        raise NotThere
    return handoff


def _problem_with(text: str) -> str:
    if not text.strip():
        return "Please write something first."
    if len(text.strip()) > live_chat.LONGEST_MESSAGE:
        return (
            f"Please keep a message under {live_chat.LONGEST_MESSAGE:,} characters; "
            f"this one has {len(text.strip()):,}."
        )
    return ""


def _say(session: Session, handoff: Handoff, staff_id: int, key: str, text: str) -> str:
    """Write it down, or say why not."""
    try:
        live_chat.say(session, handoff.id, staff_id, key=key, text=text)
    except live_chat.HasEnded:
        return OVER
    except live_chat.NotYours:
        return NOT_YOURS.format(who=_holder(handoff))
    return ""


def _give_back(session: Session, handoff: Handoff, staff_id: int, note: str) -> str:
    """End it, or say why not."""
    if len(note) > LONGEST_NOTE:
        return f"Please keep the note under {LONGEST_NOTE:,} characters."
    if handoff_endings.give_back(session, handoff.id, staff_id, note or None):
        return ""
    session.refresh(handoff)
    if handoff.ended_at is not None:
        return "This chat had ended already. Your note was not kept; it is below."
    return f"{_holder(handoff)} has this chat, so you cannot hand it back."


def _holder(handoff: Handoff) -> str:
    return handoff.staff.username if handoff.staff else "nobody"


def _page(
    session: Session,
    request: Request,
    visit: StaffSession,
    handoff: Handoff,
    *,
    status: int = 200,
    problem: str = "",
    draft: str = "",
    note_problem: str = "",
    note: str = "",
) -> Response:
    bubbles = transcript(session, handoff.conversation_id)
    holder = handoff.staff
    about = overview(session, handoff)
    return page(
        request,
        "live_handoff.html",
        visit=visit,
        status=status,
        handoff=handoff,
        about=about,
        followed=crisis_hints.what_followed(session, about.hint) if about.hint else "",
        state=handoffs.state_of(handoff) or "ended",
        is_mine=handoff.staff_id == visit.staff_id,
        is_holder_gone=holder is not None and not presence.has_a_page_open(holder),
        bubbles=bubbles,
        newest=bubbles[-1].id if bubbles else 0,
        canned=canned_replies(),
        longest=live_chat.LONGEST_MESSAGE,
        longest_note=LONGEST_NOTE,
        key=new_id(),
        problem=problem,
        draft=draft,
        note_problem=note_problem,
        note=note,
    )
