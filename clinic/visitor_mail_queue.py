"""Visitors' mails on their way: whose turn it is, what stands in it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from clinic import audit, conversations, visitor_mail, visitor_transcript
from clinic.clock import now
from clinic.notice_words import Words
from clinic.tables import VisitorMail

LEASE = timedelta(minutes=5)
"""Who claimed a mail and did not say what became of it has died: another may send it."""
LONGEST_WAIT = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=1)

CODE = Words(
    "Your code",
    "Your code is {code}. Please enter it in the chat within {minutes} minutes.\n\n"
    "Somebody asked for a copy of a chat to be sent to this address. If it was not you, you need "
    "not do anything: without the code nothing is sent.",
)
COPY = Words(
    "The copy you asked for",
    "Here is the copy you asked for, as a text file. It is private: please open it where only you "
    "can see it.",
)
"""No word about health, and not the clinic's name, which may be one: a telephone that lights up
shows the beginning of a mail to everybody around."""
FILE = "copy.txt"


@dataclass(frozen=True)
class Letter:
    """One mail as it is sent; `copy` is empty where it brings a code."""

    mail_id: int
    to: str
    words: Words
    copy: str = ""


def is_any_due(session: Session) -> bool:
    """Whether there is something to send; asks without writing."""
    return session.scalar(select(VisitorMail.id).where(_is_due()).limit(1)) is not None


def is_any_over(session: Session) -> bool:
    """Whether there is something to let go of; asks without writing."""
    return session.scalar(select(VisitorMail.id).where(_is_over()).limit(1)) is not None


def claim(session: Session) -> int | None:
    """Be the one who sends the next mail, codes first; nothing if there is none. Commit first."""
    next_one = (
        select(VisitorMail.id)
        .where(_is_due())
        .order_by(VisitorMail.confirmed_at.is_not(None), VisitorMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    mail_id = session.scalar(next_one)
    if mail_id is not None:
        _change(session, mail_id, attempts=VisitorMail.attempts + 1, due_at=now() + LEASE)
    return mail_id


def letter(session: Session, mail_id: int) -> Letter | None:
    """The mail as it is now; nothing if it was erased or sent meanwhile, or nothing is left to
    send."""
    mail = session.get(VisitorMail, mail_id)
    if mail is None or mail.due_at is None:
        return None
    if mail.confirmed_at is None:
        minutes = int(visitor_mail.CODE_LASTS.total_seconds() // 60)
        code = visitor_mail.code_of(mail.nonce)
        body = CODE.body.format(code=code, minutes=minutes)
        return Letter(mail_id, mail.address, Words(CODE.title, body))
    said = conversations.transcript(session, mail.conversation_id)
    if not said:
        return None
    return Letter(mail_id, mail.address, COPY, visitor_transcript.as_text(said, now()))


def was_sent(session: Session, sent: Letter) -> None:
    """With a code, we wait for the visitor. Of a copy the address goes at once, and the rest with
    its code: until then the visitor may ask a second time whether it was right."""
    if not sent.copy:
        # Who was faster than our look at the mail server's answer has queued the copy already.
        unconfirmed = VisitorMail.confirmed_at.is_(None)
        _change(session, sent.mail_id, unconfirmed, due_at=None, error=None)
        return
    left = (
        update(VisitorMail)
        .where(VisitorMail.id == sent.mail_id, _is_copy_to_send())
        .values(address="", due_at=None, error=None)
        .returning(VisitorMail.conversation_id)
    )
    _record(session, left, "conversation.copy_mailed")


def has_failed(session: Session, failed: Letter, error: str) -> None:
    """Try again after 1, 2, 4 … minutes, at most an hour later."""
    same = _is_copy_to_send() if failed.copy else VisitorMail.confirmed_at.is_(None)
    attempts = select(VisitorMail.attempts).where(VisitorMail.id == failed.mail_id)
    made = session.scalar(attempts) or 1
    wait = min(timedelta(minutes=2 ** min(made - 1, 10)), LONGEST_WAIT)
    _change(session, failed.mail_id, same, due_at=now() + wait, error=error[:64])


def drop(session: Session, mail_id: int) -> None:
    """What was said is gone, so there is nothing to mail."""
    unsent = VisitorMail.due_at.is_not(None)
    session.execute(delete(VisitorMail).where(VisitorMail.id == mail_id, unsent))


def tidy(session: Session) -> None:
    """Erase, with its address, whatever is over: old codes, and copies that no server took."""
    given_up = delete(VisitorMail).where(_is_given_up()).returning(VisitorMail.conversation_id)
    _record(session, given_up, "conversation.copy_given_up")
    session.execute(delete(VisitorMail).where(_is_old_code()))


def how_many_fail(session: Session) -> int:
    """Mails that were tried and still wait."""
    failing = select(func.count()).where(VisitorMail.error.is_not(None))
    return session.scalar(failing) or 0


def _is_due() -> ColumnElement[bool]:
    return (VisitorMail.due_at <= now()) & ~_is_over()


def _is_over() -> ColumnElement[bool]:
    return or_(_is_old_code(), _is_given_up())


def _is_old_code() -> ColumnElement[bool]:
    """Also of a copy that was sent."""
    too_old = VisitorMail.asked_at <= visitor_mail.oldest_code()
    return and_(~_is_copy_to_send(), too_old)


def _is_copy_to_send() -> ColumnElement[bool]:
    return and_(VisitorMail.confirmed_at.is_not(None), VisitorMail.due_at.is_not(None))


def _is_given_up() -> ColumnElement[bool]:
    too_old = VisitorMail.confirmed_at <= now() - GIVEN_UP_AFTER
    # Of a code the comparison alone would be neither true nor false.
    return and_(_is_copy_to_send(), too_old)


def _change(
    session: Session, mail_id: int, *conditions: ColumnElement[bool], **values: object
) -> None:
    changed = update(VisitorMail).where(VisitorMail.id == mail_id, *conditions).values(**values)
    session.execute(changed.execution_options(synchronize_session=False))


def _record(
    session: Session, changed: ReturningDelete[str] | ReturningUpdate[str], deed: str
) -> None:
    """Whoever lets go of a copy writes down what became of it, so it is written down once."""
    found = session.scalars(changed.execution_options(synchronize_session=False))
    for conversation_id in found.all():
        subject = f"conversation:{conversation_id}"
        audit.record(session, actor="system", action=deed, subject=subject)
