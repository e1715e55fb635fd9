"""What we say ourselves when the bot does not: the clinic's help lines, and never a promise."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from clinic.facts import facts
from clinic.first_line import Alarm, first_line, page_data
from clinic.help_lines import HelpLine, help_lines
from clinic.settings import HOME
from web.visitor.rasa import SEPARATOR, Reply

MOST_LINES = 6


def in_danger(language: str = "en") -> str:
    """One sentence with the two numbers, for the end of every apology."""
    emergency, crisis = (_say(role, language) for role in ("emergency", "crisis"))
    return f"If you are in danger, {emergency}. In a crisis, {crisis}."


def without_the_bot(alarm: Alarm) -> Reply:
    """The answer to words of danger when the assistant is gone, hangs or talks nonsense."""
    words = first_line().words[alarm.language]
    return _reply(alarm, words.no_assistant)


def not_read_whole(alarm: Alarm) -> Reply:
    """The answer when the assistant read a part of a long message and heard no danger in it."""
    words = first_line().words[alarm.language]
    return _reply(alarm, words.too_long)


def too_long(alarm: Alarm) -> str:
    return first_line().words[alarm.language].too_long


def on_the_page() -> dict[str, Any]:
    """What the page carries, so that the visitor's browser can help with no server at all."""
    languages = first_line().words
    return {
        **page_data(first_line()),
        "words": {
            language: SEPARATOR.join([words.lost_contact, _filled(words.help, language)])
            for language, words in languages.items()
        },
        "resources": {
            language: [_resource(_line(role, language)) for role in ("emergency", "crisis")]
            for language in languages
        },
    }


def _reply(alarm: Alarm, why: str) -> Reply:
    words = first_line().words[alarm.language]
    payload = {
        "type": "crisis",
        "category": alarm.category,
        "language": alarm.language,
        "resources": [_resource(line) for line in _lines(alarm.category, alarm.language)],
    }
    return Reply(SEPARATOR.join([why, _filled(words.help, alarm.language)]), payload)


def _lines(category: str, language: str) -> list[HelpLine]:
    """The country's lines that fit: the emergency line first, then those in this language."""
    known = _known(language)
    fitting = [line for role in _roles(category) for line in known if role in line.helps]
    # An English visitor has no use for a Spanish line; elsewhere a line speaks what is spoken.
    heard = [line for line in fitting if {language, "en", "local"} & set(line.languages)]
    heard.sort(key=lambda line: ("emergency" not in line.helps, language not in line.languages))
    return list(dict.fromkeys(heard))[:MOST_LINES] or list(known)


@lru_cache
def _roles(category: str) -> tuple[str, ...]:
    """Who helps in such a crisis, as the bot's own answers have it."""
    content = yaml.safe_load((HOME / "crisis" / "categories.yml").read_text("utf-8"))
    return tuple(content[category]["helps"])


def _filled(text: str, language: str) -> str:
    return text.format(emergency=_say("emergency", language), crisis=_say("crisis", language))


def _say(role: str, language: str) -> str:
    return _line(role, language).say


def _line(role: str, language: str) -> HelpLine:
    """The country's first line of this kind, one that speaks the language if there is one."""
    fitting = [line for line in _known(language) if role in line.helps]
    return next((line for line in fitting if language in line.languages), fitting[0])


def _known(language: str) -> tuple[HelpLine, ...]:
    # The bot is not trained for an unknown country; here a page with wrong settings still stands.
    return help_lines(facts().country, language) or help_lines("US", language)


def _resource(line: HelpLine) -> dict[str, str | None]:
    return {
        "name": line.name,
        "call": line.call or None,
        "text": line.text or None,
        "chat": line.chat or None,
        "note": line.note or None,
    }
