"""Find a lead by a name, a phone number or an e-mail address.

A form that is posted, never an address: addresses are logged by proxies and kept by browsers.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import lead_search
from clinic.database import transaction
from web.console import inbox_choices
from web.console.access import CsrfField, refuse_forged, signed_in
from web.console.lead_list import rows
from web.console.pages import page

router = APIRouter(prefix="/leads/search")

LONGEST = 200


@router.get("")
def search_page(request: Request) -> Response:
    """What the browser shows of it when somebody comes back: the field, and nothing found yet."""
    with transaction() as session:
        visit = signed_in(session, request)
        return page(request, "leads_found.html", visit=visit, words="", found=None, rows=[])


@router.post("")
def search(request: Request, csrf: CsrfField = "", words: Annotated[str, Form()] = "") -> Response:
    words = words.strip()[:LONGEST]
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        found = lead_search.find(session, words, staff_id=visit.staff_id)
        return page(
            request,
            "leads_found.html",
            visit=visit,
            words=words,
            found=found,
            rows=rows(session, found.leads, inbox_choices.names(session)),
        )
