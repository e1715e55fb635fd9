"""Turn a `when` of a hand-written file into a condition, or say kindly what is wrong with it."""

from collections.abc import Callable, Mapping

from clinic.screening.conditions import (
    All,
    Always,
    Any,
    AtLeast,
    Before,
    Below,
    Condition,
    Is,
    Missing,
    Not,
    NotBelow,
    NotServed,
    PointsAtLeast,
    ScoreAtLeast,
    ScoreBelow,
    ScoreMissing,
    Since,
    Takes,
    WithinDays,
)
from clinic.screening.hand_written import Entry

_STARTS = ("answer", "score", "medicine", "all", "any", "not", "always")

_OF_AN_ANSWER: Mapping[str, Callable[[Entry, str], Condition]] = {
    "is": lambda entry, name: Is(name, _options(entry)),
    "at_least": lambda entry, name: AtLeast(name, entry.number("at_least")),
    "below": lambda entry, name: Below(name, entry.number("below")),
    "not_below": lambda entry, name: NotBelow(name, entry.text("not_below")),
    "before": lambda entry, name: Before(name, entry.day("before")),
    "since": lambda entry, name: Since(name, entry.day("since")),
    "within_days": lambda entry, name: WithinDays(name, entry.number("within_days")),
    "points_at_least": lambda entry, name: PointsAtLeast(name, entry.number("points_at_least")),
    "missing": lambda entry, name: _only_true(entry, "missing", Missing(name)),
    "not_served": lambda entry, name: _only_true(entry, "not_served", NotServed(name)),
}
_OF_A_SCORE: Mapping[str, Callable[[Entry, str], Condition]] = {
    "at_least": lambda entry, name: ScoreAtLeast(name, entry.number("at_least")),
    "below": lambda entry, name: ScoreBelow(name, entry.number("below")),
    "missing": lambda entry, name: _only_true(entry, "missing", ScoreMissing(name)),
}


def condition_from(entry: Entry) -> Condition:
    entry.only((*_STARTS, *_OF_AN_ANSWER, *_OF_A_SCORE))
    if "answer" in entry.content:
        return _check(entry, "answer", _OF_AN_ANSWER)
    if "score" in entry.content:
        return _check(entry, "score", _OF_A_SCORE)
    if len(entry.content) != 1:
        raise entry.wrong(f"'when' needs one of: {', '.join(_STARTS)}.")
    if "medicine" in entry.content:
        return Takes(entry.text("medicine"))
    if "always" in entry.content:
        return _only_true(entry, "always", Always())
    if "not" in entry.content:
        return Not(condition_from(entry.entry("not")))
    return _several(entry)


def _several(entry: Entry) -> Condition:
    kind = "all" if "all" in entry.content else "any"
    parts = tuple(condition_from(part) for part in entry.entries(kind))
    if not parts:
        raise entry.wrong(f"'{kind}' has nothing written under it.")
    return All(parts) if kind == "all" else Any(parts)


def _check(
    entry: Entry, of: str, checks: Mapping[str, Callable[[Entry, str], Condition]]
) -> Condition:
    entry.only((of, *checks))
    written = [check for check in checks if check in entry.content]
    if len(written) != 1:
        raise entry.wrong(f"exactly one of these belongs beside '{of}': {', '.join(checks)}.")
    return checks[written[0]](entry, entry.text(of))


def _only_true(entry: Entry, word: str, condition: Condition) -> Condition:
    if not entry.truth(word):
        raise entry.wrong(f"'{word}' can only be true.")
    return condition


def _options(entry: Entry) -> tuple[str, ...]:
    """A bare yes would be read as true and never match: text() refuses it."""
    options = entry.texts("is") if isinstance(entry.content["is"], list) else (entry.text("is"),)
    if not options:
        raise entry.wrong("'is' has nothing written under it.")
    return options
