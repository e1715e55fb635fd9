"""What staff do in the inbox all day, as deeds that can be timed in a clinic of any size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import httpx
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from benchmarks.inbox.clinic_of import LAST_NAMES, SOURCES, YEARS, Person
from benchmarks.inbox.measures import Deed
from clinic import inbox_pages, lead_search
from clinic.clock import now
from clinic.database import transaction
from clinic.inbox_filters import Filters, read
from clinic.inbox_pages import Place
from clinic.questionnaires import rules
from clinic.screening.states import STATES
from web.console.inbox_choices import address

WHOLE, LIST = "page", "query"
"""The page as a browser gets it, or what the database does for its list alone."""

PAGES_BEFORE = 19
MIDDLING = 2
"""An urgency that is neither the first nor the last in the list."""


@dataclass(frozen=True)
class Clinic:
    """One filled database, and the browser of a colleague who is signed in there."""

    number: int
    engine: Engine
    browser: TestClient
    csrf: str
    staff_id: int
    somebody: Person

    def whole(self, filters: Filters, after: Place | None = None) -> httpx.Response:
        more = {"after": str(after)} if after else {}
        return _well(self.browser.get(address(filters, **more)))

    def list(self, filters: Filters, after: Place | None = None) -> inbox_pages.Page:
        with transaction(self.engine) as session:
            return inbox_pages.page(session, filters, staff_id=self.staff_id, after=after)

    def search(self, words: str) -> httpx.Response:
        form = {"csrf": self.csrf, "words": words}
        return _well(self.browser.post("/staff/leads/search", data=form))

    def find(self, words: str) -> lead_search.Found:
        with transaction(self.engine) as session:
            return lead_search.find(session, words, staff_id=self.staff_id)


def lists() -> Mapping[str, Filters]:
    """Every list that is asked for, by what it is called in the results."""
    states, outcomes = list(STATES), [outcome.code for outcome in rules().outcomes]
    week_ago = (now() - timedelta(days=7)).date().isoformat()
    asked: Mapping[str, dict[str, str]] = {
        "to do": {},
        "new": {"status": "new"},
        "closed": {"status": "closed"},
        "all": {"status": "all"},
        "to do, by due time": {"sort": "due"},
        "filter: late": {"late": "1"},
        "filter: at once": {"urgency": "4"},
        "filter: commonest reason": {"reason": outcomes[0]},
        "filter: rarest reason": {"reason": outcomes[-1]},
        "filter: wants a call": {"reason": "callback"},
        "filter: live chat": {"reason": "live_chat"},
        "filter: commonest state": {"state": states[0]},
        "filter: rarest state": {"state": states[-1]},
        "filter: with me": {"assignee": "me"},
        "filter: with nobody": {"assignee": "nobody"},
        "filter: rarest source": {"source": SOURCES[-1]},
        "filter: one week": {"since": week_ago},
        "filter: one week, all": {"status": "all", "since": week_ago},
        "filter: at once and rarest state": {"urgency": "4", "state": states[-1]},
        "filter: rarest state, closed": {"status": "closed", "state": states[-1]},
        "filter: rarest reason, all": {"status": "all", "reason": outcomes[-1]},
        "filter: with me, all": {"status": "all", "assignee": "me"},
        "filter: nobody fits, all": {"status": "all", "source": "nowhere"},
    }
    return {name: read(filters) for name, filters in asked.items()}


def searches(somebody: Person) -> Mapping[str, str]:
    commonest = LAST_NAMES[0]
    return {
        "search: commonest last name": commonest,
        "search: two letters": commonest[:2],
        "search: rarest last name": LAST_NAMES[-1],
        "search: whole name": somebody.name,
        "search: phone": somebody.phone,
        "search: e-mail": somebody.email,
    }


def deeds(clinic: Clinic) -> Iterator[tuple[str, str, Deed]]:
    """Name, way, and what is timed."""
    for name, filters in lists().items():
        yield name, WHOLE, lambda filters=filters: clinic.whole(filters)  # type: ignore[misc]
        yield name, LIST, lambda filters=filters: clinic.list(filters)  # type: ignore[misc]
    everything = read({"status": "all"})
    twentieth = place_after(clinic, everything, PAGES_BEFORE)
    yield "page 20 of all", WHOLE, lambda: clinic.whole(everything, twentieth)
    yield "page 20 of all", LIST, lambda: clinic.list(everything, twentieth)
    middle = Place("u", MIDDLING, now() - YEARS / 2, "0" * 32)
    yield "half way down all", WHOLE, lambda: clinic.whole(everything, middle)
    yield "half way down all", LIST, lambda: clinic.list(everything, middle)
    for name, words in searches(clinic.somebody).items():
        yield name, WHOLE, lambda words=words: clinic.search(words)  # type: ignore[misc]
        yield name, LIST, lambda words=words: clinic.find(words)  # type: ignore[misc]


def place_after(clinic: Clinic, filters: Filters, pages: int) -> Place | None:
    after = None
    for _ in range(pages):
        after = clinic.list(filters, after).after or after
    return after


def _well(answer: httpx.Response) -> httpx.Response:
    assert answer.status_code == 200, answer.status_code  # noqa: S101  # else nothing is measured
    return answer
