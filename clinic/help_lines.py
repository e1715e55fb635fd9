"""The help lines that we show even when the bot does not answer, from crisis/hotlines.yml.

Rasa's side reads the same file strictly (nlu_components/crisis/hotlines.py) and stops the
training at a mistake. Here an entry that cannot be read is left out, and the log names its id:
for one of them no page may fail.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from clinic.facts import facts
from clinic.settings import HOME

log = logging.getLogger(__name__)

CHECKED_FOR_DAYS = 120
"""So long a check of a number counts; a person is to check them every quarter."""
TEXTING = {
    "en": {"number": "Text {to}", "word": "Text {body} to {to}"},
    "es": {"number": "Envía un mensaje al {to}", "word": "Envía {body} al {to}"},
}

NO_NUMBER = "If you are in danger or in a crisis, call your local emergency number."


class HelpLinesError(Exception):
    """The help lines cannot be read, or one that every text names is not there."""


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
    texting: Texting | None = None
    """What `text` says, in parts."""


class Texting(BaseModel):
    """The number to text, and the word to send if one is needed."""

    model_config = ConfigDict(frozen=True)

    to: str
    body: str | None = None


class Entry(BaseModel):
    """A line as it is written in the file. What Rasa's side demands besides is not needed here."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    country: str
    helps: tuple[str, ...]
    languages: tuple[str, ...]
    call: str | dict[str, str] | None = None
    text: Texting | None = None
    chat: str | None = None
    note: str | dict[str, str] | None = None
    say: str | dict[str, str] | None = None
    verified_on: date | None = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> Entry:
        if not (self.call or self.text or self.chat):
            raise ValueError("there is no way to reach it")
        return self


@lru_cache
def help_lines(country: str, language: str = "en") -> tuple[HelpLine, ...]:
    """The lines of one country, in the file's order: the emergency number, then the crisis line.

    None for a country that the file does not know; the training of the bot stops there.

    Raises:
        HelpLinesError: the file cannot be read at all. The start of web has met it before.
    """
    code = _code(country)
    return tuple(_line(entry, language) for entry in _entries()[0] if entry.country == code)


def left_out() -> tuple[str, ...]:
    """The ids of the entries that cannot be read, and so are shown nowhere."""
    return _entries()[1]


def clinic_lines(language: str = "en") -> tuple[HelpLine, ...]:
    """The lines of this clinic's country."""
    # The bot is not trained for an unknown country; here a page with wrong settings still stands.
    return help_lines(facts().country, language) or help_lines("US", language)


def line_to_name(role: str, language: str = "en") -> HelpLine:
    """The clinic's first line of this kind that a sentence can name, one that speaks the
    language if there is one.

    Raises:
        HelpLinesError: there is none.
    """
    fitting = [line for line in clinic_lines(language) if role in line.helps and line.say]
    if not fitting:
        raise HelpLinesError(
            f"crisis/hotlines.yml: no readable line has `say` and helps with {role} "
            f"in {facts().country}"
        )
    return next((line for line in fitting if language in line.languages), fitting[0])


def in_danger() -> str:
    """One sentence with the clinic's two numbers, for the end of every apology."""
    try:
        emergency, crisis = (line_to_name(role).say for role in ("emergency", "crisis"))
    except Exception as error:  # the edge: an apology never fails for want of a number
        log.error("no help line to name error=%s", type(error).__name__)
        return NO_NUMBER
    return f"If you are in danger, {emergency}. In a crisis, {crisis}."


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


@lru_cache
def _entries() -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """All that can be read, and the ids of the rest."""
    readable, unreadable = [], []
    for place, content in enumerate(_read("hotlines.yml"), 1):
        try:
            readable.append(Entry.model_validate(content))
        except ValidationError:
            name = content.get("id") if isinstance(content, dict) else None
            unreadable.append(str(name or f"entry {place}"))
            log.error("help line left out id=%s", unreadable[-1])
    return tuple(readable), tuple(unreadable)


def _read(name: str) -> list[Any]:
    try:
        entries = yaml.safe_load((HOME / "crisis" / name).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise HelpLinesError(f"crisis/{name} cannot be read ({type(error).__name__})") from None
    if not isinstance(entries, list):
        raise HelpLinesError(f"crisis/{name} is not a list")
    return entries


def _line(entry: Entry, language: str) -> HelpLine:
    return HelpLine(
        name=entry.name,
        call=_in_language(entry.call, language),
        text=_texting(entry.text, language),
        chat=entry.chat or "",
        note=_in_language(entry.note, language),
        say=_in_language(entry.say, language),
        helps=entry.helps,
        languages=entry.languages,
        verified_on=entry.verified_on,
        texting=entry.text,
    )


def _in_language(content: str | dict[str, str] | None, language: str) -> str:
    """The text in this language, else in English, else in the only one there is."""
    if not isinstance(content, dict):
        return content or ""
    return content.get(language) or content.get("en") or next(iter(content.values()), "")


def _texting(text: Texting | None, language: str) -> str:
    if text is None:
        return ""
    words = TEXTING.get(language, TEXTING["en"])
    return words["word" if text.body else "number"].format(to=text.to, body=text.body)
