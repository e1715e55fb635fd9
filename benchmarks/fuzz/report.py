"""The results as a page to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from benchmarks.chaos.report import table

if TYPE_CHECKING:
    from benchmarks.fuzz.__main__ import Run

STEADY = 10.0
"""Percent by which a process may grow after the warm-up."""
IN_TIME = 2.0

INTRODUCTION = """\
{inputs} hostile requests, seed {seed}, {at_once} at a time, to every route that a stranger reaches,
byte by byte as attackers send them; those with words for the bot really go to the bot. Meanwhile an
ordinary visitor asks a question and is in danger, every three seconds. Inputs that are answered
wrongly are kept and can be sent again."""


def page(run: Run, *, inputs: int, seed: int, at_once: int) -> str:
    """Everything, as Markdown."""
    parts = [
        "# Fuzz: the last run",
        INTRODUCTION.format(inputs=inputs, seed=seed, at_once=at_once),
        verdict(run),
        _facts(run),
        "## Answers by kind of input\n\n" + _statuses(run),
        "## Answered wrongly\n\n" + _faults(run),
        "## Memory\n\n" + _memory(run),
    ]
    return "\n\n".join(parts) + "\n"


def verdict(run: Run) -> str:
    """Whether the goals are reached, in plain sentences."""
    late = sum(one > IN_TIME for one in run.bystander.helped)
    grown = [name for name, percent in run.growth.items() if percent > STEADY]
    told = (
        (sum(run.faults.values()), "answers are wrong", "No answer breaks or tells of the inside."),
        (len(run.slots), "slots were filled by a command", "No slot was filled."),
        (len(run.ran), "pages ran a script",
         "No script ran." if run.pages else "No page was opened: nobody looked for scripts."),
        (len(run.bystander.problems), "times an ordinary visitor was not answered",
         "An ordinary visitor was always answered."),
        (late, f"cries for help waited for more than {IN_TIME:g} s",
         f"Every cry for help was answered within {IN_TIME:g} s."),
        (len(grown), f"processes grew by more than {STEADY:g} %: {', '.join(grown)}",
         "Memory is steady."),
    )  # fmt: skip
    return "\n".join(f"- **{n} {bad}.**" if n else f"- {good}" for n, bad, good in told)


def _facts(run: Run) -> str:
    seconds = sorted(run.seconds)
    rows = [
        ("seconds", f"{run.took:.0f}"),
        ("an answer", f"p50 {_ms(seconds, 50)}, p95 {_ms(seconds, 95)}, max {_ms(seconds, 100)}"),
        ("the ordinary visitor's question", _of(run.bystander.answered)),
        ("the ordinary visitor's cry for help", _of(run.bystander.helped)),
        ("conversations whose slots were looked at", str(run.looked_at)),
        ("pages opened in Chromium", str(run.pages)),
    ]
    return table(("", ""), rows)


def _of(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    times = f"p50 {_ms(ordered, 50)}, p95 {_ms(ordered, 95)}, max {_ms(ordered, 100)}"
    return f"{len(ordered)} times; {times}"


def _ms(ordered: Sequence[float], part: int) -> str:
    if not ordered:
        return "-"
    return f"{1000 * ordered[min(len(ordered) - 1, len(ordered) * part // 100)]:.0f} ms"


def _statuses(run: Run) -> str:
    statuses = sorted({status for _, status in run.statuses})
    kinds = sorted({kind for kind, _ in run.statuses})
    head = ("kind", *(str(one) if one else "hung up on" for one in statuses), "in all")
    rows = []
    for kind in kinds:
        counts = [run.statuses[kind, status] for status in statuses]
        rows.append((kind, *(str(one) if one else "" for one in counts), str(sum(counts))))
    return table(head, rows)


def _faults(run: Run) -> str:
    told = [*run.bystander.problems, *run.ran, *(f"slot {name}" for name in run.slots)]
    if not run.faults and not told:
        return "None."
    rows = [(kind, fault, str(times)) for (kind, fault), times in sorted(run.faults.items())]
    rows += [("meanwhile", one, "1") for one in told]
    return table(("kind", "what", "times"), rows)


def _memory(run: Run) -> str:
    rows = [
        (name, f"{run.before[name]:.0f}", f"{run.after[name]:.0f}", f"{percent:+.1f} %")
        for name, percent in run.growth.items()
    ]
    return table(("process", "after the warm-up, MB", "at the end, MB", "growth"), rows)
