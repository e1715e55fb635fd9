"""What has been kept for long enough goes, what somebody still needs does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from clinic import (
    clock,
    conversations,
    erasure,
    expiry_failures,
    forgetting,
    leads,
    retention,
    retention_round,
)
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.facts import facts
from clinic.retention_round import Erased
from clinic.tables import (
    AuditEntry,
    Conversation,
    CrisisEvent,
    Erasure,
    Feedback,
    Handoff,
    Lead,
    Message,
    Note,
    Staff,
)
from tests.clinic.screened import screened

KEPT = 30
Promise = Callable[[int | None], None]


@pytest.fixture(autouse=True)
def promise(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Promise:
    """What clinic.yml says about how long things are kept: 30 days here."""

    def say(days: int | None) -> None:
        described = facts().model_copy(update={"retention_days": days})
        monkeypatch.setattr(retention, "facts", lambda: described)

    say(KEPT)
    return say


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Erased]:
    """A round so many days later."""

    def run(days: float) -> Erased:
        monkeypatch.setattr(retention, "now", lambda: clock.now() + timedelta(days=days))
        return retention_round.run()

    return run


After = Callable[[float], Erased]


def chat(conversation_id: str = "c", days_ago: float = 0) -> None:
    at = clock.now() - timedelta(days=days_ago)
    with transaction() as session:
        session.add(Conversation(id=conversation_id, created_at=at))
        session.flush()
        session.add(
            Message(
                conversation_id=conversation_id,
                sender="visitor",
                key="k",
                at=at,
                content={"text": "hi"},
            )
        )


def lead(status: str = "closed", conversation_id: str = "c") -> str:
    with transaction() as session:
        conversations.open_conversation(session, conversation_id)
        saved = leads.save_lead(session, screened(conversation_id=conversation_id))
        saved.status = status
    return saved.id


def is_there(lead_id: str) -> bool:
    with transaction() as session:
        return session.get_one(Lead, lead_id).erased_at is None


def test_a_chat_without_a_request_goes_when_its_time_is_over(after: After) -> None:
    chat()

    assert after(KEPT - 0.1) == Erased()
    assert after(KEPT + 0.1) == Erased(conversations=1)

    with transaction() as session:
        assert not conversations.exists(session, "c")
        assert session.get(Erasure, "c") is not None
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.action, entry.detail) == (
            "system",
            "conversation.erased",
            "expired",
        )


def test_the_last_word_counts_and_not_the_first(after: After) -> None:
    chat(days_ago=20)
    with transaction() as session:
        conversations.add_message(session, "c", sender="visitor", key="2", content={"text": "!"})

    assert after(KEPT - 10) == Erased()


def test_a_chat_with_an_open_hand_off_stays(after: After) -> None:
    chat()
    with transaction() as session:
        session.add(Handoff(conversation_id="c", asked_at=clock.now()))

    assert after(KEPT * 2) == Erased()


def hear(conversation_id: str = "c", outcome: str = "hard") -> None:
    with transaction() as session:
        record_crisis(
            session,
            conversation_id=conversation_id,
            message_key="k",
            category="suicide",
            outcome=outcome,
        )


def move_the_alarm(**changes: object) -> None:
    with transaction() as session:
        session.execute(update(CrisisEvent).values(**changes))


def test_a_chat_with_an_alarm_stays_until_somebody_has_seen_it(after: After) -> None:
    chat()
    hear()

    assert after(KEPT * 5) == Erased()
    move_the_alarm(seen_at=clock.now())

    assert after(KEPT * 5) == Erased(conversations=1)


def test_an_alarm_counts_like_the_last_word(after: After) -> None:
    chat()
    hear()
    move_the_alarm(at=clock.now() + timedelta(days=10), seen_at=clock.now() + timedelta(days=10))

    assert after(KEPT + 9) == Erased()
    assert after(KEPT + 11) == Erased(conversations=1)


def test_a_hint_holds_nothing_back(after: After) -> None:
    chat()
    hear(outcome="soft")

    assert after(KEPT + 1) == Erased(conversations=1)


@pytest.mark.parametrize("heard_in", ["one", "two"])
def test_a_request_with_an_alarm_stays_until_somebody_has_seen_it(
    after: After, heard_in: str
) -> None:
    kept, merged = lead(conversation_id="one"), lead(conversation_id="two")
    with transaction() as session:
        session.execute(
            update(Lead).where(Lead.id == merged).values(merged_into=kept, updated_at=clock.now())
        )
    hear(heard_in)

    assert after(KEPT * 5) == Erased()
    with transaction() as session:
        assert not retention.expire_lead(session, kept)
    move_the_alarm(seen_at=clock.now())

    assert after(KEPT * 5) == Erased(leads=1)


def test_a_warning_is_taken_back_once_danger_was_heard(after: After) -> None:
    kept, merged = lead("new", "one"), lead("new", "two")
    with transaction() as session:
        session.execute(update(Lead).where(Lead.id == merged).values(merged_into=kept))
    after(KEPT - 1)
    hear("two")

    assert after(KEPT * 5) == Erased()

    with transaction() as session:
        assert retention.how_many_warned_of(session) == 0


@pytest.mark.parametrize("status", ["booked", "closed"])
def test_a_request_that_is_done_goes_with_its_chat(after: After, status: str) -> None:
    lead_id = lead(status)

    assert after(KEPT - 0.1) == Erased()
    assert after(KEPT + 0.1) == Erased(leads=1)

    assert not is_there(lead_id)
    with transaction() as session:
        assert not conversations.exists(session, "c")


@pytest.mark.parametrize("status", ["new", "contacted"])
def test_an_open_request_goes_only_after_staff_were_warned_for_two_weeks(
    after: After, status: str
) -> None:
    lead_id = lead(status)

    assert after(KEPT * 5) == Erased()
    assert after(KEPT * 5 + 13.9) == Erased()
    assert after(KEPT * 5 + 14.1) == Erased(leads=1)
    assert not is_there(lead_id)


def test_who_is_warned_in_time_is_not_kept_for_longer(after: After, session: Session) -> None:
    lead_id = lead("new")

    after(KEPT - 14.5)
    assert retention.warned_of(session) == []
    session.rollback()
    after(KEPT - 13.9)
    (warned,) = retention.warned_of(session)
    end = retention.end_of(session, warned)
    session.rollback()

    assert end is not None
    assert abs(end - clock.now() - timedelta(days=KEPT + 0.1)) < timedelta(minutes=1)
    assert after(KEPT) == Erased()
    assert after(KEPT + 0.2) == Erased(leads=1)
    assert not is_there(lead_id)


def test_a_warning_is_no_change_and_a_note_is_one(after: After) -> None:
    lead_id = lead("new")
    with transaction() as session:
        session.add(Staff(username="amira", password_hash="-"))
        before = session.get_one(Lead, lead_id).updated_at
    after(KEPT)
    with transaction() as session:
        assert session.get_one(Lead, lead_id).updated_at == before
        at = clock.now() + timedelta(days=KEPT + 1)
        session.add(Note(lead_id=lead_id, staff_id=1, text="called", at=at))

    after(KEPT + 20)

    assert is_there(lead_id)
    with transaction() as session:
        assert retention.how_many_warned_of(session) == 1  # anew, from the note on


def test_a_short_promise_warns_at_once_and_a_change_takes_the_warning_back(
    after: After, promise: Promise
) -> None:
    promise(3)
    lead_id = lead("new")
    after(1)
    with transaction() as session:
        assert retention.how_many_warned_of(session) == 1
        later = clock.now() + timedelta(days=10)
        session.execute(update(Lead).values(updated_at=later))

    assert after(15.5) == Erased()

    assert is_there(lead_id)


def test_a_request_that_was_done_and_is_open_again_is_not_erased(after: After) -> None:
    lead_id = lead("closed")
    after(KEPT - 1)
    with transaction() as session:
        session.execute(update(Lead).values(status="new", updated_at=Lead.updated_at))

    assert after(KEPT + 1) == Erased()
    assert is_there(lead_id)


def test_a_person_goes_as_a_whole_and_not_before_the_last_of_them(after: After) -> None:
    kept, merged = lead(conversation_id="one"), lead(conversation_id="two")
    at = clock.now() + timedelta(days=10)
    with transaction() as session:
        session.execute(
            update(Lead).where(Lead.id == merged).values(merged_into=kept, updated_at=at)
        )

    assert after(KEPT + 1) == Erased()
    assert after(KEPT + 11) == Erased(leads=1)
    assert not is_there(kept)
    assert not is_there(merged)


def test_without_a_promise_nothing_expires(after: After, promise: Promise) -> None:
    promise(None)
    chat("other")
    lead()

    assert after(10_000) == Erased()


def test_what_goes_on_while_the_round_runs_is_left_alone(after: After) -> None:
    lead_id = lead("closed")
    chat("other")
    after(1)  # sets the clock

    with transaction() as session:
        assert not retention.expire_lead(session, lead_id)
        assert not retention.expire_conversation(session, "other")


def test_an_opinion_goes_with_its_chat(after: After) -> None:
    chat()
    with transaction() as session:
        session.add_all(Feedback(conversation_id=each, helpful=True) for each in ("c", "gone"))

    after(KEPT + 1)

    with transaction() as session:
        assert session.scalars(select(Feedback)).all() == []


def test_an_erased_id_is_remembered_for_as_long_as_a_browser_keeps_its_key(after: After) -> None:
    chat()
    after(KEPT + 1)
    with transaction() as session:
        forgetting.is_done(session, "c")

    after(30)
    with transaction() as session:
        assert session.get(Erasure, "c") is not None
    after(32)
    with transaction() as session:
        assert session.get(Erasure, "c") is None


def test_what_rasa_has_not_forgotten_yet_is_remembered_until_it_has(after: After) -> None:
    chat()
    after(KEPT + 1)

    after(400)

    with transaction() as session:
        assert session.get(Erasure, "c") is not None


def make_unreadable(lead_id: str) -> None:
    with transaction() as session:
        session.execute(
            text("UPDATE leads SET name = :no_token WHERE id = :id"),
            {"no_token": b"-", "id": lead_id},
        )


def test_one_that_cannot_be_erased_does_not_keep_the_others(
    after: After, caplog: pytest.LogCaptureFixture
) -> None:
    make_unreadable(lead(conversation_id="one"))
    other = lead(conversation_id="two")
    chat("three")

    assert after(KEPT + 1) == Erased(leads=1, conversations=1, failed=1)

    assert not is_there(other)
    assert "UnreadableValue" in caplog.text


def test_what_cannot_be_erased_is_counted_once_a_day(after: After) -> None:
    lead_id = lead()
    make_unreadable(lead_id)

    after(KEPT + 1)
    after(KEPT + 1)

    with transaction() as session:
        failed = select(AuditEntry).where(AuditEntry.action == "lead.not_expired")
        (entry,) = session.scalars(failed).all()
        assert (entry.subject, entry.detail) == (f"lead:{lead_id}", "UnreadableValue")
        assert expiry_failures.how_many(session) == 1


def test_a_chat_that_has_become_a_request_since_is_no_failure(
    after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat()

    def has_lead(*_: object, **__: object) -> None:
        raise erasure.HasLead

    monkeypatch.setattr(erasure, "erase_conversation", has_lead)

    assert after(KEPT + 1) == Erased()
