"""What grows, and whether turns grow with it, as a page to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.chat import length, stored
from benchmarks.chat.length import EARLY, Long
from benchmarks.chat.measures import failures, figure, percentile
from benchmarks.chat.stored import MESSAGES_OF_A_LEAD
from benchmarks.chat.topics import Trial
from benchmarks.chat.usage import CLIENT, Machine
from benchmarks.chat.words import at_most, failed, table

LENGTH_GOAL, STORED_GOAL, TOPICS_GOAL = 1.2, 1.2, 1.5

HEAD = """# Growth: the last run

Made by `make bench-growth` on {machine}. Ratios are of medians; milliseconds otherwise.

![](growth.png)
"""

LENGTH = """## A long conversation

Turn {late} beside turn {early}, each with the {around} turns before and after it: a new
conversation and a long one say the same sentences in turn, {conversations} times. *Processor*: of
all processes of the product, the first ten turns of the long ones and their last before that.
"""

STORED = """## A full database

PostgreSQL with {leads:,} leads, {messages:,} messages and {leads:,} of Rasa's trackers beside an
empty one, one visitor, the conversations of the other benchmarks, {rounds} rounds in turn. The
median round, with the lowest and the highest.
"""

TOPICS = """## Ten times the topics

**Only the reading of a message is measured here**: everything that Rasa's pipeline does, on one
thread. After it a turn looks up one answer by its name. The first are our topics, with
{examples} examples in all; the others are these and small slices of public sets of messages.
"""


@dataclass(frozen=True)
class Found:
    lengths: Mapping[str, Long]
    stored: stored.Found
    topics: tuple[Trial, Trial] | None


@dataclass(frozen=True)
class Size:
    length: length.Size
    stored: stored.Size


def page(found: Found, size: Size, machine: Machine) -> str:
    parts = [
        HEAD.format(machine=machine),
        f"## Goals\n\n{verdicts(found)}",
        _length(found.lengths, size.length),
        _stored(found.stored, size.stored),
        _topics(found.topics),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def verdicts(found: Found) -> str:
    longest = max(one.ratio for one in found.lengths.values())
    lines = [
        f"a turn late in a conversation: {at_most(longest, LENGTH_GOAL, ' ×')}",
        f"a turn with a full database: {at_most(_stored_ratio(found.stored), STORED_GOAL, ' ×')}",
    ]
    if found.topics is None:
        lines.append("reading a message with ten times the topics: not measured")
    else:
        times = _topics_ratio(*found.topics)
        lines.append(
            f"reading a message with ten times the topics: {at_most(times, TOPICS_GOAL, ' ×')}"
        )
    return "\n".join(f"- {line}" for line in lines)


def summary(found: Found) -> dict[str, dict[int, float]]:
    """What the plot shows: milliseconds along long conversations."""
    return {
        name: {place: 1000 * seconds for place, seconds in one.along.items()}
        for name, one in found.lengths.items()
    }


def _length(lengths: Mapping[str, Long], size: length.Size) -> str:
    words = LENGTH.format(
        late=size.late, early=EARLY, around=length.AROUND, conversations=size.conversations
    )
    rows = [
        [
            name,
            f"{1000 * median(one.early):.1f}",
            f"{1000 * median(one.late):.1f}",
            f"{one.ratio:.2f}",
            f"{_whole(one.cpu_early):.1f}",
            f"{_whole(one.cpu_late):.1f}",
            f"{_whole(one.cpu_late) / _whole(one.cpu_early):.2f}",
        ]
        for name, one in lengths.items()
    ]
    head = (
        "conversation",
        f"turn {EARLY}",
        f"turn {size.late}",
        "×",
        "processor early",
        "late",
        "×",
    )
    return words + "\n" + table(head, rows)


def _stored(found: stored.Found, size: stored.Size) -> str:
    words = STORED.format(
        leads=size.leads, messages=size.leads * MESSAGES_OF_A_LEAD, rounds=size.rounds
    )
    rows = []
    for leads, rounds in sorted(found.items()):
        row = [f"{leads:,}"]
        row += [figure(rounds, lambda one: one.milliseconds(50)).shown()]
        row += [figure(rounds, lambda one: one.milliseconds(95)).shown()]
        rows.append(row)
    said = failed(failures([one for rounds in found.values() for one in rounds]))
    return f"{words}\n{table(('leads', 'p50', 'p95'), rows)}\n\n{said}"


def _topics(trials: tuple[Trial, Trial] | None) -> str:
    if trials is None:
        return (
            "## Ten times the topics\n\nNot measured: the public messages are not there "
            "(FRONT_DESK_BENCHMARK_DATA, [benchmarks/README.md](../README.md))."
        )
    rows = [
        [
            f"{trial.labels:,}",
            f"{trial.examples:,}",
            f"{median(trial.parse_ms):.1f}",
            f"{percentile(trial.parse_ms, 95):.1f}",
            f"{trial.train_seconds:.0f}",
            f"{trial.memory_mb:.0f}",
        ]
        for trial in trials
    ]
    head = ("labels", "examples", "p50", "p95", "training, s", "memory, MB")
    return TOPICS.format(examples=f"{trials[0].examples:,}") + "\n" + table(head, rows)


def _stored_ratio(found: stored.Found) -> float:
    empty, full = (
        figure(found[leads], lambda one: one.milliseconds(50)) for leads in sorted(found)
    )
    return full.middle / empty.middle


def _topics_ratio(few: Trial, many: Trial) -> float:
    return median(many.parse_ms) / median(few.parse_ms)


def _whole(cpu: Mapping[str, float]) -> float:
    return sum(milliseconds for process, milliseconds in cpu.items() if process != CLIENT)
