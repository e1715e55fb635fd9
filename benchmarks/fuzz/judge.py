"""Whether an answer to a hostile request is one that may be given. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.fuzz.cases import Case
from benchmarks.fuzz.texts import MARK, SCRIPT
from setup.home import HOME

NO_ANSWER = 0
UNAVAILABLE = 503
TRACES = re.compile(
    rb"Traceback \(most recent|File \"[^\"]+\", line \d|site-packages|"
    rb"sqlalchemy\.exc|psycopg\.errors|sqlite3\.\w+Error|root:x:0:|CLINIC_ENCRYPTION_KEYS"
)


@dataclass(frozen=True)
class Answer:
    """What came back. Status 0: the server hung up, or said nothing that is HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    timed_out: bool = False


def faults(case: Case, answer: Answer) -> Iterator[str]:
    """What is wrong with this answer, each in a few words."""
    if answer.timed_out and not case.hangs:
        yield "no end"
    if answer.status == NO_ANSWER and not answer.timed_out and not case.may_get_no_answer:
        yield "no answer"
    if answer.status >= 500 and not _is_deliberate(answer):
        yield f"status {answer.status}"
    if TRACES.search(answer.body) or str(HOME).encode() in answer.body:
        yield "something of the inside is shown"
    if "x-injected" in answer.headers:
        yield "a header was put in"
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    if is_page and SCRIPT.encode() in answer.body:
        yield "a script comes back"
    if answer.headers.get("location", "").startswith(("//", "http://e", "javascript:")):
        yield "sends people elsewhere"


def _is_deliberate(answer: Answer) -> bool:
    """A 503 in our own words."""
    if answer.status != UNAVAILABLE:
        return False
    try:
        error = json.loads(answer.body)["error"]
        return bool(error["code"] and error["message"])
    except (ValueError, KeyError, TypeError):
        return False


def filled(events: Iterable[Mapping[str, Any]]) -> list[str]:
    """Slots that in the end hold what only a command could have put there.

    Args:
        events: what Rasa keeps of one conversation, the oldest first.
    """
    slots = {one["name"]: one.get("value") for one in events if one.get("event") == "slot"}
    return [name for name, value in slots.items() if MARK in json.dumps(value)]
