"""How long the parts of one turn took, for the metrics."""

from __future__ import annotations

from time import perf_counter

from web import metrics


class TurnTime:
    """Begins when the conversation is free: what a visitor waits for their own message before is
    no time of this turn.
    """

    def __init__(self) -> None:
        self._begun = self._last = perf_counter()

    def before_is_over(self) -> None:
        self._note(metrics.BEFORE)

    def rasa_is_over(self) -> None:
        self._note(metrics.RASA)

    def is_over(self) -> None:
        self._note(metrics.AFTER)
        metrics.turn_seconds.labels(metrics.WHOLE).observe(self._last - self._begun)

    def _note(self, part: str) -> None:
        now = perf_counter()
        metrics.turn_seconds.labels(part).observe(now - self._last)
        self._last = now
