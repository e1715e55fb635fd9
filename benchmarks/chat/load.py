"""Let visitors talk, and measure it from the client's side."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.chat import usage
from benchmarks.chat.connection import Closed
from benchmarks.chat.measures import Round
from benchmarks.chat.visitors import NoAnswer, SaidNothing, Talker

TROUBLE = (NoAnswer, Closed, OSError, TimeoutError)


class Bot(Protocol):
    """What is measured: who asks it, and the processes that answer."""

    def visitor(self) -> Talker: ...

    def pids(self) -> dict[str, int]: ...


@dataclass(frozen=True)
class Load:
    """So many visitors at once, each with so many conversations one after the other."""

    visitors: int
    conversations: int


def one_round(bot: Bot, talk: Sequence[Sequence[str]], load: Load) -> Round:
    """All visitors of a load, from the first message to the last answer.

    A turn in which nothing was said counts with its time, as the bot did its work, and as a
    failure; a refusal ends the conversation.
    """
    turns: list[float] = []
    failed: Counter[str] = Counter()

    async def turn(visitor: Talker, sentence: str) -> None:
        try:
            turns.append(await visitor.say(sentence))
        except SaidNothing as silence:
            turns.append(silence.seconds)
            failed["nothing was said"] += 1

    async def visit(number: int) -> None:
        visitor = bot.visitor()
        for place in range(load.conversations):
            sentences = talk[(number + place) % len(talk)]
            try:
                await visitor.begin()
                for sentence in sentences:
                    await turn(visitor, sentence)
            except TROUBLE as error:
                failed[f"{type(error).__name__}: {error}"] += 1
        await visitor.close()

    async def everybody() -> None:
        await asyncio.gather(*(visit(number) for number in range(load.visitors)))

    before, cores = usage.processor_seconds(bot.pids()), usage.Cores()
    begun = time.perf_counter()
    asyncio.run(everybody())
    wall = time.perf_counter() - begun
    cpu = usage.spent(before, usage.processor_seconds(bot.pids()))
    return Round(turns, wall, cpu, cores.busy(), failed)


def in_turn(
    bots: Mapping[str, tuple[Bot, Sequence[Sequence[str]]]], loads: Sequence[Load], rounds: int
) -> dict[str, dict[int, list[Round]]]:
    """Rounds of each bot by the number of visitors; the bots take turns, so that whatever else
    the machine does hits all of them."""
    found: dict[str, dict[int, list[Round]]] = {
        name: {load.visitors: [] for load in loads} for name in bots
    }
    for number in range(rounds):
        for load in loads:
            order = list(bots) if number % 2 == 0 else list(bots)[::-1]
            for name in order:
                found[name][load.visitors].append(one_round(*bots[name], load))
    return found
