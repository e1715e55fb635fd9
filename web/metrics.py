"""What Prometheus is told about the web: how many, how long, how old; never who, never what.

Every label has a few values that stand in our own code. Nothing here is asked for by a visitor:
the figures are served on a port of their own (web/metrics_port.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # twice as many lines, and nobody reads them

SECONDS = (
    *(0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.0075),  # our own part of a turn
    *(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0),
)

BEFORE, RASA, AFTER = "before", "rasa", "after"
"""The parts of a turn: until Rasa is asked, Rasa's own, what is left."""
WEB, WHOLE = "web", "whole"
"""Of one turn what is ours, before and after together; and all three."""

turn_seconds = Histogram(
    "front_desk_turn_seconds", "How long a turn took, by part.", ("part",), buckets=SECONDS
)
turns = Counter("front_desk_turns", "Turns that are over, by what the visitor got.", ("outcome",))
crisis_answers = Counter(
    "front_desk_crisis_answers", "Answers to words of danger, by who gave them.", ("by",)
)
requests = Counter("front_desk_requests", "Requests answered.", ("method", "route", "status"))
request_seconds = Histogram(
    "front_desk_request_seconds",
    "How long a request took, streams aside.",
    ("route",),
    buckets=SECONDS,
)
refusals = Counter("front_desk_refusals", "What was refused, by the code told.", ("code",))
failures = Counter("front_desk_failures", "Faults nobody had foreseen, by their class.", ("error",))
streams_open = Gauge("front_desk_streams_open", "Live streams that are open now.", ("whose",))

BOT, FIRST_HELP = "bot", "first_help"
"""Who answered words of danger: the bot, or web itself because the bot was late or not there."""

WEIGHT = (
    "crisis",
    "check_in",
    "outcome",
    "question",
    "handoff",
    "download",
    "answer",
    "fallback",
    "text",
)
"""Kinds of reply, the one that says most of a turn first."""
SILENT, REFUSED, UNAVAILABLE = "silent", "refused", "unavailable"
"""Turns without a reply: a person writes, we said no, the bot did not answer."""

for _outcome in (*WEIGHT, SILENT, REFUSED, UNAVAILABLE):
    turns.labels(_outcome)  # a counter that begins at 0 has a rate from its first count on
for _who in (BOT, FIRST_HELP):
    crisis_answers.labels(_who)
for _part in (BEFORE, RASA, AFTER, WEB, WHOLE):
    turn_seconds.labels(_part)
for _whose in ("visitor", "staff"):
    streams_open.labels(_whose)


def outcome_of(payloads: Iterable[dict[str, Any] | None]) -> str:
    """What a visitor got, by the payloads of the replies."""
    kinds = {str((payload or {}).get("type") or "text") for payload in payloads}
    return next((kind for kind in WEIGHT if kind in kinds), "text" if kinds else SILENT)


def count_turn(outcome: str, *, crisis_by: str = BOT) -> None:
    """Count one turn that is over; words of danger also by who answered them."""
    turns.labels(outcome).inc()
    if outcome == "crisis":
        crisis_answers.labels(crisis_by).inc()
