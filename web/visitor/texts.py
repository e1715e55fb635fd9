"""The words of the chat and of its button: one file for each language, checked when it is read.

The files are in web/widget/texts/, what they must hold in words.py. A file with a word too many,
one too few or a placeholder that nobody fills is refused, with the place that is wrong, before any
visitor sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from clinic.first_line import LANGUAGES
from web.visitor.words import AroundHelpLines, Part, Texts

FOLDER = Path(__file__).parent.parent / "widget" / "texts"
HELP_LINES = FOLDER / "help_lines.yml"
FALLBACK = "en"
Model = TypeVar("Model", bound=Part)
LANGUAGE = re.compile(r"[a-z]{2}")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
"""As `fill` in texts.js has it."""


class TextsError(Exception):
    """A file of words cannot be used; the message names the file and the place."""


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
    read = {str(name): _checked(AroundHelpLines, words, HELP_LINES) for name, words in file.items()}
    for name, words in read.items():
        _compare(words, read.get(FALLBACK, words), f"{HELP_LINES.name}, {name}")
    return read


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
    _compare(read, english, path.name)
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


def _compare(read: Part, english: Part, where: str) -> None:
    """Refuse other words in braces, or other codes, than English has."""
    words, wanted = (dict(_leaves(part.model_dump(exclude_none=True))) for part in (read, english))
    if other := min(_codes(words) ^ _codes(wanted), default=None):
        wrong = "is missing" if other in wanted else f"is not in {FALLBACK}.yml"
        raise TextsError(f"{where}, {other}: {wrong}")
    for place, said in words.items():
        if set("{}") & set(PLACEHOLDER.sub("", said)):
            raise TextsError(f"{where}, {place}: a {{ or }} stands alone")
        # Every form of a number needs what the usual one needs: English has two, others have six.
        usual = wanted.get(f"{place.rpartition('.')[0]}.other", wanted.get(place, ""))
        if set(PLACEHOLDER.findall(said)) != (names := set(PLACEHOLDER.findall(usual))):
            needs = ", ".join(sorted(names)) or "none"
            raise TextsError(f"{where}, {place}: the words in braces must be: {needs}")


def _leaves(words: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text by the place where it stands: `composer.left.one`."""
    if isinstance(words, str):
        yield place, words
        return
    for name, inner in words.items() if isinstance(words, dict) else enumerate(words):
        yield from _leaves(inner, f"{place}.{name}".lstrip("."))


def _codes(words: Mapping[str, str]) -> set[str]:
    return {place for place in words if ".codes." in place}
