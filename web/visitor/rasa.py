"""Talk to Rasa over its REST channel, and make chat bubbles of what it says."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from clinic.settings import settings

log = logging.getLogger(__name__)

SEPARATOR = "\n\n"


class RasaUnavailable(Exception):
    """Rasa did not answer in time, or not at all."""


@dataclass
class Reply:
    """One bubble: Rasa sends its text and its payload as separate entries."""

    text: str
    payload: dict[str, Any] | None = None
    by_web: bool = False
    """Help of web's own, where the bot was late or not there."""


def without_commands(text: str) -> str:
    """The text without leading slashes, which Rasa would take for orders (`/restart`)."""
    while (text := text.strip()).startswith("/"):
        text = text[1:]
    return text


async def send(
    client: httpx.AsyncClient,
    *,
    sender: str,
    text: str,
    key: str,
    live: bool = False,
    answers: str | None = None,
) -> list[Reply]:
    """Give Rasa a visitor's words; the bot's replies, in order. Empty if it had none.

    Args:
        live: a person reads them now, so the bot only watches for danger.
        answers: who spoke last before them, `bot` or `staff`: a yes is said to one of the two.

    Raises:
        RasaUnavailable: no answer within the time set, or an answer that is no answer.
    """
    metadata: dict[str, Any] = {"key": key}
    if live:
        metadata["live"] = True
    if answers == "staff" or (live and answers is not None):
        metadata["answers"] = answers
    body = {"sender": sender, "message": without_commands(text), "metadata": metadata}
    try:
        # httpx counts each step of a request by itself; an answer that trickles must end too.
        async with asyncio.timeout(settings().rasa_timeout_seconds):
            response = await client.send(_request(json.dumps(body).encode()))
        response.raise_for_status()
        return joined(_entries(json.loads(response.content)))
    except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as error:
        # `from None`: an HTTP error carries the request, and with it the visitor's words.
        raise RasaUnavailable(type(error).__name__) from None


def _request(content: bytes) -> httpx.Request:
    """What `client.post` makes, without working out each time what is always the same."""
    address, headers, steps = _always(settings().rasa_url, settings().rasa_timeout_seconds)
    return httpx.Request(
        "POST", address, content=content, headers=headers, extensions={"timeout": steps}
    )


@lru_cache
def _always(url: str, seconds: float) -> tuple[httpx.URL, dict[str, str], dict[str, float | None]]:
    address = httpx.URL(f"{url}/webhooks/rest/webhook")
    host = address.netloc.decode("ascii")
    headers = {"Host": host, "Content-Type": "application/json", "Accept": "application/json"}
    return address, headers, httpx.Timeout(seconds).as_dict()


def _entries(answer: Any) -> list[dict[str, Any]]:
    if not isinstance(answer, list) or not all(_is_entry(entry) for entry in answer):
        raise ValueError("not a list of messages")
    return answer


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("text") or "", str)
        and isinstance(entry.get("custom") or {}, dict)
    )


async def is_up(client: httpx.AsyncClient) -> bool:
    try:
        response = await client.get(f"{settings().rasa_url}/", timeout=2)
    except httpx.HTTPError:
        return False
    return response.is_success


def joined(entries: list[dict[str, Any]]) -> list[Reply]:
    """Put together what Rasa takes apart: it splits texts at blank lines and payloads off.

    A payload ends a bubble: the texts before it are its words.
    """
    replies: list[Reply] = []
    texts: list[str] = []
    for entry in entries:
        if entry.get("text"):
            texts.append(entry["text"])
        if entry.get("custom"):
            replies.append(Reply(SEPARATOR.join(texts), _checked(entry["custom"])))
            texts = []
    if texts:
        replies.append(Reply(SEPARATOR.join(texts)))
    return replies


def _checked(payload: dict[str, Any]) -> dict[str, Any] | None:
    """The payload, or none if the widget would not know what to do with it: the words remain."""
    if follows_schema(payload):
        return payload
    log.error("a payload does not follow bot_message.schema.json and was left out")
    return None


def follows_schema(payload: dict[str, Any]) -> bool:
    """Each type has a schema of its own, so no other need be tried."""
    kind = payload.get("type")
    schema = _schemas().get(kind) if isinstance(kind, str) else None
    return schema is not None and schema.is_valid(payload)


@lru_cache
def _schemas() -> dict[str, Draft202012Validator]:
    """The schema of each type, with what it refers to put in its place: that is read much faster.

    Raises:
        ValueError: bot_message.schema.json does not tell its types apart by `type`.
    """
    path = Path(__file__).parent.parent / "bot_message.schema.json"
    whole = json.loads(path.read_text("utf-8"))
    parts = [_put_together(part, whole["$defs"]) for part in whole["oneOf"]]
    kinds = {part["properties"]["type"]["const"]: part for part in parts}
    if len(kinds) < len(parts) or not all("type" in part["required"] for part in parts):
        raise ValueError("bot_message.schema.json: two kinds of message have the same type")
    return {kind: Draft202012Validator(part) for kind, part in kinds.items()}


def _put_together(part: Any, named: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_put_together(each, named) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _put_together(named[part["$ref"].removeprefix("#/$defs/")], named)
    return {name: _put_together(each, named) for name, each in part.items()}
