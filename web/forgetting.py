"""Tell Rasa to forget the conversations of people who were erased, until it has."""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache

import httpx
import yaml

from clinic import forgetting
from clinic.database import reading, transaction
from clinic.settings import HOME, settings

log = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 5.0
FORGET = "/restart"
"""Our tracker store erases whatever came before a restart."""
BY_THE_CLINIC = {"erased": True}
"""Then not even that danger was heard lately is kept, as it is where a visitor begins anew."""


async def forget_due(client: httpx.AsyncClient) -> int:
    """One round; returns how many were forgotten. Several processes share the work."""
    number = 0
    for conversation_id in await asyncio.to_thread(_due):
        if await asyncio.to_thread(_claim, conversation_id) and await _forget(
            client, conversation_id
        ):
            await asyncio.to_thread(_is_done, conversation_id)
            number += 1
    return number


async def _forget(client: httpx.AsyncClient, conversation_id: str) -> bool:
    """Whether Rasa says that it begins anew.

    It answers "200, nothing to say" when its own database is down, so only its words count.
    """
    try:
        async with asyncio.timeout(settings().rasa_timeout_seconds):
            answer = await client.post(
                f"{settings().rasa_url}/webhooks/rest/webhook",
                json={"sender": conversation_id, "message": FORGET, "metadata": BY_THE_CLINIC},
                timeout=settings().rasa_timeout_seconds,
            )
        answer.raise_for_status()
        said = answer.json()
    except (httpx.HTTPError, TimeoutError, ValueError) as error:
        log.error("a conversation is not forgotten yet error=%s", type(error).__name__)
        return False
    return isinstance(said, list) and any(_begins_anew(entry) for entry in said)


def _begins_anew(entry: object) -> bool:
    text = entry.get("text") if isinstance(entry, dict) else None
    # Rasa takes a text apart at its blank lines.
    return bool(text) and any(words.startswith(str(text)) for words in _words())


@lru_cache
def _words() -> tuple[str, ...]:
    """What the bot says when it begins anew: `utter_restart` in domain.yml."""
    domain = yaml.safe_load((HOME / "domain.yml").read_text("utf-8"))
    return tuple(answer["text"] for answer in domain["responses"]["utter_restart"])


async def forget_for_ever() -> None:
    # trust_env=False: Rasa is on this machine, and no proxy knows the way.
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
            try:
                await forget_due(client)
            except Exception as error:  # the edge: one bad round must not be the last one
                log.error("no conversation was forgotten error=%s", type(error).__name__)


def _due() -> list[str]:
    with reading() as session:
        return forgetting.due(session)


def _claim(conversation_id: str) -> bool:
    with transaction() as session:
        return forgetting.claim(session, conversation_id)


def _is_done(conversation_id: str) -> None:
    with transaction() as session:
        forgetting.is_done(session, conversation_id)
