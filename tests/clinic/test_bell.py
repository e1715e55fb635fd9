"""Whoever changes what an open page shows rings the bell, once the change is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from clinic import bell, conversations, erasure, handoff_endings, handoffs, live_chat
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from tests.clinic.lead_world import member

VISITOR = "a-conversation"

Rings = list[str]
Deed = Callable[[Session, int, int], object]


@pytest.fixture
def rings(database_url: str) -> Iterator[Rings]:
    """What is rung for this visitor's chat and for the console, in its order."""
    heard: Rings = []
    with (
        bell.hearing(bell.chat(VISITOR), lambda: heard.append("chat")),
        bell.hearing(bell.NEWS, lambda: heard.append("news")),
    ):
        yield heard


@pytest.fixture
def waiting(database_url: str) -> int:
    with transaction() as session:
        conversations.add_message(session, VISITOR, sender="visitor", key="k", content={"text": ""})
        return handoffs.ask(session, VISITOR).id


@pytest.fixture
def ben(database_url: str) -> int:
    with transaction() as session:
        return member(session, "ben")


def test_a_ring_is_heard_once_and_after_the_commit(rings: Rings) -> None:
    with transaction() as session:
        bell.ring(session, bell.NEWS)
        bell.ring(session, bell.NEWS)
        assert rings == []

    assert rings == ["news"]


def test_what_is_undone_is_not_rung(rings: Rings) -> None:
    def broken() -> None:
        with transaction() as session:
            bell.ring(session, bell.NEWS)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    assert rings == []


def test_who_no_longer_listens_is_not_told(database_url: str) -> None:
    heard: Rings = []
    with bell.hearing(bell.NEWS, lambda: heard.append("news")):
        pass

    bell.tell(bell.NEWS)
    bell.tell_everybody()

    assert heard == []


def test_after_missed_rings_everybody_is_told(rings: Rings) -> None:
    bell.tell_everybody()

    assert sorted(rings) == ["chat", "news"]


def test_a_topic_does_not_tell_which_conversation_it_is() -> None:
    assert VISITOR not in bell.chat(VISITOR)
    assert bell.chat(VISITOR) == bell.chat(VISITOR) != bell.chat("another-conversation")


DEEDS: dict[str, Deed] = {
    "staff take": lambda session, handoff, ben: handoffs.take(session, handoff, ben),
    "the visitor leaves": lambda session, handoff, ben: handoff_endings.leave(session, VISITOR),
    "words of danger": lambda session, handoff, ben: record_crisis(
        session, conversation_id=VISITOR, message_key="k", category="suicide"
    ),
    "erased": lambda session, handoff, ben: erasure.erase_conversation(session, VISITOR),
}
WHILE_LIVE: dict[str, Deed] = {
    "staff write": lambda session, handoff, ben: live_chat.say(
        session, handoff, ben, key="key-0001", text="hello"
    ),
    "staff give back": lambda session, handoff, ben: handoff_endings.give_back(
        session, handoff, ben
    ),
}
ONLY_IN_THE_CHAT: dict[str, Deed] = {
    "the visitor types": lambda session, handoff, ben: live_chat.visitor_types(session, VISITOR),
    "the visitor has written": lambda session, handoff, ben: live_chat.visitor_has_written(
        session, VISITOR
    ),
    "staff type": lambda session, handoff, ben: live_chat.staff_type(session, handoff, ben),
    "a message in a chat": lambda session, handoff, ben: handoffs.is_live_for_this_turn(
        session, VISITOR
    ),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_what_happens_while_a_visitor_waits_is_rung(
    waiting: int, ben: int, rings: Rings, deed: Deed
) -> None:
    with transaction() as session:
        deed(session, waiting, ben)

    assert sorted(rings) == ["chat", "news"]


@pytest.mark.parametrize(
    "deed", (WHILE_LIVE | ONLY_IN_THE_CHAT).values(), ids=WHILE_LIVE | ONLY_IN_THE_CHAT
)
def test_what_happens_while_a_person_is_there_is_rung(
    waiting: int, ben: int, rings: Rings, deed: Deed
) -> None:
    with transaction() as session:
        handoffs.take(session, waiting, ben)
    rings.clear()

    with transaction() as session:
        deed(session, waiting, ben)

    news = ["news"] if deed in WHILE_LIVE.values() else []
    assert sorted(rings) == ["chat", *news]


def test_a_visitor_who_asks_for_a_person_is_rung(rings: Rings) -> None:
    with transaction() as session:
        handoffs.ask(session, VISITOR)

    assert sorted(rings) == ["chat", "news"]


def test_a_turn_with_the_bot_alone_rings_for_nobody(rings: Rings) -> None:
    with transaction() as session:
        handoffs.is_live_for_this_turn(session, VISITOR)
        conversations.add_message(session, VISITOR, sender="visitor", key="k", content={"text": ""})

    assert rings == []
