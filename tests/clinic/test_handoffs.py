"""A visitor who asks for a person gets exactly one, and is never left with a silent bot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import clock, conversations, handoff_endings, handoffs, live_chat, presence, staff
from clinic.tables import AuditEntry, Handoff, Message, Notice, QuestionnaireProgress, Staff

VISITOR = "c" * 40


@pytest.fixture
def team(session: Session) -> list[Staff]:
    for name in ("ben", "ute"):
        staff.create_staff(session, name)
    members = list(session.scalars(select(Staff).order_by(Staff.id)))
    for member in members:
        presence.come(session, member)
    return members


@pytest.fixture
def waiting(session: Session) -> Handoff:
    return handoffs.ask(session, VISITOR)


def pass_time(monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> None:
    for module in (handoff_endings, handoffs, live_chat, presence):
        monkeypatch.setattr(module, "now", lambda: clock.now() + passed)


def deeds(session: Session) -> list[tuple[str, str]]:
    found = select(AuditEntry).where(AuditEntry.subject.like("handoff:%")).order_by(AuditEntry.id)
    return [(entry.actor, entry.action) for entry in session.scalars(found)]


def told(session: Session) -> list[tuple[str, list[str]]]:
    """States that the visitor was told, with what they were offered."""
    payloads = [m.content.get("payload") for m in conversations.transcript(session, VISITOR)]
    return [(p["state"], p["suggestions"]) for p in payloads if p and p["type"] == "handoff"]


def test_asking_twice_is_one_handoff_one_notice_and_one_entry(session: Session) -> None:
    first = handoffs.ask(session, VISITOR)

    assert handoffs.ask(session, VISITOR) is first
    (notice,) = session.scalars(select(Notice))
    assert (notice.kind, notice.subject, notice.urgency) == ("handoff", f"handoff:{first.id}", 3)
    assert deeds(session) == [("visitor", "handoff.asked")]


def test_the_bot_speaks_while_the_visitor_waits_and_is_silent_once_one_comes(
    session: Session, team: list[Staff], waiting: Handoff
) -> None:
    assert not handoffs.is_live(session, VISITOR)

    assert handoffs.take(session, waiting.id, team[0].id)

    assert handoffs.is_live(session, VISITOR)
    assert told(session) == [("live", [])]


def test_two_staff_cannot_take_the_same_visitor(
    session: Session, team: list[Staff], waiting: Handoff
) -> None:
    assert handoffs.take(session, waiting.id, team[0].id)

    assert not handoffs.take(session, waiting.id, team[1].id)
    session.refresh(waiting)
    assert waiting.staff_id == team[0].id
    assert [deed for _, deed in deeds(session)].count("handoff.taken") == 1


def test_who_takes_a_chat_stops_the_notices(
    session: Session, team: list[Staff], waiting: Handoff
) -> None:
    handoffs.take(session, waiting.id, team[0].id)

    assert session.scalars(select(Notice)).one().settled_at is not None


def test_what_has_ended_cannot_be_taken(
    session: Session, team: list[Staff], waiting: Handoff
) -> None:
    assert handoff_endings.leave(session, VISITOR)

    assert not handoffs.take(session, waiting.id, team[0].id)
    assert not handoffs.is_live(session, VISITOR)


def test_nobody_came_in_time_so_the_visitor_is_told_the_hours_and_offered_a_call(
    session: Session, waiting: Handoff, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_time(monkeypatch, timedelta(seconds=179))
    assert handoff_endings.end_overdue(session) == 0

    pass_time(monkeypatch, timedelta(seconds=181))
    assert handoff_endings.end_overdue(session) == 1
    assert handoff_endings.end_overdue(session) == 0

    assert handoffs.open_of(session, VISITOR) is None
    assert told(session) == [("ended", ["Call me back"])]
    (bubble,) = conversations.transcript(session, VISITOR)
    assert "9 am to 5 pm" in bubble.content["text"]
    assert "988" in bubble.content["text"]
    assert waiting.ended_by == "nobody_came"


def test_staff_whose_browser_is_closed_do_not_keep_a_visitor_waiting_for_ever(
    session: Session, team: list[Staff], waiting: Handoff, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoffs.take(session, waiting.id, team[0].id)

    pass_time(monkeypatch, timedelta(minutes=4))
    assert handoff_endings.end_overdue(session) == 0
    pass_time(monkeypatch, timedelta(minutes=6))
    assert handoff_endings.end_overdue(session) == 1

    assert waiting.ended_by == "staff_left"
    assert told(session)[-1] == ("ended", ["Call me back"])


def test_a_chat_of_staff_who_are_there_lasts_as_long_as_they_want(
    session: Session, team: list[Staff], waiting: Handoff, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoffs.take(session, waiting.id, team[0].id)

    pass_time(monkeypatch, timedelta(hours=2))
    presence.seen(session, team[0])
    session.flush()

    assert handoff_endings.end_overdue(session) == 0


def test_a_colleague_may_take_over_only_from_somebody_who_is_gone(
    session: Session, team: list[Staff], waiting: Handoff, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoffs.take(session, waiting.id, team[0].id)
    assert not handoffs.relieve(session, waiting.id, team[1].id)

    first_came_at = waiting.taken_at

    pass_time(monkeypatch, timedelta(minutes=2))
    assert handoffs.relieve(session, waiting.id, team[1].id)
    session.refresh(waiting)
    assert waiting.taken_at == first_came_at, "so long the visitor waited"

    assert handoffs.open_of(session, VISITOR).staff_id == team[1].id  # type: ignore[union-attr]
    assert told(session) == [("live", [])], "the visitor is told once that a person is here"


def test_only_who_has_it_can_hand_back_and_the_note_is_kept(
    session: Session, team: list[Staff], waiting: Handoff
) -> None:
    handoffs.take(session, waiting.id, team[0].id)

    assert not handoff_endings.give_back(session, waiting.id, team[1].id, "not mine")
    assert handoff_endings.give_back(session, waiting.id, team[0].id, "asked about prices")

    assert waiting.note == "asked about prices"
    assert deeds(session)[-1] == (f"staff:{team[0].id}", "handoff.given_back")
    assert told(session)[-1] == ("ended", [])


def test_open_questions_are_offered_again_after_it(
    session: Session, team: list[Staff], waiting: Handoff
) -> None:
    session.add(
        QuestionnaireProgress(
            conversation_id=VISITOR, questionnaire="screening", version="1", progress={}
        )
    )
    handoffs.take(session, waiting.id, team[0].id)

    handoff_endings.give_back(session, waiting.id, team[0].id)

    assert told(session)[-1] == ("ended", ["Continue the questions"])


def test_erasing_what_was_said_ends_it_and_leaves_nothing_to_read(
    session: Session, team: list[Staff], waiting: Handoff
) -> None:
    handoffs.take(session, waiting.id, team[0].id)
    live_chat.say(session, waiting.id, team[0].id, key="key-0001", text="hello")

    conversations.forget(session, VISITOR)

    assert not handoffs.is_live(session, VISITOR)
    assert session.scalars(select(Message)).all() == []
    with pytest.raises(live_chat.HasEnded):
        live_chat.say(session, waiting.id, team[0].id, key="key-0002", text="still there?")


def test_who_refused_the_questions_may_still_write_with_a_person_and_is_read(
    session: Session,
) -> None:
    conversations.forget(session, VISITOR)

    handoffs.ask(session, VISITOR)

    assert conversations.open_conversation(session, VISITOR).keeps_transcript


def test_of_somebody_under_age_nothing_is_kept_whatever_they_ask_for(session: Session) -> None:
    conversations.forget(session, VISITOR, under_age=True)
    conversations.forget(session, VISITOR)  # "Delete my answers"

    assert not handoffs.may_ask(session, VISITOR)
    with pytest.raises(handoffs.UnderAge):
        handoffs.ask(session, VISITOR)
    assert not conversations.open_conversation(session, VISITOR).keeps_transcript


def test_staff_step_into_a_running_conversation_only(
    session: Session, team: list[Staff], monkeypatch: pytest.MonkeyPatch
) -> None:
    conversations.add_message(session, VISITOR, sender="visitor", key="k", content={"text": "hi"})

    handoff = handoffs.step_in(session, VISITOR, team[0].id)
    again = handoffs.step_in(session, VISITOR, team[1].id)

    assert handoff.staff_id == again.staff_id == team[0].id, "who has it, keeps it"
    assert deeds(session)[0] == (f"staff:{team[0].id}", "handoff.stepped_in")
    assert told(session) == [("live", [])]
    assert handoff.taken_at == handoff.asked_at, "nobody waited"
    assert session.scalars(select(Notice)).all() == []
    handoff_endings.give_back(session, handoff.id, team[0].id)
    pass_time(monkeypatch, timedelta(minutes=31))
    with pytest.raises(handoffs.NobodyThere):
        handoffs.step_in(session, VISITOR, team[0].id)


def test_a_conversation_can_be_handed_over_again(
    session: Session, team: list[Staff], waiting: Handoff
) -> None:
    handoffs.take(session, waiting.id, team[0].id)
    handoff_endings.give_back(session, waiting.id, team[0].id)

    second = handoffs.ask(session, VISITOR)

    assert second.id != waiting.id
    assert handoffs.take(session, second.id, team[1].id)
