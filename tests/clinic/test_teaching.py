"""Staff decide about whole groups, once, with a way back, and each deed is written down."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import conversations, teaching, unanswered
from clinic.tables import AuditEntry, UnansweredMessage
from clinic.teaching import IGNORED, OUT_OF_SCOPE, Groups, UnknownDecision, decide, undo

PARKING = ("do you have parking", "is there parking?", "parking")


def ask(session: Session, *texts: str, visitor: str = "c") -> list[int]:
    kept = [
        unanswered.keep(
            session,
            conversation_id=visitor,
            message_key=text,
            text=text,
            reason="not_understood",
            nearest=["access_clinics", "cost"],
        )
        for text in texts
    ]
    return [message.id for message in kept if message is not None]


def decisions(session: Session) -> list[str | None]:
    session.expire_all()
    query = select(UnansweredMessage.decision).order_by(UnansweredMessage.id)
    return list(session.scalars(query))


def deeds(session: Session) -> list[tuple[str, str, str | None]]:
    session.flush()
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject.startswith("unanswered"))
        .order_by(AuditEntry.id)
    )
    return [(entry.action, entry.subject, entry.detail) for entry in entries]


def test_a_group_is_assigned_to_a_topic_at_once(session: Session) -> None:
    ids = ask(session, *PARKING)

    assert decide(session, ids, "access_clinics", staff_id=4) == 3

    assert decisions(session) == ["access_clinics"] * 3
    message = session.get_one(UnansweredMessage, ids[0])
    assert message.decided_by == 4
    assert message.decided_at is not None


def test_what_is_decided_is_in_no_group_any_more(session: Session) -> None:
    ids = ask(session, *PARKING, "do you do massage")
    groups = Groups()
    before = groups.of(session)

    decide(session, ids[:3], OUT_OF_SCOPE, staff_id=4)

    assert (before, groups.of(session)) == ([ids[:3], ids[3:]], [ids[3:]])


def test_a_new_message_joins_its_group(session: Session) -> None:
    ids = ask(session, *PARKING)
    groups = Groups()
    groups.of(session)

    late = ask(session, "parking?")

    assert groups.of(session) == [ids + late]


def test_what_was_erased_is_in_no_group(session: Session) -> None:
    ids = ask(session, *PARKING)
    ask(session, "is there any parking", visitor="d")
    groups = Groups()
    groups.of(session)

    conversations.forget(session, "d")

    assert groups.of(session) == [ids]
    assert teaching.messages(session, [*ids, 99])[-1].id == ids[-1]


def test_of_two_who_decide_the_first_one_counts(session: Session) -> None:
    ids = ask(session, *PARKING)
    decide(session, ids[:2], "access_clinics", staff_id=4)

    assert decide(session, ids, OUT_OF_SCOPE, staff_id=5) == 1
    assert decide(session, ids, IGNORED, staff_id=6) == 0

    assert decisions(session) == ["access_clinics", "access_clinics", OUT_OF_SCOPE]


def test_a_decision_is_taken_back_with_all_that_it_was_about_and_no_more(session: Session) -> None:
    ids = ask(session, *PARKING, "do you do massage")
    decide(session, ids[:3], "access_clinics", staff_id=4)
    decide(session, ids[3:], "access_clinics", staff_id=5)

    assert undo(session, ids[1], staff_id=4) == 3

    assert decisions(session) == [None, None, None, "access_clinics"]
    assert undo(session, ids[1], staff_id=4) == 0


@pytest.mark.parametrize("decision", ["", "no_such_topic", "typed", "faq/cost"])
def test_only_a_topic_that_exists_can_be_assigned(session: Session, decision: str) -> None:
    ids = ask(session, "parking")

    with pytest.raises(UnknownDecision):
        decide(session, ids, decision, staff_id=4)

    assert decisions(session) == [None]


def test_what_is_left_and_what_became_of_the_rest_is_counted(session: Session) -> None:
    ids = ask(session, "one", "two", "three", "four", "five")
    decide(session, ids[:1], "cost", staff_id=4)
    decide(session, ids[1:2], OUT_OF_SCOPE, staff_id=4)
    decide(session, ids[2:3], IGNORED, staff_id=4)

    left = teaching.left(session)

    assert (left.undecided, left.taught, left.out_of_scope, left.ignored) == (2, 1, 1, 1)


def test_what_was_decided_last_comes_first(session: Session) -> None:
    ids = ask(session, *PARKING, "massage")
    decide(session, ids[:3], "access_clinics", staff_id=4)
    decide(session, ids[3:], IGNORED, staff_id=5)

    latest = teaching.latest(session, most=10)

    assert [(one.decision, one.decided_by, one.number, one.first_id) for one in latest] == [
        (IGNORED, 5, 1, ids[3]),
        ("access_clinics", 4, 3, ids[0]),
    ]


def test_every_deed_is_written_down_with_its_number_and_no_words(session: Session) -> None:
    ids = ask(session, *PARKING)
    decide(session, ids, "access_clinics", staff_id=4)
    undo(session, ids[0], staff_id=4)

    subject = f"unanswered:{ids[0]}"
    assert deeds(session) == [
        ("unanswered.decided", subject, "access_clinics 3"),
        ("unanswered.undone", subject, "3"),
    ]


def test_more_messages_than_one_question_may_name_are_all_decided(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "MOST_AT_ONCE", 2)
    ids = ask(session, "one", "two", "three", "four", "five")

    assert decide(session, ids, IGNORED, staff_id=4) == 5
    assert len(teaching.messages(session, ids)) == 5


def test_a_message_is_masked_once_more_when_it_is_shown(session: Session) -> None:
    (message_id,) = ask(session, "parking")
    message = session.get_one(UnansweredMessage, message_id)
    message.text = "my name is Ann"

    assert teaching.shown(message) == "my name is [name]"
