"""The results as a page to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from benchmarks.screening.measures import (
    GOAL,
    STATUS,
    WHYS,
    WRONG,
    FieldCount,
    Filled,
    Result,
    by_field,
    milliseconds,
    never_asked,
    total,
)
from benchmarks.screening.visits import Incident
from benchmarks.screening.wordings import DEVELOPMENT, TEST
from clinic.screening.items import Value, code_of

MOST_LISTED = 60
"""Of each kind of incident, so many are shown; all are in var/benchmarks/screening.json."""

INTRODUCTION = """\
{count} visitors, seed {seed}, {bot}. Who they are stands in [visitors.yml](visitors.yml), how
they put their answers in [wordings/{wordings}/](wordings/{wordings}).

{honesty}

*Mis-filled*: the bot accepted a wording and kept something else than was meant. *Missing*: nothing
was kept, also because a conversation was not finished. Visitors rephrase twice and then press the
button."""


HONESTY = {
    TEST: """\
These wordings were written without looking at the words that the questionnaire knows, and the
reading was not mended with them.""",
    DEVELOPMENT: """\
**The reading was mended with these wordings: this run shows what is left to do, and measures
nothing.**""",
}


def page(results: Sequence[Result], *, seed: int, bot: str, wordings: str) -> str:
    """Everything, as Markdown."""
    counts = by_field(results)
    parts = [
        "# Whole conversations: the last run",
        INTRODUCTION.format(
            count=len(results), seed=seed, bot=bot, wordings=wordings, honesty=HONESTY[wordings]
        ),
        _totals(results, total(counts)),
        "![by field](fields.png)",
        "## By field\n\n" + _fields(counts),
        "## Mis-filled\n\n" + _misfills(results),
        "## What went wrong in conversation\n\n" + _incidents(results),
    ]
    return "\n\n".join(parts) + "\n"


def verdict(everything: FieldCount) -> str:
    """Whether the goal is reached, in one plain sentence."""
    right = f"{everything.right:.2f} % of {everything.meant} answers are kept as they were meant"
    if everything.right < GOAL:
        return f"**{right}. That is less than {GOAL:g} %: the goal is not reached.**"
    return f"{right} (goal: {GOAL:g} %)."


def _totals(results: Sequence[Result], everything: FieldCount) -> str:
    ends = [one for one in results if one.expected.ends]
    goes_on = [one for one in results if not one.expected.ends]
    p50, p95, turns = milliseconds(results)
    rows = [
        ("finished, of those who wanted to", _of(sum(r.completed for r in goes_on), len(goes_on))),
        ("ended early as they should", _of(sum(r.completed for r in ends), len(ends))),
        ("outcome as the intended answers have it", _of(_agree(results), len(results))),
        *((status, _of(everything.by_status[status], everything.meant)) for status in STATUS),
        *((f"mis-filled: {why}", str(times)) for why, times in _whys(results)),
        ("missing: never asked", str(never_asked(results))),
        ("asked again, times", str(everything.repeats)),
        ("kept although never meant", str(sum(len(one.extra) for one in results))),
        ("turns", f"{turns}; p50 {p50:.0f} ms, p95 {p95:.0f} ms"),
        *_medicine_rows(results),
        *_what_they_did(results),
    ]
    return verdict(everything) + "\n\n" + _table(("", ""), rows)


def _agree(results: Iterable[Result]) -> int:
    return sum(one.outcome_agrees for one in results)


def _whys(results: Iterable[Result]) -> list[tuple[str, int]]:
    counted = Counter(one.why for result in results for one in result.filled)
    return [(why, counted[why]) for why in WHYS]


def _medicine_rows(results: Iterable[Result]) -> list[tuple[str, str]]:
    counted: Counter[str] = Counter()
    for result in results:
        counted.update(result.medicines)
    if not counted["said"]:
        return []
    words = ", ".join(f"{name} {counted[name]}" for name in list(counted)[1:])
    return [("medicines said", f"{counted['said']}: {words}")]


def _what_they_did(results: Iterable[Result]) -> list[tuple[str, str]]:
    counted: Counter[str] = Counter()
    for result in results:
        counted.update(result.visit.counts)
    return [(name, str(times)) for name, times in sorted(counted.items())]


def _fields(counts: Sequence[FieldCount]) -> str:
    head = ("field", "meant", "asked", *STATUS, "right, %", "asked again")
    rows = [_row(one) for one in (*counts, total(counts))]
    return _table(head, rows)


def _row(one: FieldCount) -> tuple[str, ...]:
    numbers = (one.meant, one.asked, *(one.by_status[status] for status in STATUS))
    return (
        one.link_id,
        *map(str, numbers),
        f"{one.right:.1f}" if one.meant else "",
        str(one.repeats),
    )


def _misfills(results: Iterable[Result]) -> str:
    wrong = [one for result in results for one in result.filled if one.status == WRONG]
    if not wrong:
        return "None."
    rows = [
        (
            one.field,
            str(one.visitor),
            _quoted(one.said),
            _words(one.meant),
            _words(one.got),
            one.why,
        )
        for one in sorted(wrong, key=_by_field)
    ]
    return _table(("field", "visitor", "said", "meant", "got", "why"), rows)


def _by_field(one: Filled) -> tuple[str, int]:
    return one.field, one.visitor


def _incidents(results: Sequence[Result]) -> str:
    found: dict[str, list[tuple[int, Incident]]] = {}
    for result in results:
        for one in result.visit.incidents:
            found.setdefault(one.kind, []).append((result.visit.who.number, one))
    parts = [_unfinished(results), _disagreements(results)]
    for kind, incidents in sorted(found.items()):
        rows = [
            (str(number), str(one.field), _quoted(one.text), one.got)
            for number, one in incidents[:MOST_LISTED]
        ]
        title = f"### {kind.capitalize()}: {len(incidents)}"
        parts.append(f"{title}\n\n" + _table(("visitor", "at", "said", "led to"), rows))
    return "\n\n".join(filter(None, parts)) or "Nothing."


def _unfinished(results: Iterable[Result]) -> str:
    rows = [
        (str(one.visit.who.number), one.visit.who.kind, one.visit.stuck or str(one.visit.ended))
        for one in results
        if not one.completed
    ]
    if not rows:
        return ""
    return f"### Not finished: {len(rows)}\n\n" + _table(("visitor", "kind", "how it ended"), rows)


def _disagreements(results: Iterable[Result]) -> str:
    rows = [
        (str(one.visit.who.number), str(one.expected.outcome), str(one.visit.ended))
        for one in results
        if one.completed and not one.outcome_agrees
    ]
    if not rows:
        return ""
    return f"### Another outcome: {len(rows)}\n\n" + _table(("visitor", "expected", "got"), rows)


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / max(whole, 1):.2f} %)"


def _words(values: Sequence[Value]) -> str:
    return _cell("; ".join(map(code_of, values))) or "(skipped)"


def _quoted(text: str) -> str:
    return f"“{_cell(text)}”" if text else ""


def _cell(text: str) -> str:
    shown = " ".join(text.replace("|", "/").split())
    return shown if len(shown) <= 120 else shown[:117] + "…"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
