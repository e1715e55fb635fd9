"""A turn of the chat in the database: whose turn it is, and what was said in it.

A visitor waits for these statements, so they are made once and bring rows, no objects. Every one
finds its rows by an index, however long the conversation and however many the clinic has.

Of several web processes one at a time answers a conversation. It says so in the conversation's row
and holds no transaction while the bot thinks: who was killed in a turn holds it up for a moment.
The same message may go on with its own turn at once, since the bot answers it once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    BindParameter,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    insert,
    null,
    or_,
    select,
    true,
    update,
)

from clinic.clock import now
from clinic.settings import settings
from clinic.tables import Conversation, Handoff, Message

VISITOR, STAFF, BOT = "visitor", "staff", "bot"

FOR_THE_DATABASE = timedelta(seconds=2)
"""How much longer than the bot's answer a turn may take."""


class Standing(NamedTuple):
    """What has to be known of a conversation before anything is locked in it."""

    keeps_transcript: bool
    has_handoff: bool
    """Somebody was asked for, or is here. An open hand-off is locked before its conversation."""
    turn_key: str | None
    turn_until: datetime | None
    """Whose turn it was when it was looked at; `take` says whose it is."""


class Said(NamedTuple):
    """One bubble as it was written down."""

    id: int
    sender: str
    key: str
    at: datetime
    content: dict[str, Any]


def look(connection: Connection, conversation_id: str) -> Standing | None:
    """How the conversation stands; nothing if there is none."""
    row = connection.execute(_LOOK, {"here": conversation_id}).one_or_none()
    return None if row is None else Standing(*row)


def is_free(standing: Standing, key: str) -> bool:
    """Whether it is worth trying to take the turn. Who waits for another one looks often, and
    should lock nothing each time.
    """
    until = standing.turn_until
    return standing.turn_key in (None, key) or until is None or until < now()


def take(connection: Connection, conversation_id: str, key: str, *, urgent: bool = False) -> bool:
    """Begin the turn of this message, or go on with it; then the conversation is held until the
    transaction ends. False while another message is being answered.

    Args:
        urgent: it waits for no other.
    """
    at = now()
    longest = timedelta(seconds=settings().rasa_timeout_seconds) + FOR_THE_DATABASE
    taken = {"here": conversation_id, "by": key, "at": at, "until": at + longest}
    return connection.execute(_TAKE_ANYWAY if urgent else _TAKE, taken).one_or_none() is not None


def leave(connection: Connection, conversation_id: str, key: str) -> bool | None:
    """End the turn of this message and hold the conversation until the transaction ends.

    Returns:
        Whether what is said is written down; nothing if there is no such conversation.
    """
    row = connection.execute(_LEAVE, {"here": conversation_id, "by": key}).one_or_none()
    return None if row is None else bool(row[0])


def said(connection: Connection, conversation_id: str, key: str) -> list[Said]:
    """The visitor's message with this key and what was answered to it, in order."""
    rows = connection.execute(_SAID, {"here": conversation_id, "by": key})
    return [Said(*row) for row in rows]


def spoke_last(connection: Connection, conversation_id: str) -> str | None:
    """Whom the visitor answers, `bot` or `staff`; that a person came or left asks nothing."""
    row = connection.execute(_SPOKE_LAST, {"here": conversation_id}).one_or_none()
    return None if row is None else str(row[0])


def write(
    connection: Connection,
    conversation_id: str,
    *,
    sender: str,
    key: str,
    content: dict[str, Any],
    at: datetime | None = None,
) -> Said:
    """Write one bubble down, said now if not `at` another moment. The caller holds the
    conversation, and it keeps its transcript.
    """
    at = at or now()
    row = {"sender": sender, "key": key, "at": at, "content": content}
    number = connection.execute(_WRITE, {"conversation_id": conversation_id, **row}).scalar_one()
    return Said(number, sender, key, at, content)


_CONVERSATIONS = cast(Table, Conversation.__table__)
_MESSAGES = cast(Table, Message.__table__)
_HANDOFFS = cast(Table, Handoff.__table__)
_C, _M, _H = _CONVERSATIONS.c, _MESSAGES.c, _HANDOFFS.c

_HERE: BindParameter[str] = bindparam("here")
_BY: BindParameter[str] = bindparam("by")

_IS_OPEN = and_(_H.conversation_id == _C.id, _H.ended_at.is_(None))
_LOOK = (
    select(_C.keeps_transcript, _H.id.is_not(None), _C.turn_key, _C.turn_until)
    .select_from(_CONVERSATIONS.outerjoin(_HANDOFFS, _IS_OPEN))
    .where(_C.id == _HERE)
)

_IS_FREE = or_(_C.turn_key.is_(None), _C.turn_key == _BY, _C.turn_until < bindparam("at"))


def _taken(is_free: Any) -> Any:
    taken = update(_CONVERSATIONS).where(_C.id == _HERE, is_free)
    return taken.values(turn_key=_BY, turn_until=bindparam("until")).returning(_C.id)


_TAKE, _TAKE_ANYWAY = _taken(_IS_FREE), _taken(true())
_LEAVE = (
    update(_CONVERSATIONS)
    .where(_C.id == _HERE)
    .values(turn_key=case((_C.turn_key == _BY, null()), else_=_C.turn_key))
    .returning(_C.keeps_transcript)
)
_SAID = (
    select(_M.id, _M.sender, _M.key, _M.at, _M.content)
    .where(_M.conversation_id == _HERE, _M.key == _BY)
    .order_by(_M.id)
)
_SPOKE_LAST = (
    select(_M.sender)
    .where(_M.conversation_id == _HERE, _M.sender != VISITOR, _M.key.not_like("handoff:%"))
    .order_by(_M.id.desc())
    .limit(1)
)
_WRITE = insert(_MESSAGES).returning(_M.id)
