"""The help lines that a page shows even when nothing else works, from crisis/hotlines.yml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from clinic.settings import HOME


@dataclass(frozen=True)
class HelpLine:
    """A service to call, to text or to chat with; an empty text where it has no such way."""

    name: str
    call: str
    text: str
    chat: str
    note: str


@lru_cache
def help_lines(country: str) -> tuple[HelpLine, ...]:
    """The lines of one country, in the file's order: emergency services come first."""
    entries = yaml.safe_load((HOME / "crisis" / "hotlines.yml").read_text("utf-8"))
    return tuple(_line(entry) for entry in entries if entry["country"] == country)


def _line(entry: dict[str, Any]) -> HelpLine:
    return HelpLine(
        name=entry["name"],
        call=entry["call"] or "",
        text=_texting(entry["text"]),
        chat=entry["chat"] or "",
        note=entry["note"],
    )


def _texting(text: dict[str, str] | None) -> str:
    if text is None:
        return ""
    return f"Text {text['body']} to {text['to']}" if "body" in text else f"Text {text['to']}"
