"""Keep the filters of the inbox under a name, and throw them away again."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Path, Request, Response

from clinic import inbox_filters, saved_views
from clinic.database import transaction
from web.console.access import CsrfField, NotThere, refuse_forged, signed_in
from web.console.inbox_choices import INBOX, address
from web.console.pages import go_to

router = APIRouter(prefix="/views")

ViewId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.post("")
def save(
    request: Request,
    csrf: CsrfField = "",
    name: Annotated[str, Form()] = "",
    filters: Annotated[str, Form()] = "",
) -> Response:
    """`filters` is the part of the list's address after the question mark."""
    wanted = inbox_filters.read(dict(parse_qsl(filters)))
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        try:
            saved_views.save(session, wanted, name=name, staff_id=visit.staff_id)
        except saved_views.NameNeeded:
            return go_to(address(wanted, problem="view_name"))
        except saved_views.TooMany:
            return go_to(address(wanted, problem="view_many"))
    return go_to(address(wanted, done="view_saved"))


@router.post("/{view_id}/delete")
def delete(request: Request, view_id: ViewId, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        if not saved_views.remove(session, view_id, staff_id=visit.staff_id):
            raise NotThere
    return go_to(f"{INBOX}?done=view_deleted")
