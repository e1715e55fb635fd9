"""Take a lead, give it to somebody, put it back. Of two who take it, one does and one is told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import lead_assignment
from clinic.database import transaction
from web.console.access import CsrfField, FormRefused
from web.console.lead import LeadId, address_of, lead_in_a_form
from web.console.pages import go_to, page

router = APIRouter(prefix="/leads/{lead_id}")

Who = Annotated[str, Form(pattern=r"^(me|[0-9]{1,9})?$")]
"""The number of a member of staff; "me" for oneself, nothing for nobody."""


@router.post("/assignee")
def assign(
    request: Request, lead_id: LeadId, csrf: CsrfField = "", to: Who = "", was: Who = ""
) -> Response:
    with transaction() as session:
        visit, lead = lead_in_a_form(session, request, lead_id, csrf)
        wanted = visit.staff_id if to == "me" else _number(to)
        try:
            done = lead_assignment.assign(
                session, lead, to=wanted, was=_number(was), staff_id=visit.staff_id
            )
        except lead_assignment.NoColleague:
            raise FormRefused from None
        if not done:
            return page(
                request, "lead_taken.html", visit=visit, status=409, lead=lead, to=wanted or ""
            )
    return go_to(f"{address_of(lead)}?done={'assigned' if to else 'unassigned'}")


def _number(who: str) -> int | None:
    return int(who) if who.isdecimal() else None
