"""Notices wait until somebody takes them, and never say what happened to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import notices
from clinic.clock import now
from clinic.tables import Notice


def test_a_notice_that_is_sent_is_not_sent_again(session: Session) -> None:
    notices.queue(session, kind="new_lead", subject="lead:1")
    sent: list[tuple[str, str]] = []

    def send(title: str, body: str) -> bool:
        sent.append((title, body))
        return True

    rounds = [notices.deliver_due(session, send, staff_url="https://desk/staff") for _ in range(2)]

    assert rounds == [1, 0]
    assert len(sent) == 1


def test_a_notice_that_fails_is_tried_again_later(session: Session) -> None:
    notices.queue(session, kind="crisis", subject="crisis:1")

    notices.deliver_due(session, lambda *_: False, staff_url="-")
    at_once = notices.deliver_due(session, lambda *_: True, staff_url="-")
    waiting = session.scalars(select(Notice)).one()
    waits = waiting.due_at - now()
    waiting.due_at = now()
    later = notices.deliver_due(session, lambda *_: True, staff_url="-")

    assert (at_once, later, waiting.attempts) == (0, 1, 2)
    assert timedelta(seconds=50) < waits <= timedelta(minutes=1)


def test_a_notice_is_never_given_up(session: Session) -> None:
    notices.queue(session, kind="new_lead", subject="lead:1")
    waiting = session.scalars(select(Notice)).one()

    for _ in range(30):
        waiting.due_at = now()
        notices.deliver_due(session, lambda *_: False, staff_url="-")

    assert waiting.sent_at is None
    assert waiting.due_at - now() <= notices.LONGEST_WAIT


def test_a_notice_carries_no_subject_and_no_health_word(session: Session) -> None:
    for kind in notices.WORDS:
        notices.queue(session, kind=kind, subject="lead:secret-id")
    said: list[str] = []

    def send(title: str, body: str) -> bool:
        said.append(f"{title} {body}".lower())
        return True

    notices.deliver_due(session, send, staff_url="https://desk/staff")

    for word in ("secret-id", "ketamine", "crisis", "suicid", "depress", "health", "patient"):
        assert not any(word in text for text in said), word


def test_an_unknown_kind_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        notices.queue(session, kind="gossip", subject="lead:1")
