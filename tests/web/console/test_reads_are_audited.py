"""Whoever sees something of a person leaves a trace: every page that shows one writes an entry."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from clinic import lead_export, retention
from clinic.database import transaction
from clinic.tables import Handoff, Lead
from tests.clinic.screened import SCORE_CODES
from tests.clinic.whole_person import MARKER, whole_person
from tests.web.console.conftest import Browser
from web.console.routes import ROOMS

Deeds = Callable[[], list[tuple[str, str]]]

STREAM = re.compile(r"events?$")
"""An endless answer; what it carries holds no words of a person."""


def pages() -> list[str]:
    """Every page and file that can be asked for."""
    routes = [route for room in ROOMS for route in room.router.routes]
    found = {
        "/staff" + route.path
        for route in routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }
    return sorted(page for page in found if not STREAM.search(page))


@pytest.fixture
def person(chris: Browser, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """An address with the ids of a person of whom everything is kept."""
    monkeypatch.setattr(lead_export, "score_codes", lambda: SCORE_CODES)
    with transaction() as session:
        lead = whole_person(session)
        lead.merged_into = None
        other = session.scalars(select(Lead).where(Lead.merged_into == lead.id)).one()
        other.merged_into = None
        retention.warn_of(session, [lead.id])
        handoff = session.scalars(select(Handoff).where(Handoff.ended_at.is_(None))).first()
        assert handoff is not None
        ids = {
            "lead_id": lead.id,
            "other_id": other.id,
            "event_id": "1",
            "handoff_id": str(handoff.id),
        }

    def fill_in(address: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda field: ids.get(field[1], "1"), address)

    return fill_in


@pytest.mark.parametrize("address", pages())
def test_a_page_that_shows_a_person_is_in_the_log(
    chris: Browser, person: Callable[[str], str], deeds: Deeds, address: str
) -> None:
    before = deeds()

    answer = chris.get(person(address))

    if MARKER in answer.text or address.endswith(".zip"):
        assert answer.status_code == 200
        assert len(deeds()) > len(before)
