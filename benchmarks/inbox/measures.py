"""How long a deed takes with few leads and with many, both measured in turn on one machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Deed = Callable[[], object]
IN_A_ROW = 5
"""So often one clinic is asked before the other: whatever else the machine does hits both."""


@dataclass(frozen=True)
class Times:
    """Milliseconds of every try."""

    tries: Sequence[float]

    def at(self, percent: float) -> float:
        return sorted(self.tries)[min(round(len(self.tries) * percent / 100), len(self.tries) - 1)]


@dataclass(frozen=True)
class Case:
    """One thing that staff do. `by_leads`: the times by the number of leads."""

    name: str
    way: str
    by_leads: Mapping[int, Times]

    def ratio(self, percent: float = 95) -> float:
        """How many times as long it takes with many leads."""
        few, many = (self.by_leads[number].at(percent) for number in sorted(self.by_leads))
        return many / few


def measured(
    name: str, way: str, deeds: Mapping[int, Deed], *, tries: int, warm_up: int = 8
) -> Case:
    times: dict[int, list[float]] = {number: [] for number in deeds}
    for deed in deeds.values():
        for _ in range(warm_up):
            deed()
    while any(len(taken) < tries for taken in times.values()):
        for number, deed in deeds.items():
            times[number] += [_taken(deed) for _ in range(IN_A_ROW)]
    return Case(name, way, {number: Times(taken) for number, taken in times.items()})


def _taken(deed: Deed) -> float:
    begun = time.perf_counter()
    deed()
    return (time.perf_counter() - begun) * 1000
