"""Danger in the answers of an interview: what is new of it, and how urgent it makes the visitor."""

from __future__ import annotations

from clinic.crisis_events import URGENCY
from clinic.questionnaires import standing
from clinic.screening.progress import Progress
from clinic.screening.rules import ALARMS


def new_alarm(name: str, before: Progress, after: Progress) -> str | None:
    """The alarm that this answer raised; one that was there before was heard already."""
    now, earlier = standing(name, after), standing(name, before)
    alarm = now.alarm if now else None
    if alarm is None or (earlier and earlier.alarm in ALARMS[: ALARMS.index(alarm) + 1]):
        return None
    return alarm


def urgency_of(name: str, progress: Progress) -> int:
    """How urgent the answers so far make somebody whose answers show danger."""
    sorted_as = standing(name, progress)
    return max(URGENCY, sorted_as.urgency if sorted_as else 0)
