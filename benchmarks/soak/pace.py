"""How fast all visitors together may speak: evenly, however quick the answers are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Pace:
    """Gives out moments, so many a second. What comes late is not made up for in a rush."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.step, self.clock = 1 / per_second, clock
        self.next = clock()

    def seconds_left(self) -> float:
        """Take the next moment; how long it is until then."""
        now = self.clock()
        moment = max(self.next, now)
        self.next = moment + self.step
        return moment - now

    async def turn(self) -> None:
        await asyncio.sleep(self.seconds_left())
