"""The results as a page to read."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.inbox.cases import LIST, WHOLE
from benchmarks.inbox.measures import Case

GOAL = 2.0
THE_PAGE = (
    *("to do", "new", "closed", "all", "to do, by due time"),
    *("page 20 of all", "half way down all"),
)
"""What the goal was set for; filters and searches are shown beside it."""

HEAD = """# Inbox: the last run

Made by `make bench-inbox` on {server}, {cores} cores, {system}: {tries} tries of each deed in a
clinic with {few} leads and in one with {many}, in turn. Milliseconds.

**Goal:** the 95th percentile of a page of the inbox is at most {goal:g} times as long with {many}
leads as with {few}. {verdict}

*Page* is the whole page as a browser gets it: who asks, alarms, tabs with their numbers, fifty
lines with names decrypted, filters. *Query* is the list alone, read and decrypted. Where few leads
fit, a filter of the small clinic shows fewer lines than that of the large one, and so does its last
page, the twentieth.

![](results.png)
"""


def page(cases: Sequence[Case], *, server: str, tries: int) -> str:
    few, many = sorted(cases[0].by_leads)
    parts = [
        HEAD.format(
            server=server,
            cores=os.cpu_count(),
            system=platform.machine(),
            tries=tries,
            few=f"{few:,}",
            many=f"{many:,}",
            goal=GOAL,
            verdict=_verdict(cases),
        )
    ]
    titles = {WHOLE: "Page", LIST: "Query"}
    for way, title in titles.items():
        parts += [f"## {title}\n", *_table([case for case in cases if case.way == way]), ""]
    return "\n".join(parts)


def line(case: Case) -> str:
    figures = ", ".join(
        f"{number:,}: {times.at(50):.1f} / {times.at(95):.1f} ms"
        for number, times in sorted(case.by_leads.items())
    )
    return f"{case.way} {case.name}: {figures}, x{case.ratio():.2f}"


def as_json(case: Case) -> Mapping[str, object]:
    times = {
        number: {"p50": taken.at(50), "p95": taken.at(95)}
        for number, taken in sorted(case.by_leads.items())
    }
    return {"name": case.name, "way": case.way, "by_leads": times, "ratio": case.ratio()}


def _verdict(cases: Sequence[Case]) -> str:
    pages = [case for case in cases if case.way == WHOLE and case.name in THE_PAGE]
    worst = max(pages, key=lambda case: case.ratio())
    word = "Reached" if worst.ratio() <= GOAL else "Missed"
    others = [case for case in cases if case.way == WHOLE and case.name not in THE_PAGE]
    slow = sorted((case for case in others if case.ratio() > GOAL), key=lambda case: -case.ratio())
    said = f"{word}: {worst.ratio():.2f} at most ({worst.name})."
    if slow:
        named = ", ".join(f"{case.name} {case.ratio():.1f}" for case in slow)
        said += f" Above it among filters and searches: {named}."
    return said


def _table(cases: Iterable[Case]) -> list[str]:
    cases = list(cases)
    few, many = sorted(cases[0].by_leads)
    rows = [
        f"| | {few:,}: p50 | p95 | {many:,}: p50 | p95 | p50 ratio | p95 ratio |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for case in cases:
        figures = [
            f"{case.by_leads[number].at(percent):.1f}"
            for number in (few, many)
            for percent in (50, 95)
        ]
        ratios = [f"{case.ratio(percent):.2f}" for percent in (50, 95)]
        rows.append(f"| {' | '.join([case.name, *figures, *ratios])} |")
    return rows
