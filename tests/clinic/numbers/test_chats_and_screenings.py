"""What was counted by day comes back as figures, in steps and in the questionnaire's order."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from clinic import counts
from clinic.tables import DailyCount
from tests.clinic.numbers.builders import add_handoff, count, rows


def test_days_are_added_up_to_steps_and_quiet_ones_are_shown(session: Session) -> None:
    count(session, counts.CONVERSATION, "", 2, day=9)
    count(session, counts.CONVERSATION, "newsletter", 1, day=10)
    count(session, counts.MESSAGE, "", 7, day=10)

    found = rows(session, "conversations")

    assert found[0] == (date(2026, 6, 1), 0, 0)
    assert found[1] == (date(2026, 6, 8), 3, 7)
    assert len(found) == 5


def test_another_months_counts_are_left_out(session: Session) -> None:
    count(session, counts.TOPIC, "cost")
    session.add(DailyCount(day=date(2026, 7, 1), kind=counts.TOPIC, detail="cost", number=9))

    assert rows(session, "topics") == (("cost", 1),)


def test_topics_come_the_most_frequent_first(session: Session) -> None:
    for slug, number in (("cost", 2), ("safety", 5), ("age", 2)):
        count(session, counts.TOPIC, slug, number)

    assert [slug for slug, _ in rows(session, "topics")] == ["safety", "age", "cost"]


def test_people_stop_where_they_were_shown_a_question_and_gave_no_answer(session: Session) -> None:
    for link_id, shown, answered in (("age", 8, 6), ("consent", 10, 10), ("gone_question", 4, 4)):
        count(session, counts.QUESTION_SHOWN, link_id, shown)
        count(session, counts.QUESTION_ANSWERED, link_id, answered)

    assert rows(session, "where_people_stop") == (
        ("consent", 10, 10, 0, 0.0),
        ("age", 8, 6, 2, 0.25),
        ("gone_question", 4, 4, 0, 0.0),
    )


def test_an_answer_to_a_question_shown_before_the_period_makes_nobody_less_than_none(
    session: Session,
) -> None:
    count(session, counts.QUESTION_SHOWN, "age", 1)
    count(session, counts.QUESTION_ANSWERED, "age", 2)

    assert rows(session, "where_people_stop") == (("age", 1, 1, 0, 0.0),)


def test_live_chats_tell_who_waited_and_how_long(session: Session) -> None:
    count(session, counts.HANDOFF_ASKED, number=4)
    count(session, counts.HANDOFF_TAKEN, number=3)
    count(session, counts.HANDOFF_NOBODY_CAME)
    for seconds in (20, 40, 60, 0, None):
        add_handoff(session, taken_after=seconds)

    assert rows(session, "live_chats")[1] == (date(2026, 6, 8), 4, 3, 1, 0)
    assert rows(session, "live_chat_waiting") == ((3, 40, 60),)
