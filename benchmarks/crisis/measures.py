"""What is measured, as plain numbers."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.crisis.datasets import Case

HARD, SOFT, NONE = "hard", "soft", "none"

Hear = Callable[[str], str]
"""A message to `hard`, `soft` or `none`."""


@dataclass(frozen=True)
class Count:
    """Of one kind of sentences: how many were heard as what."""

    kind: str
    hard: int
    soft: int
    sentences: int

    @property
    def heard(self) -> float:
        """Percent that were heard as danger or a hint of it."""
        return 100 * (self.hard + self.soft) / self.sentences

    @property
    def hard_share(self) -> float:
        return 100 * self.hard / self.sentences

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of `heard`, in percent."""
        n, p, z = self.sentences, self.heard / 100, 1.96
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
        return 100 * (middle - half), 100 * (middle + half)


def count(cases: Sequence[Case], outcomes: Sequence[str], kind: str = "all") -> Count:
    return Count(kind, outcomes.count(HARD), outcomes.count(SOFT), len(cases))


def by_kind(cases: Sequence[Case], hear: Hear) -> list[Count]:
    """A count for each kind, in the order of the cases."""
    heard = [hear(case.text) for case in cases]
    kinds = dict.fromkeys(case.kind for case in cases)
    return [
        count(
            [case for case in cases if case.kind == kind],
            [outcome for case, outcome in zip(cases, heard, strict=True) if case.kind == kind],
            kind,
        )
        for kind in kinds
    ]


def total(counts: Sequence[Count], kind: str) -> Count:
    return Count(
        kind,
        sum(c.hard for c in counts),
        sum(c.soft for c in counts),
        sum(c.sentences for c in counts),
    )


@dataclass(frozen=True)
class Cost:
    """Milliseconds that one message takes."""

    name: str
    messages: int
    p50: float
    p95: float
    highest: float


def cost(name: str, texts: Sequence[str], hear: Hear, *, clock: Callable[[], float]) -> Cost:
    """Each text once, after a first one that warms up."""
    hear("hello")
    times = []
    for text in texts:
        started = clock()
        hear(text)
        times.append(1000 * (clock() - started))
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return Cost(name, len(times), statistics.median(times), p95, max(times))


ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz     ",
    "!?.,;:'\"*_-/\\|()[]<>^$#@%&+=~` \t\n\r",
    "".join(map(chr, range(0x20))) + "\x7f\u200b\u200d\ufeff\u202e\ud800",
    "😀💀🔪💊👩‍👩‍👧☠️🏳️‍🌈",
    "áéíóúñçßøåæœığшжйѣαβγ漢字かなกขअआﷺ٠١٢",
)
MOST_RANDOM = 200
HUGE = 64 * 1024
HUGE_EVERY = 2_000


def survives(hear: Hear, strings: int) -> dict[str, int]:
    """How many random strings were read, and how many raised: unicode, emoji, control, 64 KB."""
    chance = random.Random(988)
    broken = 0
    for number in range(strings):
        letters = "".join(chance.sample(ALPHABETS, chance.randint(1, len(ALPHABETS))))
        letters += "".join(chr(chance.randrange(0x110000)) for _ in range(20))
        length = chance.randint(0, MOST_RANDOM)
        text = "".join(chance.choices(letters, k=length))
        if number % HUGE_EVERY == 0:
            text = (text or "x") * (HUGE // max(length, 1))
        try:
            hear(text)
        except Exception:  # counted, whatever it is
            broken += 1
    return {"strings": strings, "huge": strings // HUGE_EVERY, "raised": broken}


def thread_time() -> float:
    """Seconds of processor time: other work on the machine does not count."""
    return time.thread_time()
