"""The soak itself: visitors of all kinds at half of what the product can carry."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from benchmarks.chat import talk
from benchmarks.chat.desks import Desk
from benchmarks.chat.load import Load, one_round
from benchmarks.soak.pace import Pace
from benchmarks.soak.visits import KINDS, TROUBLE, Visit, kind_of
from benchmarks.soak.watch import Samples, watch
from clinic import database
from clinic.clock import now
from clinic.tables import Staff

SHARE = 0.5
"""Of the capacity."""
SECONDS_TO_THINK = 4.0
"""Between two messages of one visitor; from it follows how many are there at once."""
WARM_UP, MEASURED = Load(8, 2), Load(8, 6)
PATIENCE = timedelta(days=7)


@dataclass
class Found:
    """What happened. `seconds`: of every turn; the counts are of visits, by kind."""

    capacity: float
    asked: float
    wall: float = 0.0
    seconds: list[float] = field(default_factory=list)
    visits: Counter[str] = field(default_factory=Counter)
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: Samples = field(default_factory=Samples)
    leads: int = 0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.wall


def soak(desk: Desk, minutes: float, seed: int = 0) -> Found:
    one_round(desk, talk.OURS, WARM_UP)
    capacity = one_round(desk, talk.OURS, MEASURED).per_second
    somebody_is_there(desk)
    found = Found(capacity, capacity * SHARE)
    before = leads(desk)
    asyncio.run(_soak(desk, 60 * minutes, found, random.Random(seed)))
    found.leads = leads(desk) - before
    return found


def somebody_is_there(desk: Desk) -> None:
    """Staff who take chats, or else nobody would wait for them with an open stream."""
    engine = database.open_engine(desk.env["CLINIC_DATABASE_URL"])
    with Session(engine) as session:
        colleague = Staff(username="colleague", password_hash="-", is_here=True)  # noqa: S106
        colleague.last_seen_at = now() + PATIENCE  # without a page that says so again and again
        session.add(colleague)
        session.commit()
    engine.dispose()


def leads(desk: Desk) -> int:
    with sqlite3.connect(desk.database) as connection:
        return int(connection.execute("SELECT count(*) FROM leads").fetchone()[0])


async def _soak(desk: Desk, seconds: float, found: Found, chance: random.Random) -> None:
    begun = time.monotonic()
    pace = Pace(found.asked)
    watching = asyncio.create_task(watch(desk.pids(), found.samples))
    places = max(round(found.asked * SECONDS_TO_THINK), len(KINDS))
    await asyncio.gather(
        *(_visits(desk.url, pace, begun + seconds, found, chance) for _ in range(places))
    )
    found.wall = time.monotonic() - begun
    watching.cancel()
    found.samples.take(found.wall, desk.pids())


async def _visits(url: str, pace: Pace, until: float, found: Found, chance: random.Random) -> None:
    """One place in the waiting room: as a visitor leaves, the next one comes."""
    names = list(KINDS)
    weights = [KINDS[name][0] for name in names]
    while time.monotonic() < until:
        name = chance.choices(names, weights)[0]
        visit = Visit(url, pace, chance)
        try:
            await KINDS[name][1](visit)
        except TROUBLE as error:
            found.errors[name, kind_of(error)] += 1
        found.visits[name] += 1
        found.seconds += visit.seconds
        await visit.visitor.close()
