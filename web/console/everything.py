"""All that is held on one person, as a file for that person. Written down before it leaves."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from clinic import everything
from clinic.database import transaction
from clinic.roles import Role
from web.console.access import NotThere, signed_in
from web.console.lead import LeadId, find_lead
from web.console.pages import NOT_KEPT

router = APIRouter(prefix="/leads/{lead_id}")


@router.get("/everything.zip")
def everything_file(request: Request, lead_id: LeadId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        lead = find_lead(session, lead_id)
        if lead.erased_at is not None:
            raise NotThere
        file = everything.as_zip(session, lead)
        everything.record(session, lead, actor=f"staff:{visit.staff_id}")
    name = f"everything-{lead.id[:8]}.zip"
    return Response(
        file,
        media_type="application/zip",
        headers={**NOT_KEPT, "Content-Disposition": f'attachment; filename="{name}"'},
    )
