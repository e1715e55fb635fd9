"""The turn of a message without words of danger: write down, ask the bot, write down, answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import httpx

from clinic.help_lines import in_danger
from web import limits, metrics
from web.errors import Refusal, a_lot_at_once
from web.visitor import chat, keeping
from web.visitor.in_time import Once, Patience, in_background, in_time
from web.visitor.keeping import Answer, No, Words
from web.visitor.own_conversation import ended
from web.visitor.rasa import RasaUnavailable, Reply
from web.visitor.turn_time import TurnTime
from web.visitor.unwritten import is_help, write_later

SECONDS_IN_ALL = 10.5
"""Whatever hangs, we say so before the visitor's page gives up, which it does after twelve."""
SECONDS_FOR_THE_DATABASE = 4.0
"""Before the bot is asked, and again after."""
SECONDS_FOR_THE_END = 1.5
"""What the bot leaves at least for its replies to be written down."""
SECONDS_FOR_THE_TURN_BEFORE = 1.0
"""So long a message waits for another one of its conversation that another process answers; out of
order is better than not at all."""
SECONDS_BETWEEN_LOOKS = 0.05


async def answer(client: httpx.AsyncClient, conversation_id: str, key: str, text: str) -> Answer:
    """What is shown.

    Raises:
        Refusal: the message is not answered, and why.
    """
    time, left = TurnTime(), Patience(SECONDS_IN_ALL)
    words = await _begin(conversation_id, key, text, left)
    if isinstance(words, Answer):
        return words
    time.before_is_over()
    try:
        replies = await _ask(client, conversation_id, key, text, words, left)
    except RasaUnavailable:
        in_background(lambda: keeping.give_up(conversation_id, key))
        raise _unavailable() from None
    time.rasa_is_over()
    kept = await _end(conversation_id, key, text, words, replies, left)
    if kept is None:
        raise _not_arrived()
    time.is_over()
    payloads = [message["payload"] for message in kept.messages]
    metrics.count_turn(metrics.outcome_of(payloads))
    if kept.kept:
        return kept
    if not is_help(payloads):
        return _and_say_so(kept, key)
    write = partial(_written, conversation_id, key, text, words, replies)
    write_later(conversation_id, key, write)
    return kept


async def _begin(conversation_id: str, key: str, text: str, left: Patience) -> Words | Answer:
    loop = asyncio.get_running_loop()
    began = loop.time()
    may_write = Once(lambda: limits.may_write(conversation_id))
    while True:
        waited = loop.time() - began
        found = await in_time(
            partial(
                keeping.before,
                conversation_id,
                key,
                text,
                may_write=may_write,
                urgent=waited >= SECONDS_FOR_THE_TURN_BEFORE,
            ),
            left.at_most(SECONDS_FOR_THE_DATABASE - waited),
            otherwise=None,
        )
        if found is None:
            may = await limits.counted(may_write)
            found = keeping.not_kept(conversation_id) if may else No.MORE
        if found is No.CONVERSATION:
            raise ended()
        if found is No.MORE:
            raise a_lot_at_once()
        if not isinstance(found, No):
            return found
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def _ask(
    client: httpx.AsyncClient,
    conversation_id: str,
    key: str,
    text: str,
    words: Words,
    left: Patience,
) -> list[Reply]:
    try:
        async with asyncio.timeout(left.at_most(SECONDS_IN_ALL) - SECONDS_FOR_THE_END):
            return await chat.ask(
                client, conversation_id, key, text, live=words.live, answers=words.answers
            )
    except TimeoutError:
        if words.live:
            return []  # the person has the message
        raise RasaUnavailable("no answer in time") from None


async def _end(
    conversation_id: str,
    key: str,
    text: str,
    words: Words,
    replies: list[Reply],
    left: Patience,
) -> Answer | None:
    """Nothing where a person should read what the visitor said, and it is written down nowhere."""
    ended = await in_time(
        lambda: _Ended(_written(conversation_id, key, text, words, replies)),
        left.at_most(SECONDS_FOR_THE_DATABASE),
        otherwise=None,
    )
    if ended is None:  # it may still be written down, and ends the turn then
        return keeping.not_written(replies, key, is_live=words.live, has_words=words.kept)
    if ended.answer is None or not ended.answer.kept:
        # The turn was not ended, and the next message would wait for it.
        in_background(lambda: keeping.give_up(conversation_id, key))
    return ended.answer


def _written(
    conversation_id: str,
    key: str,
    text: str,
    words: Words,
    replies: list[Reply],
    at: datetime | None = None,
) -> Answer | None:
    unkept_text = None if words.kept else text
    return keeping.after(conversation_id, key, replies, unkept_text, was_live=words.live, at=at)


@dataclass(frozen=True)
class _Ended:
    """The end of a turn, in time; see `keeping.after`."""

    answer: Answer | None


def _and_say_so(answer: Answer, key: str) -> Answer:
    """Nothing that could not be written down looks as if it had been. Beside help nothing else is
    said, and so not this.
    """
    notice = keeping.shown([Reply(chat.NOT_WRITTEN_DOWN)], f"{key}-not-kept")
    return Answer([*answer.messages, *notice], answer.handoff, kept=False)


def _unavailable() -> Refusal:
    return Refusal(
        503,
        "unavailable",
        f"Our assistant is not answering right now. {chat.MAYBE_NOT_SAVED} {in_danger()}",
    )


def _not_arrived() -> Refusal:
    """Our page keeps the message and offers to send it again under the same key."""
    return Refusal(
        503,
        "not_arrived",
        f"Your message did not reach our staff. Please send it again in a minute. {in_danger()}",
    )
