"""What a turn writes down: the visitor's words before the bot is asked, the replies after.

Each is one transaction in one thread, and none is open while the bot thinks. Whatever was sent
twice, through two processes at once or after one was killed, stands once: what holds the
conversation is its row in the database (clinic/turns.py), nothing in this process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from clinic import (
    bell,
    conversations,
    counts,
    crisis_events,
    handoff_endings,
    handoffs,
    live_chat,
    turns,
)
from clinic.database import transaction
from clinic.first_line import Alarm
from clinic.turns import BOT, VISITOR, Said, Standing
from web.visitor import chat, live_chats, rasa
from web.visitor.chat import TROUBLE, Bubble, bubble, unkept

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """Where the visitor's words stand before the bot is asked."""

    kept: bool
    live: bool = False
    """A person writes with this visitor, so the bot is silent."""
    answers: str | None = None
    """Who spoke last before them: `bot` or `staff`."""


def not_kept(conversation_id: str) -> Words:
    """Nowhere yet, and nobody can tell whether a person writes with this visitor: as it was known
    a short while ago."""
    return Words(kept=False, live=live_chats.was_live(conversation_id))


@dataclass(frozen=True)
class Answer:
    """What the visitor is shown."""

    messages: list[Bubble]
    handoff: str | None = None
    kept: bool = True
    """Whether it was written down, or is meant not to be."""


class No(Enum):
    """Why a message is not answered now."""

    CONVERSATION = auto()
    """Its key opens none."""
    MORE = auto()
    """Too much was written in this minute."""
    TURN = auto()
    """Another message of the conversation is being answered."""


def before(
    conversation_id: str,
    key: str,
    text: str,
    *,
    may_write: Callable[[], bool],
    urgent: bool = False,
) -> Words | Answer | No:
    """Write the visitor's message down, once; or bring the answer that it had before.

    Args:
        may_write: asked once at most, and not for what was answered before.
        urgent: the message waits for no other.
    """
    is_allowed = cache(may_write)
    try:
        with transaction() as session:
            found = _before(session, conversation_id, key, text, is_allowed, urgent=urgent)
    except TROUBLE as error:
        log.error("message not kept error=%s", type(error).__name__)
        return not_kept(conversation_id) if is_allowed() else No.MORE
    if isinstance(found, Words):
        live_chats.note(conversation_id, is_live=found.live)
    return found


def _before(
    session: Session,
    conversation_id: str,
    key: str,
    text: str,
    may_write: Callable[[], bool],
    *,
    urgent: bool,
) -> Words | Answer | No:
    connection = session.connection()
    standing = turns.look(connection, conversation_id)
    if standing is None:
        return No.CONVERSATION
    if not urgent and not turns.is_free(standing, key):
        return _answer_of_before(session, conversation_id, key, standing) or No.TURN
    is_live = standing.has_handoff and handoffs.is_live_for_this_turn(session, conversation_id)
    is_our_turn = turns.take(connection, conversation_id, key, urgent=urgent)
    said = turns.said(connection, conversation_id, key)
    if _is_answered(said):
        turns.leave(connection, conversation_id, key)
        return _answered(session, conversation_id, said, has_handoff=standing.has_handoff)
    if not is_our_turn:
        return No.TURN
    if not may_write():
        turns.leave(connection, conversation_id, key)
        return No.MORE
    answers = turns.spoke_last(connection, conversation_id)
    if not said:
        is_live = _write_down(
            session, conversation_id, key, text, keeps=standing.keeps_transcript, is_live=is_live
        )
    if is_live:
        live_chat.visitor_has_written(session, conversation_id)
    return Words(kept=True, live=is_live, answers=answers)


def _write_down(
    session: Session,
    conversation_id: str,
    key: str,
    text: str,
    *,
    keeps: bool,
    is_live: bool,
    at: datetime | None = None,
) -> bool:
    """Whether a person reads it. Where nothing is kept nobody could, so a live chat ends there."""
    counts.add(session, counts.MESSAGE)
    if keeps:
        turns.write(
            session.connection(),
            conversation_id,
            sender=VISITOR,
            key=key,
            content={"text": text},
            at=at,
        )
        return is_live
    if is_live:
        handoff_endings.forget(session, conversation_id)
    return False


