"""What Prometheus is told about the action server: which actions, how long, how many failed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # twice as many lines, and nobody reads them

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)

seconds = Histogram(
    "front_desk_action_seconds", "How long an action took.", ("action",), buckets=SECONDS
)
failures = Counter(
    "front_desk_action_failures",
    "Actions that broke, by the class of the fault.",
    ("action", "error"),
)


@contextmanager
def timed(action: str) -> Iterator[None]:
    """Measure an action by its name, which stands in our own code."""
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds.labels(action).observe(time.perf_counter() - began)
