"""One round of erasing what has been kept for long enough, record by record."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from clinic import expiry_failures, retention
from clinic.database import reading, transaction

log = logging.getLogger(__name__)

AT_ONCE = 200


@dataclass
class Erased:
    """How many a round erased, and how many it should have and could not."""

    conversations: int = 0
    leads: int = 0
    failed: int = 0


def run() -> Erased:
    """Warn, erase, tidy. If another process is at it, this one leaves it to that.

    What takes long is only read. Every change is a short transaction, so nobody waits for it.
    """
    erased = Erased()
    with transaction() as session:
        if not retention.is_my_turn(session):
            return erased
        retention.take_back_warnings(session)
        retention.tidy(session)
    with reading() as session:
        due = retention.due(session)
    for some in batched(due.to_warn_of):
        with transaction() as session:
            retention.warn_of(session, some)
    for lead_id in due.leads:
        if _is_gone(erased, retention.expire_lead, expiry_failures.LEAD, lead_id):
            erased.leads += 1
    for conversation_id in due.conversations:
        kind = expiry_failures.CONVERSATION
        if _is_gone(erased, retention.expire_conversation, kind, conversation_id):
            erased.conversations += 1
    return erased


def batched(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(ids), AT_ONCE):
        yield ids[begin : begin + AT_ONCE]


def _is_gone(
    erased: Erased, expire: Callable[[Session, str], bool], kind: str, record: str
) -> bool:
    """Whether it was erased. One that cannot be must not keep all the others for ever."""
    try:
        return _alone(expire, record)
    except Exception as error:
        erased.failed += 1
        log.error("a record did not expire error=%s", type(error).__name__)
        # Where the database itself is gone, this fails too and ends the round.
        with transaction() as session:
            expiry_failures.note(session, f"{kind}:{record}", error)
        return False


def _alone(expire: Callable[[Session, str], bool], record: str) -> bool:
    with transaction() as session:
        return retention.is_my_turn(session) and expire(session, record)