def give_up(conversation_id: str, key: str) -> None:
    """The turn ends without an answer; the next message need not wait for it."""
    try:
        with transaction() as session:
            turns.leave(session.connection(), conversation_id, key)
    except TROUBLE as error:
        log.error("turn not ended error=%s", type(error).__name__)


def after(
    conversation_id: str,
    key: str,
    replies: list[rasa.Reply],
    unkept_text: str | None = None,
    alarm: Alarm | None = None,
    *,
    was_live: bool = False,
    at: datetime | None = None,
) -> Answer | None:
    """Write the replies down, and words of crisis for staff, and end the turn.

    If a person took over while the bot was thinking, the bot has nothing more to say. If another
    process answered the same message meanwhile, its answer is the one that stands.

    Args:
        unkept_text: what the visitor said, if `before` could not write it down.
        was_live: whether a person wrote with this visitor when the bot was asked.
        at: when it was said, if that is a while ago.

    Returns:
        Nothing where a person should read what the visitor said, and it cannot be written down.
    """
    turn = _End(conversation_id, key, unkept_text, alarm, was_live, at)
    try:
        answer = turn.ended(replies)
    except TROUBLE as error:
        log.error("replies not kept error=%s", type(error).__name__)
        if isinstance(error, conversations.ConversationErased):
            return Answer(shown(turn.replies or replies, key))
        has_words = unkept_text is None
        said = turn.replies or replies
        return not_written(said, key, alarm, is_live=turn.is_live, has_words=has_words)
    live_chats.note(conversation_id, is_live=answer.handoff == handoffs.LIVE)
    return answer


def not_written(
    replies: list[rasa.Reply],
    key: str,
    alarm: Alarm | None = None,
    *,
    is_live: bool,
    has_words: bool,
) -> Answer | None:
    """What is shown of replies that could not be written down.

    Args:
        is_live: a person should read what the visitor said. Then nothing is shown but help.
        has_words: what the visitor said is written down.

    Returns:
        Nothing where a person should read what the visitor said, and cannot.
    """
    if not is_live:
        return Answer(shown(replies, key), kept=False)
    help_ = chat.beside_a_person(replies, alarm)
    if help_:
        return Answer(shown(help_, key), handoffs.LIVE, kept=False)
    return Answer([], handoffs.LIVE) if has_words else None


def shown(replies: list[rasa.Reply], key: str) -> list[Bubble]:
    """Bubbles that are written down nowhere. Their names are not the message's own, or the widget
    would not draw them."""
    return [unkept(reply, f"{key}-{place}") for place, reply in enumerate(replies)]


class _SteppedIn(Exception):
    """Somebody began a hand-off in the middle of what has to hold it from the beginning."""


