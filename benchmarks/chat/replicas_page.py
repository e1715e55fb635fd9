"""One replica and two as a page to read."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from benchmarks.chat.measures import Round, failures, figure
from benchmarks.chat.replicas import ONE, TWO, Found, Size
from benchmarks.chat.usage import CLIENT, Machine
from benchmarks.chat.words import at_least, failed, table

GOAL = 1.7
FULL = 90.0
"""Percent at which a core has nothing left to give."""

HEAD = """# Two replicas: the last run

Made by `make bench-chat` on {machine}.

Two of each process, rasa, actions and web, beside one of each, on PostgreSQL and Redis, which run
on the same cores, and so does the client. **Each message of a conversation goes to the next
replica.** {rounds} rounds in turn after a warm-up; the median round, with the lowest and the
highest.
"""

PROCESSES = """## Where the processor time goes

Percent of one core, by process; *others* are neither this product nor the client.
"""


def page(found: Found, size: Size, machine: Machine) -> str:
    everything = [one for levels in found.values() for rounds in levels.values() for one in rounds]
    parts = [
        HEAD.format(machine=machine, rounds=size.rounds),
        f"**Turns per second beside one replica's:** {verdict(found)}",
        turns(found),
        failed(failures(everything)),
        PROCESSES,
        processes(found),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def verdict(found: Found) -> str:
    """At the largest load; when it is missed, whether there was anything left to use."""
    level = max(found[TWO])
    times = _ratio(found, level)
    said = f"{at_least(times, GOAL, ' ×')}, {level} visitors."
    return said if times >= GOAL else f"{said} {why(found[ONE][level], found[TWO][level])}"


def why(one: Sequence[Round], two: Sequence[Round]) -> str:
    before, after = _cores(one), _cores(two)
    full = [place for place, busy in enumerate(after) if busy >= FULL]
    said = f"With one replica the cores are {_percents(before)} busy, with two {_percents(after)}"
    if len(full) == len(after):
        return f"{said}: all of them are full, and no second replica can add to that."
    if full:
        return f"{said}: core {', '.join(map(str, full))} is full."
    return f"{said}: none is full, something else is in the way."


def turns(found: Found) -> str:
    rows = []
    for level in sorted(found[ONE]):
        for name in (ONE, TWO):
            rounds = found[name][level]
            row = [str(level), name]
            row += [figure(rounds, lambda one: one.per_second).shown()]
            row += [figure(rounds, lambda one: one.milliseconds(50)).shown()]
            row += [figure(rounds, lambda one: one.milliseconds(95)).shown()]
            row += [_percents(_cores(rounds))]
            row += [f"{_ratio(found, level):.2f}" if name == TWO else ""]
            rows.append(row)
    head = ("visitors", "", "turns a second", "p50 ms", "p95 ms", "cores busy", "turns a second ×")
    return table(head, rows)


def processes(found: Found) -> str:
    rows = []
    for level in sorted(found[ONE]):
        for name in (ONE, TWO):
            rounds = found[name][level]
            named = [process for process in rounds[0].cpu if process != CLIENT]
            each = ", ".join(f"{process} {_percent(rounds, process):.0f}" for process in named)
            others = f"{figure(rounds, lambda one: one.others).middle:.0f}"
            rows.append([str(level), name, each, f"{_percent(rounds, CLIENT):.0f}", others])
    return table(("visitors", "", "by process", "client", "others"), rows)


def _ratio(found: Found, level: int) -> float:
    one, two = (figure(found[name][level], lambda one: one.per_second) for name in (ONE, TWO))
    return two.middle / one.middle


def _percent(rounds: Sequence[Round], process: str) -> float:
    return figure(rounds, lambda one: one.cpu_percent(process)).middle


def _cores(rounds: Sequence[Round]) -> list[float]:
    return [median(busy) for busy in zip(*(one.cores for one in rounds), strict=True)]


def _percents(busy: Sequence[float]) -> str:
    return " and ".join(f"{one:.0f} %" for one in busy)
