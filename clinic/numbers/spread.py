"""How long things took: counted by length, so that a million of them fit on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Spread:
    """The middle one, and the time within which nine of ten are done; in the unit counted in."""

    number: int
    median: int | None
    p90: int | None


def spread(lengths: Mapping[int, int]) -> Spread:
    """
    Args:
        lengths: how many took so many whole minutes, or seconds.
    """
    number = sum(lengths.values())
    return Spread(number, _within(lengths, number, 0.5), _within(lengths, number, 0.9))


def _within(lengths: Mapping[int, int], number: int, part: float) -> int | None:
    """The shortest time within which this part of them is done (nearest rank)."""
    wanted, so_far = ceil(part * number), 0
    for length in sorted(lengths):
        so_far += lengths[length]
        if so_far >= wanted:
            return length
    return None
