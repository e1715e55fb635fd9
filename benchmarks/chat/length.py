"""Whether a turn late in a long conversation costs more than one early in a new one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.chat import talk, usage
from benchmarks.chat.desks import Desk

EARLY, LATE = 5, 300
AROUND = 2
"""Turns before and after that are counted with it."""
BLOCK = 10
MIXES: Mapping[str, Sequence[str]] = {"topics": talk.FAQ, "of everything": talk.MIXED}


@dataclass(frozen=True)
class Size:
    conversations: int
    late: int


USUAL, QUICK = Size(conversations=8, late=LATE), Size(conversations=1, late=30)


@dataclass(frozen=True)
class Long:
    """Seconds. `early` and `late` are the same sentences, said in turn in a new conversation and
    in a long one; `along` is the median of each block of the long ones, by its first turn."""

    early: Sequence[float]
    late: Sequence[float]
    along: Mapping[int, float]
    cpu_early: Mapping[str, float]
    """Milliseconds of a turn by process: in the first block of a conversation, and the last."""
    cpu_late: Mapping[str, float]

    @property
    def ratio(self) -> float:
        return median(self.late) / median(self.early)


def measure(desk: Desk, size: Size) -> dict[str, Long]:
    return {name: asyncio.run(_long(desk, sentences, size)) for name, sentences in MIXES.items()}


async def _long(desk: Desk, sentences: Sequence[str], size: Size) -> Long:
    early: list[float] = []
    late: list[float] = []
    blocks: dict[int, list[float]] = {}
    cpu: dict[int, dict[str, float]] = {}
    shift = size.late - EARLY
    first = -shift % len(sentences)  # so that both say the same when the new one begins
    texts = talk.endless(sentences, first + size.late + AROUND)[first:]
    for _ in range(size.conversations):
        old, new = desk.visitor(), desk.visitor()
        await old.begin()
        for begin in range(0, shift, BLOCK):
            before = usage.processor_seconds(desk.pids())
            for text in texts[begin : min(begin + BLOCK, shift)]:
                blocks.setdefault(begin, []).append(await old.say(text))
            _add(cpu.setdefault(begin, {}), before, usage.processor_seconds(desk.pids()))
        await new.begin()
        for number, text in enumerate(texts[shift:], 1):
            in_the_new, in_the_old = await new.say(text), await old.say(text)
            if number >= EARLY - AROUND:
                early.append(in_the_new)
                late.append(in_the_old)
        await new.close()
        await old.close()
    along = {begin + 1: median(seconds) for begin, seconds in blocks.items()}
    by_turn = {
        begin: {name: 1000 * seconds / len(blocks[begin]) for name, seconds in found.items()}
        for begin, found in cpu.items()
    }
    return Long(early, late, along, by_turn[min(by_turn)], by_turn[max(by_turn)])


def _add(to: dict[str, float], before: Mapping[str, float], after: Mapping[str, float]) -> None:
    for name, seconds in usage.spent(before, after).items():
        to[name] = to.get(name, 0.0) + seconds
