"""Whether two of everything carry more than one, on the same databases and the same cores."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chat import talk
from benchmarks.chat.desks import Desk, Replicas, Servers, running
from benchmarks.chat.load import Bot, Load, in_turn, one_round
from benchmarks.chat.measures import Round

ONE, TWO = "one replica", "two replicas"
WARM_UP = Load(visitors=4, conversations=2)


@dataclass(frozen=True)
class Size:
    loads: Sequence[Load]
    rounds: int


USUAL = Size(loads=(Load(8, 4), Load(64, 2)), rounds=5)
QUICK = Size(loads=(Load(8, 1),), rounds=1)

Found = dict[str, dict[int, list[Round]]]


def measure(folder: Path, servers: Servers, size: Size) -> Found:
    """One replica and two, in turn, all three started: who is not asked takes next to nothing."""
    one = servers.database("one")
    two = servers.database("two")
    with ExitStack() as stack:
        alone, *pair = [
            stack.enter_context(running(Desk(folder / f"replica-{number}", **settings)))
            for number, settings in enumerate((one, two, two))
        ]
        bots: dict[str, tuple[Bot, Sequence[Sequence[str]]]] = {
            ONE: (Replicas([alone], servers.pids()), talk.OURS),
            TWO: (Replicas(pair, servers.pids()), talk.OURS),
        }
        for bot, sentences in bots.values():
            one_round(bot, sentences, WARM_UP)
        return in_turn(bots, size.loads, size.rounds)
