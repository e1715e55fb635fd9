"""The memory of every process, looked at again and again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.chat.measures import growth
from benchmarks.chat.usage import resident_mb

SECONDS_BETWEEN_LOOKS = 10.0


@dataclass
class Samples:
    """Megabytes by process, and when; moments in seconds from the beginning."""

    moments: list[float] = field(default_factory=list)
    resident: dict[str, list[float]] = field(default_factory=dict)

    def take(self, moment: float, pids: Mapping[str, int]) -> None:
        self.moments.append(moment)
        for name, pid in pids.items():
            self.resident.setdefault(name, []).append(resident_mb(pid))

    def after(self, moment: float) -> Samples:
        """Without what was seen before this moment."""
        first = next(
            (place for place, seen in enumerate(self.moments) if seen >= moment), len(self.moments)
        )
        rest = {name: values[first:] for name, values in self.resident.items()}
        return Samples(self.moments[first:], rest)

    def growth(self) -> dict[str, float]:
        """Percent, from the begin to the end of the straight line through all looks."""
        return {name: growth(self.moments, values) for name, values in self.resident.items()}


async def watch(pids: Mapping[str, int], samples: Samples) -> None:
    """Until it is cancelled."""
    begun = time.monotonic()
    while True:
        await asyncio.to_thread(samples.take, time.monotonic() - begun, pids)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
