"""Kill and freeze at random, the same way for the same seed, and put everything right again."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from benchmarks.chaos.servers import Server, freeze, thaw

DOWN_FOR = (0.2, 4.0)
FROZEN_FOR = (1.0, 6.0)
SHARE_OF_FREEZES = 0.35


class Deed(StrEnum):
    """What is done to a server."""

    KILL = auto()
    FREEZE = auto()


@dataclass(frozen=True)
class Fault:
    """After `wait` seconds, this is done to the server, which is left so for `lasts` seconds."""

    wait: float
    place: int
    deed: Deed
    lasts: float


@dataclass(frozen=True)
class Outage:
    """From when to when a server was away; the start until it is well again is part of it."""

    server: str
    deed: Deed
    begun: float
    ended: float


def faults(seed: int, servers: int, gap: float) -> Iterator[Fault]:
    """Without end; `gap` seconds lie between two, on average."""
    dice = random.Random(f"faults {seed}")
    while True:
        wait = dice.expovariate(1 / gap)
        deed = Deed.FREEZE if dice.random() < SHARE_OF_FREEZES else Deed.KILL
        lasts = dice.uniform(*(FROZEN_FOR if deed == Deed.FREEZE else DOWN_FOR))
        yield Fault(wait, dice.randrange(servers), deed, lasts)


class Storm:
    """What goes wrong in one run, and what is put right."""

    def __init__(self, servers: Sequence[Server], seed: int, gap: float, begun: float) -> None:
        self.servers, self.begun = servers, begun
        self.plan = faults(seed, len(servers), gap)
        self.outages: list[Outage] = []
        self._down: set[str] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        self._changes = asyncio.Event()
        self.is_over = False

    async def rage(self, seconds: float) -> None:
        """For so long, or until it is cancelled; then `calm` waits for what is under way."""
        for fault in self.plan:
            await asyncio.sleep(fault.wait)
            if time.monotonic() - self.begun > seconds:
                return
            server = self.servers[fault.place]
            if server.name in self._down:
                continue  # it is on its way back: a second blow would only be one longer outage
            self._down.add(server.name)
            task = asyncio.create_task(self._strike(server, fault))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def calm(self) -> None:
        self.is_over = True
        self._tell()
        await asyncio.gather(*self._under_way)

    async def next_outage(self) -> bool:
        """Wait until something else is struck; False if all is calm from now on."""
        if not self.is_over:
            await self._changes.wait()
        return not self.is_over

    def _tell(self) -> None:
        self._changes.set()
        self._changes = asyncio.Event()

    async def _strike(self, server: Server, fault: Fault) -> None:
        begun = time.monotonic()
        self._tell()
        try:
            await (self._kill if fault.deed == Deed.KILL else self._freeze)(server, fault.lasts)
        finally:
            self._down.discard(server.name)
        ended = time.monotonic()
        outage = Outage(server.name, fault.deed, begun - self.begun, ended - self.begun)
        self.outages.append(outage)
        took = f"{outage.ended - outage.begun:.1f} s"
        print(
            f"… {outage.begun:6.1f} s: {fault.deed} {server.name}, away for {took}",
            file=sys.stderr,
            flush=True,
        )

    async def _kill(self, server: Server, lasts: float) -> None:
        await asyncio.to_thread(server.kill)
        await asyncio.sleep(lasts)
        await asyncio.to_thread(server.start)

    async def _freeze(self, server: Server, lasts: float) -> None:
        frozen = await asyncio.to_thread(freeze, server)
        try:
            await asyncio.sleep(lasts)
        finally:
            thaw(frozen)
