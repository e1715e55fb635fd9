"""A delivery is sent by one process, tried again ever later, and holds up no other channel."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from clinic import notice_deliveries
from clinic.clock import now
from clinic.notice_deliveries import (
    LEASE,
    MOST_AT_ONCE,
    Lane,
    Letter,
    claim,
    has_failed,
    retry_now,
    was_sent,
)
from clinic.notice_planning import plan_due
from clinic.settings import settings
from tests.clinic.notice_builders import Later, a_channel, a_lead, an_alarm, deliveries, somebody

MINUTE = timedelta(minutes=1)
OPERATORS = {"t": "mailto://mail.example"}


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Later:
    return Later(monkeypatch, notice_deliveries)


def letters(claimed: dict[Lane, list[Letter]]) -> list[Letter]:
    return [letter for lane in claimed.values() for letter in lane]


def test_what_one_process_claimed_no_other_gets(session: Session) -> None:
    a_lead(session)
    a_channel(session)
    plan_due(session, targets=OPERATORS)

    first, second = claim(session, OPERATORS), claim(session, OPERATORS)

    assert (len(letters(first)), second) == (2, {})


def test_what_a_process_that_died_had_claimed_is_sent_by_another(
    session: Session, wait: Later
) -> None:
    a_lead(session)
    plan_due(session, targets=OPERATORS)
    claim(session, OPERATORS)

    wait(LEASE + MINUTE)

    assert len(letters(claim(session, OPERATORS))) == 1


def test_a_letter_says_where_to_look(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_PUBLIC_URL", "https://desk.example/")
    settings.cache_clear()
    a_lead(session)
    plan_due(session, targets=OPERATORS)

    (letter,) = letters(claim(session, OPERATORS))

    assert letter.words.title == "New request"
    assert letter.words.body.endswith("\nhttps://desk.example/staff/open/1")


def test_only_what_the_operator_has_set_is_trusted(session: Session) -> None:
    a_lead(session)
    channel = a_channel(session)
    plan_due(session, targets=OPERATORS)

    claimed = claim(session, OPERATORS)

    trusted = {lane: letter.trusted for lane, (letter,) in claimed.items()}
    assert trusted == {Lane(channel.id, None): False, Lane(None, "t"): True}


def test_a_failure_waits_twice_as_long_each_time_and_an_hour_at_most(
    session: Session, wait: Later
) -> None:
    a_lead(session)
    plan_due(session, targets=OPERATORS)
    waits = []

    for _ in range(9):
        (letter,) = letters(claim(session, OPERATORS))
        has_failed(session, letter.delivery_id, "ConnectTimeout")
        (delivery,) = deliveries(session)
        waits.append(round((delivery.due_at - wait.now()) / MINUTE))
        wait(delivery.due_at - wait.now() + timedelta(seconds=1))

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert (delivery.attempts, delivery.error) == (9, "ConnectTimeout")


def test_what_was_sent_is_not_sent_again(session: Session, wait: Later) -> None:
    a_lead(session)
    plan_due(session, targets=OPERATORS)
    (letter,) = letters(claim(session, OPERATORS))

    was_sent(session, letter.delivery_id)
    wait(timedelta(days=1))

    assert claim(session, OPERATORS) == {}


def test_a_lane_that_is_busy_is_left_alone_and_the_others_are_not(session: Session) -> None:
    a_lead(session)
    channel = a_channel(session)
    plan_due(session, targets=OPERATORS)

    claimed = claim(session, OPERATORS, busy=[Lane(channel.id, None)])

    assert list(claimed) == [Lane(None, "t")]


def test_the_most_urgent_leave_first_and_no_more_than_can_be_sent_in_time(
    session: Session,
) -> None:
    for place in range(MOST_AT_ONCE + 2):
        a_lead(session, f"c{place}")
    an_alarm(session, "c0")
    plan_due(session, targets=OPERATORS)

    claimed = letters(claim(session, OPERATORS))

    assert len(claimed) == MOST_AT_ONCE
    assert claimed[0].words.title == "Please look now"


def test_nothing_is_sent_to_an_address_that_was_taken_away(session: Session) -> None:
    a_lead(session)
    plan_due(session, targets=OPERATORS)

    assert claim(session, {}) == {}
    assert deliveries(session) == []


def test_who_left_meanwhile_gets_nothing(session: Session) -> None:
    a_lead(session)
    ben = somebody(session)
    a_channel(session, owner=ben)
    plan_due(session, targets=())
    ben.deactivated_at = now()

    assert claim(session, {}) == {}
    assert deliveries(session) == []


def test_what_failed_can_be_tried_again_at_once(session: Session) -> None:
    a_lead(session)
    plan_due(session, targets=OPERATORS)
    (letter,) = letters(claim(session, OPERATORS))
    has_failed(session, letter.delivery_id, "status 500")

    assert retry_now(session) == 1
    assert len(letters(claim(session, OPERATORS))) == 1


def test_a_failure_of_what_somebody_has_opened_meanwhile_is_no_matter(session: Session) -> None:
    has_failed(session, 7, "ConnectTimeout")
    was_sent(session, 7)

    assert deliveries(session) == []
