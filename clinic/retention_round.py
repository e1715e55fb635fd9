"""One round of erasing what has been kept for long enough, record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from clinic import retention
from clinic.database import reading, transaction

AT_ONCE = 200


@dataclass
class Erased:
    """How many a round erased."""

    conversations: int = 0
    leads: int = 0


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
        erased.leads += _alone(retention.expire_lead, lead_id)
    for conversation_id in due.conversations:
        erased.conversations += _alone(retention.expire_conversation, conversation_id)
    return erased


def batched(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(ids), AT_ONCE):
        yield ids[begin : begin + AT_ONCE]


def _alone(expire: Callable[[Session, str], bool], record: str) -> bool:
    with transaction() as session:
        return retention.is_my_turn(session) and expire(session, record)
