"""One's own notice channels: where one member of staff wants to be told, and of what."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from clinic.database import transaction
from clinic.roles import Role
from clinic.tables import StaffSession
from web.console import channels
from web.console.access import signed_in
from web.console.channels import Draft
from web.console.pages import page

PREFIX = "/account/notices"
router = APIRouter(prefix=PREFIX)


@router.get("")
def own_notices_page(request: Request) -> Response:
    with transaction() as session:
        return _page(session, request, signed_in(session, request), Draft())


def _page(session: Session, request: Request, visit: StaffSession, draft: Draft) -> Response:
    return page(
        request,
        "own_notices.html",
        visit=visit,
        status=422 if draft.problem else 200,
        channels=channels.shown(session, visit.staff_id),
        base=f"/staff{PREFIX}",
        draft=draft,
        **channels.words_for_page(),
    )


router.include_router(
    channels.channel_routes(PREFIX, Role.STAFF, lambda visit: visit.staff_id, _page)
)
