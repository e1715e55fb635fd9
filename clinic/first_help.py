"""What we say ourselves when the bot does not: the clinic's help lines, and never a promise."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from clinic.first_line import CATEGORIES, LANGUAGES, Alarm, Words, first_line, page_data
from clinic.help_lines import HelpLine, HelpLinesError, clinic_lines, line_to_name
from clinic.settings import HOME

MOST_LINES = 6
NAMED = ("emergency", "crisis")
"""The lines that the texts name, and that the page's own card shows."""

BETWEEN_PARAGRAPHS = "\n\n"


class Help(NamedTuple):
    """What is said, and the payload with the lines."""

    text: str
    payload: dict[str, Any]


def without_the_bot(alarm: Alarm) -> Help:
    """The answer to words of danger when the assistant is gone, hangs or talks nonsense."""
    return _help(alarm, _words(alarm.language).no_assistant)


def not_read_whole(alarm: Alarm) -> Help:
    """The answer when the assistant read a part of a long message and heard no danger in it."""
    return _help(alarm, too_long(alarm))


def beside_a_person(alarm: Alarm) -> Help:
    """The answer to words of danger while staff write with the visitor."""
    text, payload = _help(alarm, "")
    return Help(true_beside_a_person(text), payload)


def true_beside_a_person(text: str) -> str:
    """Words of ours or of the bot's, without the sentence that nobody watches this chat."""
    for said in first_line().words.values():
        text = text.replace(f" {said.nobody_watches}", "")
    return text


def too_long(alarm: Alarm) -> str:
    return _words(alarm.language).too_long


def before_a_question(category: str) -> Help:
    """Help lines that come before a question, which may be hard to answer.

    Staff were called already, by the answer that led to the question.
    """
    text, payload = _help(Alarm(category, "en"), "", kind="check_in")
    return Help(text, payload | {"recorded": True})


def in_an_emergency() -> Help:
    """Help lines for somebody who says in the questions that this is an emergency."""
    return _help(Alarm("suicide", "en"), "")


def on_the_page() -> dict[str, Any]:
    """What the page carries, so that the visitor's browser can help with no server at all."""
    words = {language: _words(language) for language in LANGUAGES}
    return {
        **page_data(first_line()),
        "words": {
            language: BETWEEN_PARAGRAPHS.join([said.lost_contact, said.help])
            for language, said in words.items()
        },
        "nobodyWatches": {language: said.nobody_watches for language, said in words.items()},
        "resources": {
            language: [_resource(line_to_name(role, language)) for role in NAMED]
            for language in LANGUAGES
        },
    }


def check() -> None:
    """Build everything once, so that a mistake is met now and not by somebody in danger.

    Raises:
        FirstLineError, HelpLinesError: the message names what is wrong.
    """
    on_the_page()
    in_an_emergency()
    for category in CATEGORIES:
        for language in LANGUAGES:
            without_the_bot(Alarm(category, language))
            not_read_whole(Alarm(category, language))


def _help(alarm: Alarm, why: str, *, kind: str = "crisis") -> Help:
    payload = {
        "type": kind,
        "category": alarm.category,
        "language": alarm.language,
        "resources": [_resource(line) for line in _lines(alarm.category, alarm.language)],
    }
    said = (why, _words(alarm.language).help)
    return Help(BETWEEN_PARAGRAPHS.join(filter(None, said)), payload)


def _lines(category: str, language: str) -> list[HelpLine]:
    """The country's lines that fit: the emergency line first, then those in this language."""
    known = clinic_lines(language)
    fitting = [line for role in _roles()[category] for line in known if role in line.helps]
    # An English visitor has no use for a Spanish line; elsewhere a line speaks what is spoken.
    heard = [line for line in fitting if {language, "en", "local"} & set(line.languages)]
    heard.sort(key=lambda line: ("emergency" not in line.helps, language not in line.languages))
    return list(dict.fromkeys(heard))[:MOST_LINES] or list(known)


@lru_cache
def _roles() -> dict[str, tuple[str, ...]]:
    """Who helps in each crisis, as the bot's own answers have it."""
    try:
        content = yaml.safe_load((HOME / "crisis" / "categories.yml").read_text("utf-8"))
        return {category: tuple(content[category]["helps"]) for category in CATEGORIES}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise HelpLinesError(
            f"crisis/categories.yml cannot be read ({type(error).__name__} {error})"
        ) from None


def _words(language: str) -> Words:
    """The texts, with what to do in danger and in a crisis filled in."""
    say = {role: line_to_name(role, language).say for role in NAMED}
    texts = first_line().words[language].model_dump()
    return Words(**{name: text.format(**say) for name, text in texts.items()})


def _resource(line: HelpLine) -> dict[str, str | None]:
    return {
        "name": line.name,
        "call": line.call or None,
        "text": line.text or None,
        "chat": line.chat or None,
        "note": line.note or None,
    }
