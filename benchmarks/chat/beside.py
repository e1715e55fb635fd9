"""Our bot beside the starter: how fast, how much, how large, how soon."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import yaml

from benchmarks.chat import talk, usage, web_share
from benchmarks.chat.desks import Desk, Replicas, Servers
from benchmarks.chat.load import TROUBLE, Bot, Load, in_turn, one_round
from benchmarks.chat.measures import Round
from benchmarks.chat.starter import Starter
from benchmarks.chat.usage import Memory
from benchmarks.chat.visitors import OurVisitor
from benchmarks.chat.web_share import Share
from setup import rasa_model
from setup.home import HOME, environment, python_of

STARTER, OURS, SHARED = "starter", "ours", "ours on PostgreSQL and Redis"
WARM_UP = Load(visitors=4, conversations=2)


@dataclass(frozen=True)
class Size:
    """How long and how often is measured. `loads`: visitors and conversations of each."""

    loads: Sequence[Load]
    rounds: int
    starts: int
    trains: bool


USUAL = Size(
    loads=(Load(1, 12), Load(8, 4), Load(64, 2)),
    rounds=5,
    starts=3,
    trains=True,
)
QUICK = Size(loads=(Load(1, 1), Load(8, 1)), rounds=1, starts=1, trains=False)


@dataclass
class Found:
    """Everything that was measured; times in seconds."""

    rounds: dict[str, dict[int, list[Round]]]
    memory: dict[str, dict[str, Memory]]
    starts: dict[str, list[float]]
    training: dict[str, float]
    shares: dict[int, Share | None]
    topics: int
    hears_danger: bool
    turns: int = talk.TURNS
    talk: dict[str, int] = field(default_factory=dict)
    """What our bot's answers were in one pass of every conversation, by type."""


class Startable(Bot, Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


def measure(folder: Path, servers: Servers, size: Size) -> Found:
    starter = Starter(folder)
    training = {STARTER: starter.train()}
    if size.trains:
        training[OURS] = train_ours(folder)
    desk = Desk(folder / "desk")
    shared = Desk(folder / "shared", **servers.database("beside"))
    starts = started({STARTER: starter, OURS: desk}, size.starts)
    with ExitStack() as stack:
        for startable in (starter, desk, shared):
            stack.callback(startable.stop)
        for startable in (starter, desk, shared):
            startable.start()
        types, hears = asyncio.run(what_is_said(desk.visitor()))
        bots: dict[str, tuple[Bot, Sequence[Sequence[str]]]] = {
            STARTER: (starter, talk.STARTER),
            OURS: (desk, talk.OURS),
            SHARED: (Replicas([shared], servers.pids()), talk.OURS),
        }
        for bot, sentences in bots.values():
            one_round(bot, sentences, WARM_UP)
        rounds: dict[str, dict[int, list[Round]]] = {name: {} for name in bots}
        shares = {}
        for load in size.loads:
            before = web_share.look(desk.metrics_port)
            for name, of_bot in in_turn(bots, [load], size.rounds).items():
                rounds[name].update(of_bot)
            shares[load.visitors] = web_share.share(before, web_share.look(desk.metrics_port))
        memory = {
            name: {process: usage.memory(pid) for process, pid in bot.pids().items()}
            for name, (bot, _) in bots.items()
        }
    return Found(rounds, memory, starts, training, shares, topics(), hears, talk=types)


def train_ours(folder: Path) -> float:
    """Seconds of the training that `make train` runs, into a folder of its own."""
    command = [str(python_of("rasa")), "-m", "rasa", "train", "--quiet", "--force"]
    command += ["--out", str(folder / "model"), "--fixed-model-name", "ours"]
    begun = time.perf_counter()
    with (folder / "our-training.log").open("wb") as log:
        subprocess.run(
            command,
            cwd=HOME,
            env={**environment(), **rasa_model.NO_NEIGHBOURS},
            stdout=log,
            stderr=log,
            check=True,
        )
    return time.perf_counter() - begun


def started(bots: Mapping[str, Startable], times: int) -> dict[str, list[float]]:
    """Seconds from the command to the first answer, each bot in turn, alone on the machine."""
    found: dict[str, list[float]] = {name: [] for name in bots}
    for _ in range(times):
        for name, bot in bots.items():
            begun = time.perf_counter()
            try:
                bot.start()
                asyncio.run(_first_answer(bot))
                found[name].append(time.perf_counter() - begun)
            finally:
                bot.stop()
    return found


async def _first_answer(bot: Bot) -> None:
    visitor = bot.visitor()
    for left in reversed(range(100)):
        try:
            await visitor.begin()
            await visitor.say("hello")
            break
        except TROUBLE:
            if not left:
                raise
            await asyncio.sleep(0.1)
    await visitor.close()


async def what_is_said(visitor: OurVisitor) -> tuple[dict[str, int], bool]:
    """The types of all answers to our conversations, and whether danger is heard."""
    found: dict[str, int] = {}
    for sentences in talk.OURS:
        await visitor.begin()
        for sentence in sentences:
            await visitor.say(sentence)
            for kind in visitor.types:
                found[kind] = found.get(kind, 0) + 1
    await visitor.begin()
    await visitor.say(talk.DANGER)
    hears = "crisis" in visitor.types and talk.HELP_LINE in str(visitor.heard)
    await visitor.close()
    return found, hears


def topics() -> int:
    """How many topics our bot answers."""
    files = sorted((HOME / "data" / "faq").glob("*.yml"))
    return sum(len(yaml.safe_load(path.read_text("utf-8"))["topics"]) for path in files)
