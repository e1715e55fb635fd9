"""What web itself adds to a turn, from the histograms that it serves to Prometheus."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families

FAMILY = "front_desk_turn_seconds"


@dataclass(frozen=True)
class Part:
    """How many turns took at most so many seconds, by bound, and all their seconds together."""

    buckets: Mapping[float, float] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def turns(self) -> float:
        return max(self.buckets.values(), default=0.0)

    def since(self, before: Part) -> Part:
        buckets = {
            bound: count - before.buckets.get(bound, 0.0) for bound, count in self.buckets.items()
        }
        return Part(buckets, self.seconds - before.seconds)

    def at(self, percent: float) -> float:
        """Milliseconds, within a bucket as Prometheus estimates it: evenly spread."""
        wanted, lower, below = self.turns * percent / 100, 0.0, 0.0
        for bound, count in sorted(self.buckets.items()):
            if count >= wanted:
                if bound == float("inf"):
                    return 1000 * lower
                inside = count - below
                return 1000 * (
                    lower + (bound - lower) * ((wanted - below) / inside if inside else 1)
                )
            lower, below = bound, count
        return 1000 * lower


def read(page: str) -> dict[str, Part]:
    """The parts of a turn on a page of metrics."""
    buckets: dict[str, dict[float, float]] = {}
    seconds: dict[str, float] = {}
    for family in text_string_to_metric_families(page):
        if family.name != FAMILY:
            continue
        for sample in family.samples:
            part = sample.labels["part"]
            if sample.name.endswith("_bucket"):
                buckets.setdefault(part, {})[float(sample.labels["le"])] = sample.value
            elif sample.name.endswith("_sum"):
                seconds[part] = sample.value
    return {part: Part(found, seconds.get(part, 0.0)) for part, found in buckets.items()}


def look(port: int) -> dict[str, Part]:
    """The histograms as they are now; none if nothing is served there."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            return read(answer.read().decode())
    except (urllib.error.URLError, OSError):
        return {}


@dataclass(frozen=True)
class Share:
    """Milliseconds of web's own work in a turn: 95th percentiles, as exact as the buckets of the
    histograms, and of both parts together the average too.
    """

    before: float
    after: float
    both: float
    average: float
    turns: int


def share(before: Mapping[str, Part], after: Mapping[str, Part]) -> Share | None:
    """Web's share of the turns between two looks; None if they were not counted."""
    parts = {name: part.since(before.get(name, Part())) for name, part in after.items()}
    if not {"before", "after", "web"} <= parts.keys() or not parts["web"].turns:
        return None
    both = parts["web"]
    return Share(
        before=parts["before"].at(95),
        after=parts["after"].at(95),
        both=both.at(95),
        average=1000 * both.seconds / both.turns,
        turns=round(both.turns),
    )
