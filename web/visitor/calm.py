"""The turn of a message without words of danger: write down, ask the bot, write down, answer."""

from __future__ import annotations

import asyncio

import httpx

from clinic.help_lines import in_danger
from web import limits, metrics
from web.errors import Refusal, a_lot_at_once
from web.visitor import chat, keeping
from web.visitor.keeping import Answer, No, Words
from web.visitor.own_conversation import ended
from web.visitor.rasa import RasaUnavailable, Reply
from web.visitor.turn_time import TurnTime

SECONDS_FOR_THE_TURN_BEFORE = 4.0
"""So long a message waits for another one of its conversation that another process answers; out of
order is better than not at all."""
SECONDS_BETWEEN_LOOKS = 0.05
HELP = ("crisis", "check_in")


async def answer(client: httpx.AsyncClient, conversation_id: str, key: str, text: str) -> Answer:
    """What is shown.

    Raises:
        Refusal: the message is not answered, and why.
    """
    time = TurnTime()
    words = await _begin(conversation_id, key, text)
    if isinstance(words, Answer):
        return words
    time.before_is_over()
    try:
        replies = await chat.ask(
            client, conversation_id, key, text, live=words.live, answers=words.answers
        )
    except RasaUnavailable:
        await asyncio.to_thread(keeping.give_up, conversation_id, key)
        raise _unavailable() from None
    time.rasa_is_over()
    unkept_text = None if words.kept else text
    kept = await asyncio.to_thread(keeping.after, conversation_id, key, replies, unkept_text)
    if kept is None:
        raise _not_arrived()
    time.is_over()
    metrics.count_turn(metrics.outcome_of(message["payload"] for message in kept.messages))
    return kept if kept.kept else _and_say_so(kept, key)


async def _begin(conversation_id: str, key: str, text: str) -> Words | Answer:
    loop = asyncio.get_running_loop()
    patience_ends = loop.time() + SECONDS_FOR_THE_TURN_BEFORE
    while True:
        found = await asyncio.to_thread(
            keeping.before,
            conversation_id,
            key,
            text,
            may_write=lambda: limits.may_write(conversation_id),
            urgent=loop.time() >= patience_ends,
        )
        if found is No.CONVERSATION:
            raise ended()
        if found is No.MORE:
            raise a_lot_at_once()
        if not isinstance(found, No):
            return found
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _and_say_so(answer: Answer, key: str) -> Answer:
    """Nothing that could not be written down looks as if it had been. But nothing else is said
    beside help: then only our page keeps the words.
    """
    if any((message["payload"] or {}).get("type") in HELP for message in answer.messages):
        return answer
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
