"""The soak as a page to read."""

from __future__ import annotations

from benchmarks.chat.measures import percentile
from benchmarks.chat.usage import Machine
from benchmarks.chat.words import table
from benchmarks.soak.run import SHARE, Found

GOAL = 5.0
WARM_UP_MINUTES = 3.0
TENTH = 0.1

HEAD = """# Soak: the last run

Made by `make soak` on {machine}, SQLite as installed.

{minutes:.0f} minutes at {asked:.1f} turns a second, {share:.0%} of the {capacity:.1f} that eight
visitors at once were given just before. {turns:,} turns, {carried:.1f} a second with the visits
that were let finish; p50 {p50:.0f} ms, p95 {p95:.0f} ms. Lines are fitted to a look every ten
seconds after a warm-up of {warm_up:.1f} minutes.

- memory after the warm-up: {memory}
- errors: {errors}
- leads: {leads}

![](results.png)
"""


def page(found: Found, minutes: float, machine: Machine) -> str:
    head = HEAD.format(
        machine=machine,
        minutes=minutes,
        asked=found.asked,
        share=SHARE,
        capacity=found.capacity,
        turns=len(found.seconds),
        carried=found.per_second,
        p50=1000 * percentile(found.seconds, 50),
        p95=1000 * percentile(found.seconds, 95),
        warm_up=warm_up(minutes) / 60,
        memory=_memory_verdict(found, minutes),
        errors=_errors_verdict(found),
        leads=_leads(found),
    )
    parts = [head, "## Memory\n\n" + _memory(found, minutes), "## Visits\n\n" + _visits(found)]
    if found.errors:
        parts.append("## Errors\n\n" + _errors(found))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def warm_up(minutes: float) -> float:
    """Seconds that are not counted; of a short run a tenth."""
    return 60 * min(WARM_UP_MINUTES, minutes * TENTH)


def _memory_verdict(found: Found, minutes: float) -> str:
    grown = found.samples.after(warm_up(minutes)).growth()
    name, most = max(grown.items(), key=lambda one: one[1])
    word = "reached" if most < GOAL else "**missed**"
    return f"{word}: {name} grew most, by {most:.1f} % (goal: under {GOAL:g} %)"


def _errors_verdict(found: Found) -> str:
    number = sum(found.errors.values())
    return "reached: none" if not number else f"**missed**: {number} (goal: none)"


def _leads(found: Found) -> str:
    finished = found.visits["screening"] - sum(
        times for (kind, _), times in found.errors.items() if kind == "screening"
    )
    said = f"{found.leads:,} in the database, {finished:,} visitors came to the end"
    if found.leads < finished:
        return f"**{finished - found.leads:,} lost**: {said}"
    # A visitor whose last answer did not come in time has a lead all the same.
    return f"none lost: {said}"


def _memory(found: Found, minutes: float) -> str:
    steady = found.samples.after(warm_up(minutes))
    grown = steady.growth()
    rows = [
        [name, f"{values[0]:.1f}", f"{values[-1]:.1f}", f"{max(values):.1f}", f"{grown[name]:+.1f}"]
        for name, values in steady.resident.items()
    ]
    return table(("process", "after the warm-up, MB", "at the end", "most", "growth, %"), rows)


def _visits(found: Found) -> str:
    rows = []
    for kind, visits in found.visits.most_common():
        failed = sum(times for (of, _), times in found.errors.items() if of == kind)
        rows.append([kind, f"{visits:,}", str(failed)])
    return table(("kind", "visits", "not served as they must be"), rows)


def _errors(found: Found) -> str:
    rows = [[kind, what, str(times)] for (kind, what), times in found.errors.most_common()]
    return table(("visitor", "what happened", "times"), rows)
