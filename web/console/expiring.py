"""Open requests that will be erased by themselves soon, unless somebody takes care of them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from clinic import audit, retention
from clinic.database import transaction
from web.console.access import signed_in
from web.console.pages import page

router = APIRouter(prefix="/expiring")


@router.get("")
def expiring(request: Request) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        audit.record(
            session,
            actor=f"staff:{visit.staff_id}",
            action="leads.listed",
            subject="leads:expiring",
        )
        kept = retention.kept_for()
        leads = retention.warned_of(session) if kept else []
        return page(
            request,
            "expiring.html",
            visit=visit,
            leads=[(lead, retention.end_of(session, lead)) for lead in leads],
            days=kept.days if kept else None,
        )
