"""The audit log as a spreadsheet, with the filters of the page. Taking it out is an entry, too."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from clinic import audit, audit_log
from clinic.audit_log import Filters
from clinic.database import reading, transaction
from clinic.roles import Role
from web.console.access import signed_in
from web.console.audit import AskedFor, wanted
from web.console.pages import NOT_KEPT

router = APIRouter(prefix="/audit")


@router.get("/export.csv")
def spreadsheet(request: Request, asked: AskedFor) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        audit.record(
            session, actor=f"staff:{visit.staff_id}", action="audit.exported", subject="audit"
        )
    return StreamingResponse(
        _lines(wanted(asked)),
        media_type="text/csv; charset=utf-8",
        headers={**NOT_KEPT, "Content-Disposition": 'attachment; filename="audit.csv"'},
    )


def _lines(filters: Filters) -> Iterator[str]:
    """Read while it is sent: the log may be longer than the memory."""
    with reading() as session:
        yield from audit_log.as_csv(audit_log.oldest_first(session, filters))
