"""The audit log, for admins: who saw or did what, when and from where, and whether it is whole."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from clinic import audit, audit_check, audit_log, team
from clinic.audit_log import Filters
from clinic.database import reading, transaction
from clinic.roles import Role
from clinic.tables import StaffSession
from web.console.access import CsrfField, refuse_forged, signed_in
from web.console.audit_filters import Asked, deeds_to_choose
from web.console.audit_rows import rows
from web.console.pages import go_to, page

router = APIRouter(prefix="/audit")

ON_A_PAGE = 50
LOOKED_AT = 100_000
"""More takes longer than a person waits for a page; `audit verify` looks at all."""

AskedFor = Annotated[Asked, Query()]


@router.get("")
def audit_page(request: Request, asked: AskedFor) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        filters, problem = asked.filters()
        found = audit_log.newest(session, filters, before=asked.before, most=ON_A_PAGE + 1)
        entries, more = found[:ON_A_PAGE], len(found) > ON_A_PAGE
        last_check = audit_log.last_check(session)
        everybody = team.everybody(session)
        names = {f"staff:{member.id}": member.username for member in everybody}
        shown = rows(session, entries, names)
        # Last: this very look has no seal before the commit, and stands on the next page.
        _record(session, visit, "audit.viewed")
        return page(
            request,
            "audit.html",
            visit=visit,
            status=422 if problem else 200,
            problem=problem,
            asked=asked,
            rows=shown,
            older=_address(asked, before=entries[-1].id) if more else "",
            newest=_address(asked) if asked.before else "",
            file=_address(asked, path="/staff/audit/export.csv"),
            last_check=last_check,
            checked_by=names.get(last_check.actor, "the system") if last_check else "",
            everybody=everybody,
            deeds=deeds_to_choose(audit_log.deeds(session)),
            looked_at=LOOKED_AT,
        )


@router.post("/check")
def look_through(request: Request, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        refuse_forged(visit.csrf_token, csrf)
    with reading() as session:
        found = audit_check.check(session, newest=LOOKED_AT)
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        audit.record_check(session, found, actor=f"staff:{visit.staff_id}")
        if found.is_whole:
            return go_to("/staff/audit?done=audit_whole")
        return page(request, "audit_broken.html", visit=visit, found=found)


def _address(asked: Asked, *, path: str = "/staff/audit", before: int | None = None) -> str:
    query = asked.chosen() | ({"before": str(before)} if before else {})
    return f"{path}?{urlencode(query)}" if query else path


def _record(session: Session, visit: StaffSession, action: str) -> None:
    audit.record(session, actor=f"staff:{visit.staff_id}", action=action, subject="audit")


def wanted(asked: Asked) -> Filters:
    """What a file holds; filters that mean nothing are left out, as on the page."""
    return asked.filters()[0]
