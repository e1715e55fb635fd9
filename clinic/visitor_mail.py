"""“E-mail me this conversation”: first a code to that mailbox, then the copy.

Without the code, whoever mistypes an address would send their conversation to a stranger, and
anybody could have us mail words of theirs to anybody. The mail with the code has fixed words.
"""

from __future__ import annotations

import hmac
import os
import re
from datetime import datetime, timedelta
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from clinic import audit, conversations
from clinic.clock import now
from clinic.derived_keys import derived_key
from clinic.settings import settings
from clinic.tables import Message, VisitorMail

CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
DIGITS = 6


class NoAddress(Exception):
    """What was typed is not an e-mail address."""


class NothingKept(Exception):
    """There is nothing to send: nothing was said, or nothing of it is kept."""


class Answer(StrEnum):
    """What became of a code. An exception would take back that it was counted."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"
    """There is no code to enter: none was asked for, it is too old, or was tried too often."""


def is_possible() -> bool:
    """Whether this clinic has a mail server for it."""
    return bool(settings().visitor_mail.get_secret_value())


def cleaned_address(typed: str) -> str:
    """The mailbox, in the one way of writing it.

    Raises:
        NoAddress: it cannot be one.
    """
    try:
        typed.encode()  # half of an emoji is legal in JSON, and in no address
        found = validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, UnicodeEncodeError):
        raise NoAddress from None
    # Words in another alphabet stand in the domain as the mail server writes them.
    return str(found.ascii_email)


def counted_as(address: str) -> str:
    """A keyed hash, so that nobody who counts mails knows to whom they go.

    ann+a@ and ann+b@ are one mailbox; where they are not, strangers share a count.
    """
    key = derived_key("visitor mail address")
    name, at, domain = address.lower().rpartition("@")
    mailbox = (name.split("+")[0] or name) + at + domain
    return hmac.digest(key, mailbox.encode(), "sha256").hex()


def ask(session: Session, conversation_id: str, address: str) -> None:
    """Mail a code to this address; an earlier code of the conversation is worth nothing then.

    Raises:
        ConversationErased, NothingKept: nothing is mailed.
    """
    conversations.refuse_erased(session, conversation_id)
    refuse_without_words(session, conversation_id)
    session.execute(
        delete(VisitorMail).where(
            VisitorMail.conversation_id == conversation_id, VisitorMail.confirmed_at.is_(None)
        )
    )
    session.add(VisitorMail(conversation_id=conversation_id, address=address, nonce=os.urandom(16)))


def refuse_without_words(session: Session, conversation_id: str) -> None:
    """
    Raises:
        NothingKept: of what was said.
    """
    found = select(Message.id).where(Message.conversation_id == conversation_id)
    if session.scalar(found.limit(1)) is None:
        raise NothingKept


def confirm(session: Session, conversation_id: str, typed: str) -> Answer:
    """Look at a code. The right one queues the copy.

    The right one again, as after an answer that was lost on its way, is answered as it was the
    first time and queues nothing more, also when the copy is gone already.
    """
    asked = select(VisitorMail.id).where(VisitorMail.conversation_id == conversation_id)
    mail_id = session.scalar(asked.order_by(VisitorMail.id.desc()).limit(1))
    tries = None if mail_id is None else _count_try(session, mail_id)
    if mail_id is None or tries is None:
        return Answer.OVER
    nonce, confirmed_at = session.execute(
        select(VisitorMail.nonce, VisitorMail.confirmed_at).where(VisitorMail.id == mail_id)
    ).one()
    if not _is_same(typed, code_of(nonce)):
        return Answer.WRONG if tries < MOST_TRIES else Answer.OVER
    if confirmed_at is None:
        _queue_copy(session, conversation_id, mail_id)
    return Answer.RIGHT


def code_of(nonce: bytes) -> str:
    """Six digits that follow from the nonce, for whoever has the key."""
    seal = hmac.digest(derived_key("visitor mail code"), nonce, "sha256")
    return f"{int.from_bytes(seal[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def oldest_code() -> datetime:
    """Codes that were asked for before that are over."""
    return now() - CODE_LASTS


def _count_try(session: Session, mail_id: int) -> int | None:
    """How many there were with this one; nothing where it may not be tried any more.

    Counted first and in one statement: of a hundred guesses sent at once, five are judged. A code
    that was right once opens nothing any more, so who sends it again may be the sixth.
    """
    counted = (
        update(VisitorMail)
        .where(
            VisitorMail.id == mail_id,
            or_(VisitorMail.tries < MOST_TRIES, VisitorMail.confirmed_at.is_not(None)),
            VisitorMail.asked_at > oldest_code(),
        )
        .values(tries=VisitorMail.tries + 1)
        .returning(VisitorMail.tries)
    )
    return session.scalar(counted.execution_options(synchronize_session=False))


def _is_same(typed: str, code: str) -> bool:
    digits = re.sub(r"[^0-9]", "", typed)
    return hmac.compare_digest(digits.encode(), code.encode())


def _queue_copy(session: Session, conversation_id: str, mail_id: int) -> None:
    session.execute(
        update(VisitorMail)
        .where(VisitorMail.id == mail_id)
        .values(confirmed_at=now(), due_at=now(), attempts=0, error=None)
        .execution_options(synchronize_session=False)
    )
    subject = f"conversation:{conversation_id}"
    audit.record(session, actor="visitor", action="conversation.copy_asked", subject=subject)
