"""What was meant beside what was kept, field by field."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.screening.bots import Kept
from benchmarks.screening.expected import MEANT, Expected, expected
from benchmarks.screening.speech import Said
from benchmarks.screening.visits import Visit
from clinic.questionnaires import SCREENING, form
from clinic.screening.evidence import medicines_of
from clinic.screening.items import Value, code_of
from clinic.screening.response import progress_of

AT_ONCE, LATER, WRONG, MISSING = "right at first", "right after repeats", "mis-filled", "missing"
STATUS = (AT_ONCE, LATER, WRONG, MISSING)
MISREAD = "misread"
NOT_CORRECTED = "correction lost"  # the wording was understood, and wrong; putting it right was not
NO_ANSWER = "was no answer"  # a question, small talk, a wish to skip or to change something else
NOT_ASKED = "never asked"  # filled by what was said somewhere else
WHYS = (MISREAD, NOT_CORRECTED, NO_ANSWER, NOT_ASKED)
GOAL = 99.0
"""Percent of the answers that should be kept as they were meant."""


@dataclass(frozen=True)
class Filled:
    """One answer of one visitor: what was meant, said and kept."""

    visitor: int
    field: str
    status: str
    meant: tuple[Value, ...]
    got: tuple[Value, ...]
    said: str
    why: str = ""


@dataclass
class FieldCount:
    """Of one question: how its answers fared."""

    link_id: str
    meant: int = 0
    asked: int = 0
    repeats: int = 0
    by_status: Counter[str] = field(default_factory=Counter)

    @property
    def right(self) -> float:
        """Percent kept as meant."""
        return 100 * (self.by_status[AT_ONCE] + self.by_status[LATER]) / max(self.meant, 1)


@dataclass(frozen=True)
class Result:
    """One visit, judged."""

    visit: Visit
    expected: Expected
    completed: bool
    outcome_agrees: bool
    filled: tuple[Filled, ...]
    extra: tuple[str, ...] = ()
    """Fields that hold something although nothing was meant to be asked there."""
    medicines: Mapping[str, int] = field(default_factory=dict)


def judge(visit: Visit, kept: Kept | None) -> Result:
    """Compare what is with staff to what should be there."""
    path = expected(visit.who, visit.heard)
    if path.ends:
        agrees = visit.ended == path.outcome or (path.outcome == "E0" and visit.ended == "crisis")
        return Result(visit, path, agrees and kept is None, agrees, ())
    stored = answers_in(kept.response) if kept else {}
    meant = {name: values for name, values in path.answers.items() if not name.endswith(MEANT)}
    filled = tuple(_filled(visit, name, values, stored) for name, values in meant.items())
    extra = tuple(n for n in stored if n not in meant and not n.endswith(MEANT))
    told = kept is not None and visit.ended == kept.outcome
    agrees = told and kept is not None and kept.outcome == path.outcome
    medicines = _medicines(visit, kept) if kept else {}
    return Result(visit, path, kept is not None, agrees, filled, extra, medicines)


def answers_in(response: Mapping[str, Any]) -> dict[str, tuple[Value, ...]]:
    """The answers of a FHIR QuestionnaireResponse, by question."""
    if not response:
        return {}
    answers = progress_of(form(SCREENING), response).answers
    return {one.link_id: one.values for one in answers if one.values}


def by_field(results: Iterable[Result]) -> list[FieldCount]:
    """A count for each question, in the order of the questionnaire."""
    counts = {
        a.item.link_id: FieldCount(a.item.link_id) for a in form(SCREENING).questionnaire.questions
    }
    for result in results:
        for one in result.filled:
            counts[one.field].meant += 1
            counts[one.field].by_status[one.status] += 1
        for name, times in result.visit.asked.items():
            counts[name].asked += times
        for name, times in result.visit.repeats.items():
            counts[name].repeats += times
    return [one for one in counts.values() if one.meant or one.asked]


def never_asked(results: Iterable[Result]) -> int:
    """How many answers are missing because something before them went wrong."""
    return sum(
        one.status == MISSING and not result.visit.asked[one.field]
        for result in results
        for one in result.filled
    )


def total(counts: Sequence[FieldCount]) -> FieldCount:
    everything = FieldCount("all")
    for one in counts:
        everything.meant += one.meant
        everything.asked += one.asked
        everything.repeats += one.repeats
        everything.by_status += one.by_status
    return everything


def milliseconds(results: Iterable[Result]) -> tuple[float, float, int]:
    """The time of a turn: p50, p95, and how many turns there were."""
    times = [1000 * turn.seconds for result in results for turn in result.visit.turns]
    if len(times) < 2:
        return 0.0, 0.0, len(times)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], len(times)


def same(field: str, meant: Sequence[Value], got: Sequence[Value]) -> bool:
    """Whether what is kept is what was meant, down to the letter; addresses in any case."""
    return sorted(_plain(field, value) for value in meant) == sorted(
        _plain(field, value) for value in got
    )


def _plain(field: str, value: Value) -> str:
    text = " ".join(code_of(value).split())
    return text.lower() if field == "email" else text


def _filled(
    visit: Visit,
    name: str,
    meant: tuple[Value, ...],
    stored: Mapping[str, tuple[Value, ...]],
) -> Filled:
    got = stored.get(name, ())
    if same(name, meant, got):
        status = LATER if visit.repeats[name] else AT_ONCE
    else:
        status = WRONG if got else MISSING
    said = visit.taken.get(name)
    why = _why(name, said, got) if status == WRONG else ""
    return Filled(visit.who.number, name, status, meant, got, said.text if said else "", why)


def _why(name: str, said: Said | None, got: Sequence[Value]) -> str:
    if said is None:
        return NOT_ASKED
    if same(name, said.means, got):
        return NOT_CORRECTED
    return MISREAD if said.means else NO_ANSWER


def _medicines(visit: Visit, kept: Kept) -> dict[str, int]:
    """How the medicines that were typed are named to staff."""
    taken = {one.generic: one.now for one in visit.who.medicines}
    progress = progress_of(form(SCREENING), kept.response)
    if not taken or form(SCREENING).medicines is None or not progress.values("medicines"):
        return {}
    listed = [one for one, _ in medicines_of(form(SCREENING), progress, "medicines")]
    named = {one.generic.partition(" with ")[0] for one in listed if one.generic}
    return {
        "said": len(taken),
        "named rightly": len(named & {*taken}),
        "named wrongly": len(named - {*taken}),
        "not recognised": sum(one.generic is None for one in listed),
    }
