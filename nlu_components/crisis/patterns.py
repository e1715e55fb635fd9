"""The pattern language: what clinicians write in crisis/phrases, as spaCy token patterns.

The language is explained for its readers in crisis/README.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from nlu_components.crisis.views import plain

START = "^"
END = "$"
"""The words before the first and after the last word of every sentence."""

LONGEST_GAP = 4
MOST_VARIANTS = 400
PARTS = re.compile(r"\.\.\.|(?:\([^()]*\)|<[^<>]*>|[^\s()<>|?]+)\??|\S")

Phrase = tuple[str, ...]
TokenPattern = list[dict[str, Any]]
Groups = Mapping[str, tuple[Phrase, ...]]
ReadAs = Mapping[str, Phrase]


class PatternError(ValueError):
    """A pattern breaks the rules of the pattern language; the message says which one."""


@dataclass(frozen=True)
class Element:
    """One place of a pattern: what may stand there, and whether it may be left out."""

    phrases: tuple[Phrase, ...]
    optional: bool = False
    gap: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """Words of which at least one must be in a sentence, or this place stays empty."""
        return frozenset(phrase[0] for phrase in self.phrases)


@dataclass(frozen=True)
class Pattern:
    """One readable pattern and its places."""

    text: str
    elements: tuple[Element, ...]

    @property
    def needs(self) -> tuple[frozenset[str], ...]:
        """What a sentence must contain to be worth matching; the rarest words come first."""
        required = [e.needs for e in self.elements if not (e.optional or e.gap)]
        return tuple(
            sorted(required, key=lambda words: ("i" in words or START in words, len(words)))
        )

    @property
    def words(self) -> frozenset[str]:
        return frozenset(word for e in self.elements for phrase in e.phrases for word in phrase)

    def token_patterns(self) -> list[TokenPattern]:
        """Every way to say it, as spaCy's Matcher wants it."""
        choices = [_choices(element) for element in self.elements]
        return [[token for part in variant for token in part] for variant in product(*choices)]


def read_pattern(text: str, groups: Groups, read_as: ReadAs) -> Pattern:
    """Understand one pattern, or say in plain words why not."""
    elements = tuple(_read_element(part, groups, read_as) for part in PARTS.findall(text))
    if not elements or all(e.optional or e.gap for e in elements):
        raise PatternError("at least one word must not be optional")
    if elements[0].gap or elements[-1].gap:
        raise PatternError("'...' stands between words, not at the start or the end")
    variants = 1
    for element in elements:
        variants *= len(_choices(element))
    if variants > MOST_VARIANTS:
        raise PatternError(f"it can be said in {variants} ways; write two simpler patterns")
    return Pattern(text, elements)


def read_phrase(text: str, read_as: ReadAs) -> Phrase:
    """A word or a few words as the detector sees them: "I'm" is i + am."""
    if text in (START, END):
        return (text,)
    words = plain(text).split()
    if not words or re.search(r"[()<>|?^$*]|\.\.\.", text):
        raise PatternError(f"'{text}' is not a plain word or phrase")
    return tuple(word for written in words for word in read_as.get(written, (written,)))


def _read_element(part: str, groups: Groups, read_as: ReadAs) -> Element:
    if part == "...":
        return Element((), gap=True)
    optional = part.endswith("?") and len(part) > 1
    body = part[:-1] if optional else part
    if body.startswith("(") and body.endswith(")"):
        alternatives = [alternative.strip() for alternative in body[1:-1].split("|")]
    elif body in ("(", ")", "<", ">", "|", "?"):
        raise PatternError(f"'{body}' stands alone; is a bracket or a word missing?")
    else:
        alternatives = [body]
    phrases = [phrase for a in alternatives for phrase in _phrases(a, groups, read_as)]
    return Element(tuple(dict.fromkeys(phrases)), optional=optional)


def _phrases(alternative: str, groups: Groups, read_as: ReadAs) -> tuple[Phrase, ...]:
    if not alternative:
        raise PatternError("a choice is empty; write (a|b)? if nothing may stand there")
    parts = [_words_or_group(part, groups, read_as) for part in alternative.split()]
    return tuple(tuple(word for phrase in way for word in phrase) for way in product(*parts))


def _words_or_group(part: str, groups: Groups, read_as: ReadAs) -> tuple[Phrase, ...]:
    if not part.startswith("<"):
        return (read_phrase(part, read_as),)
    if part[1:-1] not in groups or not part.endswith(">"):
        raise PatternError(f"there is no word group {part} in words.yml")
    return groups[part[1:-1]]


def _choices(element: Element) -> list[TokenPattern]:
    """The token sequences that may fill one place of the pattern."""
    if element.gap:
        return [[{"OP": "?"}] * LONGEST_GAP]
    single = sorted(phrase[0] for phrase in element.phrases if len(phrase) == 1)
    longer = [[{"ORTH": word} for word in phrase] for phrase in element.phrases if len(phrase) > 1]
    if not single:
        return [*longer, []] if element.optional else longer
    token: dict[str, Any] = {"ORTH": {"IN": single} if len(single) > 1 else single[0]}
    if element.optional:
        token["OP"] = "?"  # one choice instead of two: patterns full of optional words stay small
    return [[token], *longer]
