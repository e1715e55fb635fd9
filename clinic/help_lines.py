"""The help lines that a page shows even when nothing else works, from crisis/hotlines.yml.

Rasa's side reads the same file strictly (nlu_components/crisis/hotlines.py) and stops the
training at a mistake. Here nothing stops: a page with help lines must not fail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import yaml

from clinic.settings import HOME

CHECKED_FOR_DAYS = 120
"""So long a check of a number counts; a person is to check them every quarter."""
TEXTING = {
    "en": {"number": "Text {to}", "word": "Text {body} to {to}"},
    "es": {"number": "Envía un mensaje al {to}", "word": "Envía {body} al {to}"},
}


@dataclass(frozen=True)
class HelpLine:
    """A service to call, to text or to chat with; an empty text where it has no such way."""

    name: str
    call: str
    text: str
    chat: str
    note: str
    say: str
    """The line in a sentence, "call or text 988"; empty for lines that no sentence names."""
    helps: tuple[str, ...]
    """Its roles: emergency, crisis, veterans and so on; the file explains them."""
    languages: tuple[str, ...]
    verified_on: date | None
    """The day its number was last checked; None if it never was."""


@lru_cache
def help_lines(country: str, language: str = "en") -> tuple[HelpLine, ...]:
    """The lines of one country, in the file's order: the emergency number, then the crisis line.

    None for a country that the file does not know; the training of the bot stops there.
    """
    code = _code(country)
    return tuple(
        _line(entry, language) for entry in _read("hotlines.yml") if entry["country"] == code
    )


def outdated(
    lines: Iterable[HelpLine], today: date, days: int = CHECKED_FOR_DAYS
) -> list[HelpLine]:
    """The lines that nobody has checked for so long, or ever."""
    oldest = today - timedelta(days=days)
    return [line for line in lines if line.verified_on is None or line.verified_on < oldest]


def _code(country: str) -> str | None:
    """EU for a member state, GB for UK."""
    written = country.strip().upper()
    for entry in _read("countries.yml"):
        if written in (entry["country"], *entry["also"]):
            return str(entry["country"])
    return None


def _read(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((HOME / "crisis" / name).read_text("utf-8"))
    return entries


def _line(entry: dict[str, Any], language: str) -> HelpLine:
    return HelpLine(
        name=entry["name"],
        call=_in_language(entry["call"], language),
        text=_texting(entry["text"], language),
        chat=entry["chat"] or "",
        note=_in_language(entry["note"], language),
        say=_in_language(entry.get("say"), language),
        helps=tuple(entry["helps"]),
        languages=tuple(entry["languages"]),
        verified_on=entry["verified_on"],
    )


def _in_language(content: str | dict[str, str] | None, language: str) -> str:
    """The text in this language, else in English, else in the only one there is."""
    if not isinstance(content, dict):
        return content or ""
    return content.get(language) or content.get("en") or next(iter(content.values()), "")


def _texting(text: dict[str, str] | None, language: str) -> str:
    if text is None:
        return ""
    return TEXTING[language]["word" if "body" in text else "number"].format(**text)
