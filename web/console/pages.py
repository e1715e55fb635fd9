"""Turn a template into an answer that no browser and no proxy keeps."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from clinic import second_factor
from clinic.tables import StaffSession
from web.console import deeds, labels, times, transcripts
from web.console.places import places

NOT_KEPT = {"Cache-Control": "no-store"}
TEMPLATES = Path(__file__).parent / "templates"


@lru_cache
def templates() -> Environment:
    """Escapes everything: names, answers and transcripts are whatever visitors typed."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["places"] = places
    environment.filters.update(
        ago=times.ago,
        how_long=times.how_long,
        exact=times.exact,
        machine=times.machine,
        day=times.day,
        clock=times.clock,
        stamp=times.stamp,
        deed=deeds.deed,
        actor=deeds.actor,
        due=times.due,
        urgency=labels.urgency,
        outcome=labels.outcome,
        status=labels.status,
        category=labels.category,
        role=labels.role,
        may_do=labels.may_do,
        colleague=labels.colleague,
        spaced=labels.spaced,
        dialled=labels.dialled,
        mailto=labels.mailto,
        visitor_was_just_here=transcripts.visitor_was_just_here,
    )
    return environment


def is_in(visit: StaffSession | None) -> bool:
    """Whether the whole console is open, not only the page for a first password or a first code."""
    if visit is None or visit.staff.must_change_password:
        return False
    return not second_factor.is_missing(visit.staff)


def page(
    request: Request,
    template: str,
    *,
    visit: StaffSession | None,
    status: int = 200,
    **words: Any,
) -> HTMLResponse:
    """One page; `visit` is empty on pages for people who are not signed in."""
    html = (
        templates()
        .get_template(template)
        .render(
            visit=visit,
            is_in=is_in(visit),
            here=request.url.path,
            done=DONE.get(request.query_params.get("done", "")),
            **words,
        )
    )
    return HTMLResponse(html, status_code=status, headers=NOT_KEPT)


DONE = {
    "password": "Your password has been changed.",
    "session": "This browser has been signed out.",
    "sessions": "All other browsers have been signed out.",
    "second-factor-off": "Your second factor has been turned off.",
    "withdrawn": "The invitation has been withdrawn. Its link is worthless now.",
    "role": "The role has been changed.",
    "deactivated": "The account has been closed, and its browsers have been signed out.",
    "second-factor-taken": "The second factor has been taken away. Its codes are worthless now.",
    "signed-out": "Every browser of this person has been signed out.",
    "view_saved": "The view has been kept. You find it under Views.",
    "view_deleted": "The view has been deleted.",
    "status": "The status has been changed.",
    "note": "Your note has been added.",
    "here": "You are here for chats. Keep a page of the console open.",
    "away": "You take no more chats.",
    "handed_back": "The chat is back with the assistant.",
    "call": "Your call has been written down.",
    "assigned": "The lead has been assigned.",
    "unassigned": "The lead has been put back: nobody has it now.",
    "verdict": "Your verdict has been kept.",
    "merged": "The two are one lead now. It shows both requests.",
    "is_merged": "This lead was merged into this one.",
    "parted": "They are two leads again.",
    "is_parted": "They were parted already.",
    "channel": "Added. Send a test to see whether it arrives.",
    "channel_wishes": "Saved. From now on it gets what you have chosen.",
    "channel_removed": "Removed. Nothing goes there any more.",
    "channel_test": "The test was taken. Please look whether it has arrived.",
    "taught": "Kept. It is learnt with the next training.",
    "untaught": "Undone. They wait for a decision again.",
    "faster": "A colleague was faster: they had decided already. Nothing was changed.",
    "notices_retried": "They are sent again within seconds.",
    "erased": "This person has been erased. The assistant forgets them within minutes.",
    "erased_conversation": "The conversation has been erased. The assistant forgets it soon.",
    "audit_whole": "The log was looked through, and it is whole.",
}
"""What a page says after a form was taken, by the name in its address."""


def go_to(address: str) -> Response:
    """Send the browser to another page, so that reloading never sends a form twice."""
    return RedirectResponse(address, status_code=303, headers=NOT_KEPT)
