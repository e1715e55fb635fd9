"""Where the link in a notice leads: to the very page, once somebody has signed in.

The link itself names neither, so that nothing of it is told to a mail server or a lit telephone.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from clinic.database import transaction
from clinic.tables import Notice
from web.console.access import NotThere, signed_in
from web.console.pages import go_to

router = APIRouter(prefix="/open")

NoticeId = Annotated[int, Path(ge=1, le=2**31 - 1)]

PAGES = {"lead": "leads", "crisis": "crisis", "handoff": "live"}


@router.get("/{notice_id}")
def open_notice(request: Request, notice_id: NoticeId) -> Response:
    with transaction() as session:
        signed_in(session, request)
        notice = session.get(Notice, notice_id)
        if notice is None:
            raise NotThere
        of_what, _, record = notice.subject.partition(":")
    return go_to(f"/staff/{PAGES[of_what]}/{record}")
