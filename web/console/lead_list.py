"""The first page of the console: who needs a call first."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from clinic import inbox
from clinic.database import transaction
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
        )
