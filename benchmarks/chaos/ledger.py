"""What visitors were shown as taken: the side of the books that the product cannot rewrite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Bubble = Mapping[str, Any]

HELP_LINE = "988"
LATEST_HELP = 2.0
"""Seconds after which help is late."""


@dataclass(frozen=True)
class Said:
    """A message that was answered. `shown` are id and text of each bubble of the answer."""

    conversation: str
    key: str
    text: str
    shown: tuple[tuple[str, str], ...]
    tries: int
    acknowledged: bool
    """Nothing in the answer said that it may not have been saved."""
    danger: bool = False


@dataclass(frozen=True)
class Taken:
    """An answer after which another question came, or the end."""

    conversation: str
    form: str
    field: str


@dataclass(frozen=True)
class Sent:
    """A visitor was told that staff have their answers, or their wish to be called."""

    conversation: str
    form: str
    visitor: int


@dataclass(frozen=True)
class Danger:
    """One message of crisis: after how many seconds 988 was on the screen, and by whom."""

    conversation: str
    key: str
    at: float
    first_line: bool
    """Whether the open page itself hears the danger in these words."""
    server: float | None
    """The first answer of the server with 988 in it, to whichever try."""
    widget: float | None
    """The page's own help: at once where sending failed, else when patience ended."""

    @property
    def shown(self) -> float | None:
        return min((one for one in (self.server, self.widget) if one is not None), default=None)

    @property
    def in_time(self) -> bool:
        return self.shown is not None and self.shown <= LATEST_HELP


@dataclass
class Ledger:
    """All that every visitor was told."""

    said: list[Said] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    dangers: list[Danger] = field(default_factory=list)
    answers: list[tuple[float, float, int]] = field(default_factory=list)
    """Of each message: when it was first sent, seconds until its answer, tries."""
    counts: dict[str, int] = field(default_factory=dict)
    """What else happened, such as apologies and conversations that had to begin anew."""
    stuck: list[tuple[int, str]] = field(default_factory=list)
    """Visitors who gave up, and where."""

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def types(bubbles: Sequence[Bubble]) -> list[str]:
    return [str((bubble.get("payload") or {}).get("type", "plain")) for bubble in bubbles]


def open_field(bubbles: Sequence[Bubble]) -> str | None:
    """The question that an answer ends with."""
    payloads = [bubble.get("payload") or {} for bubble in bubbles]
    fields = [str(one["field"]) for one in payloads if one.get("type") == "question"]
    return fields[-1] if fields else None


def says_sent(bubbles: Sequence[Bubble]) -> bool:
    """Whether the answer tells that staff have it: an outcome, or that a person will call."""
    payloads = [bubble.get("payload") or {} for bubble in bubbles]
    return any(
        one.get("type") == "outcome"
        or (one.get("type") == "handoff" and one.get("state") == "callback")
        for one in payloads
    )
