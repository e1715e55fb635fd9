"""Take one lead out as a file, for another system. Written down before the file leaves."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from clinic import lead_export
from clinic.database import transaction
from clinic.roles import Role
from clinic.tables import Lead
from web.console.access import signed_in
from web.console.lead import LeadId, find_request
from web.console.pages import NOT_KEPT

router = APIRouter(prefix="/leads/{lead_id}")

# Without it, spreadsheets take the letters of UTF-8 for others: "Zoë" would become "ZoÃ«".
BYTE_ORDER_MARK = "\ufeff"


@router.get("/export.fhir.json")
def fhir(request: Request, lead_id: LeadId) -> Response:
    return _file(request, lead_id, "fhir.json", "application/fhir+json", lead_export.as_one_bundle)


@router.get("/export.csv")
def spreadsheet(request: Request, lead_id: LeadId) -> Response:
    return _file(
        request,
        lead_id,
        "csv",
        "text/csv",
        lambda lead: BYTE_ORDER_MARK + lead_export.as_csv([lead]),
    )


@router.get("/export.jsonl")
def json_line(request: Request, lead_id: LeadId) -> Response:
    return _file(
        request,
        lead_id,
        "jsonl",
        "application/x-ndjson",
        lambda lead: lead_export.as_jsonl([lead]),
    )


def _file(
    request: Request, lead_id: str, ending: str, media_type: str, write: Callable[[Lead], str]
) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.CLINICIAN)
        lead = find_request(session, lead_id)
        text = write(lead)
        lead_export.record(session, [lead], actor=f"staff:{visit.staff_id}")
    # No name in the name of the file: it shows in lists of downloads.
    name = f"lead-{lead_id[:8]}.{ending}"
    return Response(
        text,
        media_type=media_type,
        headers={**NOT_KEPT, "Content-Disposition": f'attachment; filename="{name}"'},
    )
