"""“E-mail me this conversation”: an address, then the code that was mailed there.

No answer tells whether a mailbox exists: the mail goes out later, and what becomes of it is told
to nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from clinic import visitor_mail
from clinic.database import transaction
from clinic.help_lines import in_danger
from clinic.tries import network_of
from clinic.visitor_mail import CODE_LASTS, Answer
from web import limits
from web.errors import Refusal
from web.visitor import chat
from web.visitor.own_conversation import OwnConversation
from web.visitor.transcript import nothing_kept

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
async def ask(sent: Address, request: Request, own: OwnConversation) -> dict[str, int]:
    """Mail a code to this address; says for how many minutes it is good."""
    _refuse_if_off()
    address = _cleaned(sent.address)
    place = network_of(request.client.host if request.client else None)
    if not limits.may_have_a_code(own, visitor_mail.counted_as(address), place):
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
    if not limits.may_write(f"codes tried in {own}"):
        raise Refusal(
            429, "too_many", f"That was a lot at once. Please wait a minute. {in_danger()}"
        )

    def deed(session: Session) -> Answer:
        return visitor_mail.confirm(session, own, sent.code)

    answer = await asyncio.to_thread(_do, deed)
    if answer is Answer.WRONG:
        raise Refusal(
            422, "wrong_code", "That is not the code in our e-mail. Please look at it once more."
        )
    if answer is Answer.OVER:
        raise Refusal(
            410,
            "code_expired",
            "This code cannot be used any more. Please enter your e-mail address again, and we "
            "send you a new one.",
        )
    return {"queued": True}


def _refuse_if_off() -> None:
    if not visitor_mail.is_possible():
        raise Refusal(
            404,
            "mail_off",
            "We cannot send e-mail from here. Please download the conversation instead.",
        )


def _cleaned(typed: str) -> str:
    try:
        return visitor_mail.cleaned_address(typed)
    except visitor_mail.NoAddress:
        raise Refusal(
            422,
            "no_address",
            "That does not look like an e-mail address. Please check it, for example "
            "name@example.com.",
        ) from None


def _do(deed: Callable[[Session], Found]) -> Found:
    try:
        with transaction() as session:
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
