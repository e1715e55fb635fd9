"""“E-mail me this conversation”: an address, then the code that was mailed there.

No answer tells whether a mailbox exists: the mail goes out later, and what becomes of it is told
to nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from clinic import visitor_mail
from clinic.database import reading, transaction
from clinic.help_lines import in_danger
from clinic.visitor_mail import CODE_LASTS, Answer
from web import limits
from web.errors import Refusal, a_lot_at_once
from web.visitor import chat
from web.visitor.network import Network
from web.visitor.own_conversation import OwnConversation
from web.visitor.own_files import nothing_kept

log = logging.getLogger(__name__)

Found = TypeVar("Found")

router = APIRouter(prefix="/conversation/email")


class Address(BaseModel):
    model_config = ConfigDict(extra="forbid")

    address: str


class Code(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str


@router.post("", status_code=202)
async def ask(sent: Address, network: Network, own: OwnConversation) -> dict[str, int]:
    """Mail a code to this address; says for how many minutes it is good."""
    _refuse_if_off()
    address = _cleaned(sent.address)

    def look(session: Session) -> None:
        visitor_mail.refuse_without_words(session, own)

    # Looked up before it is counted: who has nothing to send has not used up a code.
    await asyncio.to_thread(_do, look, reading)
    mailbox = visitor_mail.counted_as(address)
    if not await limits.counted(lambda: limits.may_have_a_code(own, mailbox, network)):
        raise Refusal(
            429,
            "too_many",
            "We have sent several codes already. Please wait an hour, or download the "
            f"conversation instead. {in_danger()}",
        )

    def deed(session: Session) -> None:
        visitor_mail.ask(session, own, address)

    await asyncio.to_thread(_do, deed)
    return {"minutes": int(CODE_LASTS.total_seconds() // 60)}


@router.post("/code", status_code=202)
async def confirm(sent: Code, own: OwnConversation) -> dict[str, bool]:
    """With the right code, mail the conversation to the address that the code was sent to."""
    _refuse_if_off()
    if not await limits.counted(lambda: limits.may_write(f"codes tried in {own}")):
        # Its own code: `too_many` is about the codes that were sent, and that takes an hour.
        raise a_lot_at_once("too_many_tries")

    def deed(session: Session) -> Answer:
        return visitor_mail.confirm(session, own, sent.code)

    answer = await asyncio.to_thread(_do, deed)
    if answer is Answer.WRONG:
        raise Refusal(
            422,
            "wrong_code",
            f"That is not the code in our e-mail. Please look at it once more. {in_danger()}",
        )
    if answer is Answer.OVER:
        raise Refusal(
            410,
            "code_expired",
            "This code cannot be used any more. Please enter your e-mail address again, and we "
            f"send you a new one. {in_danger()}",
        )
    return {"queued": True}


def _refuse_if_off() -> None:
    if not visitor_mail.is_possible():
        raise Refusal(
            404,
            "mail_off",
            "We cannot send e-mail from here. Please download the conversation instead. "
            f"{in_danger()}",
        )


def _cleaned(typed: str) -> str:
    try:
        return visitor_mail.cleaned_address(typed)
    except visitor_mail.NoAddress:
        raise Refusal(
            422,
            "no_address",
            "That does not look like an e-mail address. Please check it, for example "
            f"name@example.com. {in_danger()}",
        ) from None


def _do(
    deed: Callable[[Session], Found],
    opened: Callable[[], AbstractContextManager[Session]] = transaction,
) -> Found:
    try:
        with opened() as session:
            return deed(session)
    except visitor_mail.NothingKept:
        raise nothing_kept() from None
    except chat.TROUBLE as error:
        log.error("no copy mailed error=%s", type(error).__name__)
        raise Refusal(
            503,
            "unavailable",
            f"That did not work. Please try again in a few minutes. {in_danger()}",
        ) from None
