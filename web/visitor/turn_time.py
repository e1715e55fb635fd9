"""How long the parts of one turn took, for the metrics."""

from __future__ import annotations

from time import perf_counter

from web import metrics


class TurnTime:
    """Begins when the conversation is free: what a visitor waits for their own message before is
    no time of this turn.
    """

    def __init__(self) -> None:
        self._last = perf_counter()
        self._web = self._rasa = 0.0

    def before_is_over(self) -> None:
        self._web += self._note(metrics.BEFORE)

    def rasa_is_over(self) -> None:
        self._rasa += self._note(metrics.RASA)

    def is_over(self) -> None:
        self._web += self._note(metrics.AFTER)
        metrics.turn_seconds.labels(metrics.WEB).observe(self._web)
        metrics.turn_seconds.labels(metrics.WHOLE).observe(self._web + self._rasa)

    def _note(self, part: str) -> float:
        """Seconds since the part before."""
        now = perf_counter()
        seconds, self._last = now - self._last, now
        metrics.turn_seconds.labels(part).observe(seconds)
        return seconds
