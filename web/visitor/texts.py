"""The words of the chat and of its button: one file for each language, checked when it is read.

The files are in web/widget/texts/. A file with a word too many, one too few or a placeholder that
nobody fills is refused, with the place that is wrong, before any visitor sees it.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from clinic.first_line import LANGUAGES

FOLDER = Path(__file__).parent.parent / "widget" / "texts"
HELP_LINES = FOLDER / "help_lines.yml"
FALLBACK = "en"
Model = TypeVar("Model", bound="Part")
LANGUAGE = re.compile(r"[a-z]{2}")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class TextsError(Exception):
    """A file of words cannot be used; the message names the file and the place."""


class Part(BaseModel):
    """Words that belong together. The page knows them by the same names, in JavaScript's case."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=True,
        validate_by_alias=False,
    )  # fmt: skip


class Counted(Part):
    """A text whose form a number decides, by the names of Unicode's plural rules."""

    zero: Text | None = None
    one: Text | None = None
    two: Text | None = None
    few: Text | None = None
    many: Text | None = None
    other: Text


class Trouble(Part):
    mark: Text
    reason: Text


class Launcher(Part):
    ask: Text
    title: Text
    close: Text
    unread: Counted
    opening: Text
    failed: Text
    call_us: Text
    retry: Text


class HelpBar(Part):
    label: Text
    danger: Text
    crisis: Text
    call: Text
    call_only: Text
    either: Text
    text: Text
    text_word: Text
    chat: Text
    more: Text
    more_lines: Text


class Page(Part):
    title: Text
    no_script: Text
    back: Text


class Author(Part):
    bot: Text
    visitor: Text
    staff: Text


class Welcome(Part):
    text: Text
    suggestions: list[Text]


class Composer(Part):
    label: Text
    placeholder: Text
    send: Text
    letters: Text
    left: Counted
    over: Counted


class Spoken(Part):
    why: Text
    skip: Text
    back: Text


class Question(Part):
    progress: Text
    choices: Text
    several: Text
    count: Counted
    date: Text
    send: Text
    none: Text


class Edit(Part):
    label: Text
    answer: Text
    hint: Text


class Crisis(Part):
    shown: Text


class Handoff(Part):
    offered: Text
    waiting: Text
    live: Text
    ended: Text
    callback: Text


class Leave(Part):
    waiting: Text
    live: Text


class Person(Part):
    title: Text
    human: Text
    placeholder: Text
    typing: Text
    waiting: Text
    live: Text
    leave: Leave
    not_ended: Text


class Feedback(Part):
    question: Text
    helpful: Text
    not_helpful: Text
    skip: Text
    thanks: Text


class Menu(Part):
    label: Text
    download: Text
    email: Text
    delete: Text
    sound: Text
    window: Text
    cancel: Text
    back: Text


class Saving(Part):
    nothing: Text
    failed: Text


class Email(Part):
    title: Text
    explain: Text
    address: Text
    send_code: Text
    code_sent: Text
    code: Text
    send: Text
    again: Text
    sent: Text
    no_address: Text
    no_code: Text
    codes: dict[str, Text]


class Delete(Part):
    title: Text
    explain: Text
    sure: Text
    done: Text
    kept: Text


class Connection(Part):
    offline: Text
    back: Text
    waiting: Text


class Failure(Part):
    refused: Trouble
    unreachable: Trouble
    start: Text
    retry: Text
    codes: dict[str, Text]


class Texts(Part):
    """One language: what every file must hold."""

    date_locale: Text
    direction: Literal["ltr", "rtl"]
    launcher: Launcher
    help_bar: HelpBar
    page: Page
    title: Text
    automated: Text
    close: Text
    log: Text
    typing: Text
    slow: Text
    author: Author
    today: Text
    new: Text
    notice: Text
    welcome: Welcome
    composer: Composer
    spoken: Spoken
    question: Question
    edit: Edit
    sources: Text
    reviewed: Text
    reasons: Text
    outcome: Text
    download: Text
    welcome_back: Text
    welcome_back_to_consent: Text
    crisis: Crisis
    handoff: Handoff
    person: Person
    feedback: Feedback
    menu: Menu
    saving: Saving
    email: Email
    delete: Delete
    connection: Connection
    failure: Failure


class AroundHelpLines(Part):
    title: Text
    more: Text
    now: Text
    call: Text
    text: Text
    text_word: Text
    chat: Text
    at: Text


@lru_cache
def languages() -> tuple[str, ...]:
    """The languages that have a file of words, English first."""
    found = {path.stem for path in FOLDER.glob("*.yml") if LANGUAGE.fullmatch(path.stem)}
    return (FALLBACK, *sorted(found - {FALLBACK}))


def known(language: str | None) -> str:
    """The language that is asked for ("es", "es-MX"), or English where we do not have it."""
    short = (language or "").lower()[:2]
    return short if short in languages() else FALLBACK


@lru_cache
def texts(language: str = FALLBACK) -> Texts:
    """The words in this language.

    Raises:
        TextsError: the file cannot be used.
    """
    return load(FOLDER / f"{known(language)}.yml")


@lru_cache
def around_help_lines() -> Mapping[str, AroundHelpLines]:
    """The words around help lines, by language of the answer.

    Raises:
        TextsError: the file cannot be used.
    """
    file = _read(HELP_LINES)
    return {str(name): _checked(AroundHelpLines, words, HELP_LINES) for name, words in file.items()}


def check() -> None:
    """Read every file once, so that a mistake is met at the start and not by a visitor.

    Raises:
        TextsError: a file cannot be used.
    """
    for language in languages():
        texts(language)
    missing = set(LANGUAGES) - set(around_help_lines())
    if missing:
        raise TextsError(f"{HELP_LINES.name} must have {', '.join(sorted(missing))}")


def load(path: Path) -> Texts:
    """Read one language.

    Raises:
        TextsError: with the file, the place and the reason.
    """
    read = _checked(Texts, _read(path), path)
    english = read if path.stem == FALLBACK else texts()
    wanted = dict(_placeholders(english.model_dump()))
    for place, names in _placeholders(read.model_dump()):
        if place in wanted and names != wanted[place]:
            needs = ", ".join(sorted(wanted[place])) or "none"
            raise TextsError(f"{path.name}, {place}: the words in braces must be: {needs}")
    return read


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TextsError(f"{path.name} cannot be read: {error}") from None
    if not isinstance(content, dict):
        raise TextsError(f"{path.name} must hold names and texts")
    return content


def _checked(model: type[Model], content: Any, path: Path) -> Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in wrong["loc"])
        raise TextsError(f"{path.name}, {place}: {wrong['msg']}") from None


def _placeholders(words: Any, place: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """The words in braces of every text, by the place where it stands."""
    if isinstance(words, dict):
        for name, inner in words.items():
            yield from _placeholders(inner, f"{place}.{name}".lstrip("."))
    elif isinstance(words, str):
        names = (name for _, name, _, _ in string.Formatter().parse(words) if name is not None)
        yield place, frozenset(names)