@dataclass
class _End:
    """The end of one turn, with what is known of it if it fails on the way."""

    conversation_id: str
    key: str
    unkept_text: str | None
    alarm: Alarm | None
    is_live: bool = False
    at: datetime | None = None
    replies: list[rasa.Reply] | None = None

    def ended(self, replies: list[rasa.Reply]) -> Answer:
        try:
            with transaction() as session:
                return self.end(session, replies)
        except _SteppedIn:
            with transaction() as session:
                return self.end(session, replies)

    def end(self, session: Session, replies: list[rasa.Reply]) -> Answer:
        connection = session.connection()
        standing = turns.look(connection, self.conversation_id)
        has_handoff = standing is not None and standing.has_handoff
        self.is_live = has_handoff and handoffs.is_live_for_this_turn(session, self.conversation_id)
        keeps = turns.leave(connection, self.conversation_id, self.key)
        if keeps is None:  # it was begun while the database was gone, or it was erased meanwhile
            keeps = conversations.open_conversation(session, self.conversation_id).keeps_transcript
        has_handoff = has_handoff or self._find_who_stepped_in(session)
        said = turns.said(connection, self.conversation_id, self.key)
        if _is_answered(said):
            return _answered(session, self.conversation_id, said, has_handoff=has_handoff)
        is_read = self._keep_words(session, is_new=not said, keeps=keeps)
        if not is_read and not replies:  # the bot was silent for a person who has left meanwhile
            replies = [chat.person_has_left()]
        self.replies = chat.beside_a_person(replies, self.alarm) if is_read else replies
        _record_crisis(session, self.conversation_id, self.key, self.replies, self.at)
        _count_topics(session, self.replies)
        messages = self._keep(session, self.replies) if keeps else shown(self.replies, self.key)
        return Answer(messages, _state(session, self.conversation_id) if has_handoff else None)

    def _find_who_stepped_in(self, session: Session) -> bool:
        """Somebody may have begun a hand-off until we held the conversation. Nobody can now; and
        we must not lock it, for it is locked before its conversation.

        Raises:
            _SteppedIn: the visitor's words have to be written down, and that locks it.
        """
        standing = turns.look(session.connection(), self.conversation_id)
        if standing is None or not standing.has_handoff:
            return False
        if self.unkept_text is not None:
            raise _SteppedIn
        self.is_live = handoffs.is_live(session, self.conversation_id)
        bell.ring(session, bell.chat(self.conversation_id))  # staff may read along
        return True

    def _keep_words(self, session: Session, *, is_new: bool, keeps: bool) -> bool:
        """Whether a person reads what the visitor said."""
        if self.unkept_text is None:
            return self.is_live
        is_read = self.is_live
        if is_new:
            is_read = _write_down(
                session,
                self.conversation_id,
                self.key,
                self.unkept_text,
                keeps=keeps,
                is_live=self.is_live,
                at=self.at,
            )
        if is_read:
            live_chat.visitor_has_written(session, self.conversation_id)
        return is_read

    def _keep(self, session: Session, replies: list[rasa.Reply]) -> list[Bubble]:
        connection = session.connection()
        return [
            bubble(
                turns.write(
                    connection,
                    self.conversation_id,
                    sender=BOT,
                    key=self.key,
                    content={"text": reply.text, "payload": reply.payload},
                    at=self.at,
                )
            )
            for reply in replies
        ]


def _is_answered(said: list[Said]) -> bool:
    return any(one.sender != VISITOR for one in said)


def _answer_of_before(
    session: Session, conversation_id: str, key: str, standing: Standing
) -> Answer | None:
    """What was answered to this message when it was sent before. It holds nothing."""
    said = turns.said(session.connection(), conversation_id, key)
    if not _is_answered(said):
        return None
    return _answered(session, conversation_id, said, has_handoff=standing.has_handoff)


def _answered(
    session: Session, conversation_id: str, said: list[Said], *, has_handoff: bool
) -> Answer:
    messages = [bubble(one) for one in said if one.sender != VISITOR]
    return Answer(messages, _state(session, conversation_id) if has_handoff else None)


def _state(session: Session, conversation_id: str) -> str | None:
    return handoffs.state_of(handoffs.open_of(session, conversation_id))


def _record_crisis(
    session: Session,
    conversation_id: str,
    key: str,
    replies: list[rasa.Reply],
    at: datetime | None,
) -> None:
    # The action server does the same; this holds when it is down. Twice makes one event.
    outcomes = {"crisis": crisis_events.HARD, "check_in": crisis_events.SOFT}
    for reply in replies:
        payload: dict[str, Any] = reply.payload or {}
        if payload.get("type") in outcomes and not payload.get("recorded"):
            crisis_events.record_crisis(
                session,
                conversation_id=conversation_id,
                message_key=key,
                category=str(payload.get("category") or crisis_events.UNCLEAR),
                outcome=outcomes[payload["type"]],
                at=at,
            )


def _count_topics(session: Session, replies: list[rasa.Reply]) -> None:
    for reply in replies:
        if reply.payload and reply.payload.get("type") == "answer":
            counts.add(session, counts.TOPIC, str(reply.payload.get("topic")))
