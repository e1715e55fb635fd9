"""Load the files in crisis/phrases: what people say in a crisis, one file per category."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nlu_components.crisis.patterns import (
    Groups,
    Pattern,
    PatternError,
    Phrase,
    ReadAs,
    read_pattern,
    read_phrase,
)
from nlu_components.crisis.spelling import Spelling
from nlu_components.crisis.strict_yaml import CrisisFileError, read_mapping, text_list
from nlu_components.crisis.views import plain

CATEGORIES = (
    "medical_emergency",
    "overdose",
    "suicide",
    "child_at_risk",
    "sexual_assault",
    "domestic_violence",
    "harm_to_others",
    "psychosis",
    "third_person",
    "self_harm",
)
"""Most urgent first. A body in danger now goes before a life that may end, and that before
a person in another's hands. Self-harm is last because its answer assumes that no life is in
danger this minute; whoever also says one of the others must get that other answer."""

REPLIES = ("yes", "no", "safe")
SENTENCE_LISTS = ("must_alarm", "must_check_in", "must_stay_calm", "known_misses")


@dataclass(frozen=True)
class Category:
    """One kind of crisis: what is said of it plainly and in hints, and sentences that prove it."""

    name: str
    patterns: tuple[Pattern, ...]
    hints: tuple[Pattern, ...]
    must_alarm: tuple[str, ...]
    must_check_in: tuple[str, ...]
    must_stay_calm: tuple[str, ...]
    known_misses: tuple[str, ...]


@dataclass(frozen=True)
class Modifiers:
    """What makes a plain phrase less sure, by kind; and what forbids to think so."""

    lower: Mapping[str, tuple[Pattern, ...]]
    unless: tuple[Pattern, ...]


@dataclass(frozen=True)
class PhraseBook:
    """Everything in crisis/phrases."""

    categories: tuple[Category, ...]
    harmless: tuple[Pattern, ...]
    modifiers: Modifiers
    replies: Mapping[str, tuple[Pattern, ...]]
    """What visitors say to our safety question: `yes`, `no` and `safe`."""
    spelling: Spelling


@dataclass(frozen=True)
class _Words:
    """words.yml: what all patterns share."""

    groups: Groups
    read_as: ReadAs
    often_mistyped: tuple[str, ...]
    often_starred: tuple[str, ...]
    never_split: tuple[str, ...]


def load_phrases(folder: Path) -> PhraseBook:
    """Read the whole folder or stop with a `CrisisFileError` that says what to change."""
    words = _load_words(folder / "words.yml")
    categories = tuple(_load_category(folder, name, words) for name in CATEGORIES)
    path = folder / "harmless.yml"
    harmless = _patterns(path, "patterns", read_mapping(path, {"patterns"})["patterns"], words)
    modifiers = _load_modifiers(folder / "modifiers.yml", words)
    path = folder / "replies.yml"
    content = read_mapping(path, set(REPLIES))
    replies = {name: _patterns(path, name, content[name], words) for name in REPLIES}
    every_pattern = [
        *harmless,
        *(p for patterns in replies.values() for p in patterns),
        *modifiers.unless,
        *(p for patterns in modifiers.lower.values() for p in patterns),
        *(p for category in categories for p in (*category.patterns, *category.hints)),
    ]
    spelling = Spelling(
        known=frozenset(word for pattern in every_pattern for word in pattern.words),
        read_as=dict(words.read_as),
        often_mistyped=words.often_mistyped,
        often_starred=words.often_starred,
        never_split=frozenset(words.never_split),
    )
    return PhraseBook(categories, harmless, modifiers, replies, spelling)


def _load_category(folder: Path, name: str, words: _Words) -> Category:
    path = folder / f"{name}.yml"
    content = read_mapping(path, {"category", "patterns", "hints", *SENTENCE_LISTS})
    if content["category"] != name:
        raise CrisisFileError(
            path, f"category says {content['category']!r}, the file name {name!r}"
        )
    return Category(
        name,
        _patterns(path, "patterns", content["patterns"], words),
        _patterns(path, "hints", content["hints"], words),
        *(text_list(path, key, content[key]) for key in SENTENCE_LISTS),
    )


def _load_modifiers(path: Path, words: _Words) -> Modifiers:
    content = read_mapping(path, {"lower", "unless"})
    lower = {
        str(kind): _patterns(path, str(kind), patterns, words)
        for kind, patterns in _mapping(path, "lower", content["lower"]).items()
    }
    return Modifiers(lower, _patterns(path, "unless", content["unless"], words))


def _patterns(path: Path, key: str, content: object, words: _Words) -> tuple[Pattern, ...]:
    patterns = []
    for text in text_list(path, key, content):
        try:
            patterns.append(read_pattern(text, words.groups, words.read_as))
        except PatternError as problem:
            raise CrisisFileError(path, f"pattern '{text}': {problem}") from problem
    return tuple(patterns)


def _load_words(path: Path) -> _Words:
    lists = ("often_mistyped", "often_starred", "never_split")
    content = read_mapping(path, {"read_as", "groups", *lists})
    read_as = {
        plain(str(written)): tuple(plain(_text(path, "read_as", meant)).split())
        for written, meant in _mapping(path, "read_as", content["read_as"]).items()
    }
    groups = {
        str(name): _phrases(path, str(name), phrases, read_as)
        for name, phrases in _mapping(path, "groups", content["groups"]).items()
    }
    return _Words(groups, read_as, *(text_list(path, key, content[key]) for key in lists))


def _phrases(path: Path, name: str, content: object, read_as: ReadAs) -> tuple[Phrase, ...]:
    try:
        texts = text_list(path, f"groups, {name}", content)
        return tuple(dict.fromkeys(read_phrase(text, read_as) for text in texts))
    except PatternError as problem:
        raise CrisisFileError(path, f"group {name}: {problem}") from problem


def _mapping(path: Path, key: str, content: object) -> dict[object, object]:
    if not isinstance(content, dict):
        raise CrisisFileError(path, f"{key} must be a list of 'name: value' lines")
    return content


def _text(path: Path, key: str, content: object) -> str:
    if not isinstance(content, str):
        raise CrisisFileError(path, f"{key}: put this value in quotes: {content!r}")
    return content
