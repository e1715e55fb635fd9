"""The turn of a message with words of danger: not refused up to 8,000 characters, and never
waited for long.

It does not wait for a turn before it that hangs, nor for the database, nor for the bot. Who gets
no answer from the bot in time gets ours, with the clinic's help lines.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from functools import partial

import httpx

from clinic import first_help
from clinic.first_line import Alarm, first_line
from web import limits, metrics
from web.visitor import chat, keeping
from web.visitor.in_time import Once, Patience, in_time
from web.visitor.keeping import Answer, No, Words
from web.visitor.rasa import SEPARATOR, Reply
from web.visitor.turn_time import TurnTime
from web.visitor.turns import Turns
from web.visitor.unwritten import write_later

log = logging.getLogger(__name__)

SECONDS_IN_ALL = 1.6
"""Whatever hangs: then help is shown."""
SECONDS_FOR_THE_DATABASE = 0.3
"""Before the bot is asked, and again after."""
SECONDS_FOR_THE_TURN_BEFORE = 0.5
LONGEST_FOR_THE_BOT = 2000

_unfinished: set[asyncio.Task[list[Reply]]] = set()


async def answer(
    client: httpx.AsyncClient,
    turns: Turns,
    conversation_id: str,
    key: str,
    text: str,
    alarm: Alarm,
) -> Answer | None:
    """What is shown: the bot's answer, or ours. Nothing where there is no such conversation; when
    the database does not say so in time, nobody is turned away.
    """
    time = TurnTime()
    left = Patience(SECONDS_IN_ALL)
    async with AsyncExitStack() as turn:
        with suppress(TimeoutError):
            async with asyncio.timeout(left.at_most(SECONDS_FOR_THE_TURN_BEFORE)):
                await turn.enter_async_context(turns.of(conversation_id))
        found = await _begin(conversation_id, key, text, left)
        if isinstance(found, Answer):
            return found
        if found is No.MORE:
            # No person writes so much. Help is shown, but nobody can flood the bot or the staff.
            help_shown = Answer(_help_shown(alarm, key), kept=False)
            return _count(help_shown, by=metrics.FIRST_HELP)
        if isinstance(found, No):
            return None
        time.before_is_over()
        # What is said has to be written down in time, too.
        seconds = left.at_most(SECONDS_IN_ALL) - SECONDS_FOR_THE_DATABASE
        said = await _ask(client, conversation_id, key, text, alarm, seconds, found)
        time.rasa_is_over()
        unkept_text = None if found.kept else text
        write = partial(
            keeping.after, conversation_id, key, said, unkept_text, alarm, was_live=found.live
        )
        kept = await in_time(write, left.at_most(SECONDS_FOR_THE_DATABASE), otherwise=None)
        if kept is None or not kept.kept:
            write_later(conversation_id, key, write)
        if found.live:
            said = chat.only_help(said)
        # Help is shown, whatever could be written down.
        shown = kept or Answer(keeping.shown(said, key), kept=False)
        time.is_over()
        ours = any(reply.by_web for reply in said)
        return _count(shown, by=metrics.FIRST_HELP if ours else metrics.BOT)


async def _begin(conversation_id: str, key: str, text: str, left: Patience) -> Words | Answer | No:
    may_write = Once(
        lambda: (
            limits.may_write(conversation_id) or limits.may_write(f"alarms of {conversation_id}")
        )
    )
    found: Words | Answer | No | None = await in_time(
        lambda: keeping.before(conversation_id, key, text, may_write=may_write, urgent=True),
        left.at_most(SECONDS_FOR_THE_DATABASE),
        otherwise=None,
    )
    if found is not None:
        return found
    may = await limits.counted(may_write, left.at_most(SECONDS_FOR_THE_DATABASE))
    return keeping.not_kept(conversation_id) if may else No.MORE


def _help_shown(alarm: Alarm, key: str) -> list[chat.Bubble]:
    return keeping.shown([chat.first_help_of(first_help.without_the_bot(alarm))], key)


def _count(answer: Answer, *, by: str) -> Answer:
    outcome = metrics.outcome_of(message["payload"] for message in answer.messages)
    metrics.count_turn(outcome, crisis_by=by)
    return answer


async def _ask(
    client: httpx.AsyncClient,
    conversation_id: str,
    key: str,
    text: str,
    alarm: Alarm,
    seconds: float,
    words: Words,
) -> list[Reply]:
    part = _part_to_read(text)
    asked = chat.ask(
        client, conversation_id, key, part, alarm, live=words.live, answers=words.answers
    )
    asking = asyncio.ensure_future(asked)
    # Once we gave up, a slow bot may still end its turn: then it knows what was said.
    _unfinished.add(asking)
    asking.add_done_callback(_let_go)
    finished, _ = await asyncio.wait({asking}, timeout=max(0.0, seconds))
    if not finished or asking.exception() is not None:
        help_now = first_help.beside_a_person if words.live else first_help.without_the_bot
        return [chat.first_help_of(help_now(alarm))]
    return asking.result() if part == text else _and_say_so(asking.result(), alarm)


def _let_go(asking: asyncio.Task[list[Reply]]) -> None:
    _unfinished.discard(asking)
    if not asking.cancelled() and (error := asking.exception()) is not None:
        log.error("no answer to words of danger error=%s", type(error).__name__)


def _part_to_read(text: str) -> str:
    """As much as the bot can take: the beginning, or the end if only that gives the alarm."""
    beginning, end = text[:LONGEST_FOR_THE_BOT], text[-LONGEST_FOR_THE_BOT:]
    if first_line().find(beginning) or not first_line().find(end):
        return beginning
    return end


def _and_say_so(said: list[Reply], alarm: Alarm) -> list[Reply]:
    """The bot read a part only; if it heard no danger in that part, help is shown all the same."""
    if not any((reply.payload or {}).get("type") == "crisis" for reply in said):
        return [*said, chat.first_help_of(first_help.not_read_whole(alarm))]
    *before, last = said
    text = SEPARATOR.join([last.text, first_help.too_long(alarm)])
    return [*before, replace(last, text=text)]
