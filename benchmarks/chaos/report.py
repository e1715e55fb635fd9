"""The results as a page to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.chaos.books import KINDS, Gap
from benchmarks.chaos.faults import Deed, Outage
from benchmarks.chaos.ledger import LATEST_HELP, Danger, Ledger

INTRODUCTION = """\
Simulated visitors send as the chat window does: a message keeps its key, goes once more by itself
after 4 s, and then whenever the visitor presses the button; words of danger go again until they
arrive. Some sit before an open window and cry for help just when something breaks. Meanwhile
processes are killed with SIGKILL or frozen with SIGSTOP, at random, more than one at a time. What
each visitor was shown as taken is written down outside the product and compared with its
database in the end."""


def page(
    ledger: Ledger, outages: Sequence[Outage], gaps: Sequence[Gap], facts: Mapping[str, str]
) -> str:
    """Everything, as Markdown."""
    parts = [
        "# Chaos: the last run",
        INTRODUCTION,
        verdict(ledger, gaps),
        table(("", ""), facts.items()),
        "## What does not add up\n\n" + _gaps(gaps),
        "## Help in a crisis\n\n" + _dangers(ledger.dangers, outages),
        "## What was broken\n\n" + _outages(outages),
        "## What visitors noticed\n\n" + _noticed(ledger),
        "![the run](timeline.png)",
    ]
    return "\n\n".join(parts) + "\n"


def verdict(ledger: Ledger, gaps: Sequence[Gap]) -> str:
    """Whether the goals are reached, in plain sentences."""
    late = sum(not one.in_time for one in ledger.dangers)
    lines = [
        f"**{len(gaps)} things do not add up: the goal is not reached.**"
        if gaps
        else "Nothing that was acknowledged is lost, and nothing is double.",
        f"**{late} of {len(ledger.dangers)} messages of crisis had no 988 on the screen within "
        f"{LATEST_HELP:g} s: the goal is not reached.**"
        if late
        else f"Each of {len(ledger.dangers)} messages of crisis had 988 on the screen within "
        f"{LATEST_HELP:g} s.",
    ]
    if ledger.stuck:
        lines.append(f"**{len(ledger.stuck)} visitors never came to their end.**")
    return "\n\n".join(lines)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _gaps(gaps: Sequence[Gap]) -> str:
    counted = Counter(gap.kind for gap in gaps)
    return table(("", "times"), [(kind, str(counted[kind])) for kind in KINDS])


def _dangers(dangers: Sequence[Danger], outages: Sequence[Outage]) -> str:
    heard = [one for one in dangers if one.first_line]
    unheard = [one for one in dangers if not one.first_line]
    rows = [
        _row("988 on the screen, whoever showed it", [one.shown for one in dangers]),
        _row("… words that the page itself hears", [one.shown for one in heard]),
        _row("… words that only the bot hears", [one.shown for one in unheard]),
        *_rows_in(dangers, outages),
        _row("the server's own answer", [one.server for one in dangers]),
    ]
    by_page = sum(one.widget is not None for one in dangers)
    head = ("", "messages", f"within {LATEST_HELP:g} s", "p50, s", "p95, s", "max, s")
    words = f"The page showed its own help lines first {by_page} times of {len(dangers)}."
    return f"{table(head, rows)}\n\n{words}"


def _rows_in(dangers: Sequence[Danger], outages: Sequence[Outage]) -> Iterable[tuple[str, ...]]:
    """Those that were said while this or that was away, or on its way back."""
    for name in sorted({one.server for one in outages}):
        away = [(one.begun, one.ended) for one in outages if one.server == name]
        said = [one.shown for one in dangers if any(a <= one.at <= b for a, b in away)]
        yield _row(f"… said while {name} was away", said)


def _row(name: str, seconds: Sequence[float | None]) -> tuple[str, ...]:
    known = sorted(one for one in seconds if one is not None)
    in_time = sum(one <= LATEST_HELP for one in known)
    return (name, str(len(seconds)), str(in_time), *(_at(known, part) for part in (50, 95, 100)))


def _at(ordered: Sequence[float], part: int) -> str:
    """A percentile."""
    if not ordered:
        return "-"
    return f"{ordered[min(len(ordered) - 1, len(ordered) * part // 100)]:.2f}"


def _outages(outages: Sequence[Outage]) -> str:
    rows = []
    for name in sorted({one.server for one in outages}):
        own = [one for one in outages if one.server == name]
        away = sorted(one.ended - one.begun for one in own)
        killed = sum(one.deed == Deed.KILL for one in own)
        numbers = (str(killed), str(len(own) - killed), f"{sum(away):.0f}")
        rows.append((name, *numbers, _at(away, 50), _at(away, 100)))
    head = ("process", "killed", "frozen", "away in all, s", "p50, s", "longest, s")
    return table(head, rows)


def _noticed(ledger: Ledger) -> str:
    seconds = sorted(one for _, one, _ in ledger.answers)
    tries = Counter(min(one, 6) for *_, one in ledger.answers)
    rows = [
        *((f"answered at try {n}{' or later' * (n == 6)}", str(tries[n])) for n in range(1, 7)),
        (
            "seconds from sending to the answer",
            f"p50 {_at(seconds, 50)}, p95 {_at(seconds, 95)}, max {_at(seconds, 100)}",
        ),
        *((name, str(times)) for name, times in sorted(ledger.counts.items())),
        *((f"stuck: {why}", f"visitor {number}") for number, why in ledger.stuck),
    ]
    return table(("", ""), rows)
