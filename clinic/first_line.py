"""The first, coarse look at a visitor's words, from crisis/first_line.yml.

The bot looks far more closely. This look is for the moments when the bot cannot: it needs no
server, no model and no database. The page carries the same patterns to the visitor's browser, so
every step of reading here has its twin in web/widget/static/first_line.js, and a test holds the
two together.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from clinic.settings import HOME

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
"""Most urgent first: the first one that is found counts."""

LANGUAGES = ("en", "es")

LONGEST_READ = 8000
"""Of a longer text this much is read: three quarters from its start, one from its end."""

APOSTROPHES = re.compile("['’‘ʼ`´]")
HESITATION = re.compile(r"\.{2,}")
SENTENCE_END = re.compile(r"[.!?;]+(?=[ \n\r\t])")
SIGN_IN_WORD = re.compile(r"([a-z])([013457@$!])(?=[a-z])")
LETTER_OF_SIGN = dict(zip("013457@$!", "oieastasi", strict=True))
NO_WORD = re.compile(r"[^a-z0-9*|]+")
SPACED_LETTERS = re.compile(r" (?:[a-z] ){3,}")
STRETCHED = re.compile(r"([a-z])\1{2,}")
STARS_AROUND = re.compile(r"^\*+|\*+$")

WORD = re.compile(r"[a-z0-9*]+")
PIECE = re.compile(r"\([^()]*\)\??|<[a-z_]+>\??|\S+")
BUILT_IN = {"...": "(?:[a-z0-9*]+ ){0,4}", "<number>": "[0-9]{2,} "}
GAPS_IN_A_PATTERN = 2


class FirstLineError(Exception):
    """A line of first_line.yml is wrong; the message says which and why."""


@dataclass(frozen=True)
class Alarm:
    """What the words seem to be about, and the language they are in."""

    category: str
    language: str


class Words(BaseModel):
    """What is said where the bot cannot speak; any may name {emergency} and {crisis}."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lost_contact: str
    no_assistant: str
    too_long: str
    help: str
    nobody_watches: str
    """A sentence of `help`, and of the bot's own answers: not true beside a person."""


class FirstLineFile(BaseModel):
    """The file as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, Words]
    read_as: dict[str, str]
    groups: dict[str, list[str]]
    patterns: dict[str, dict[str, list[str]]]
    must_alarm: dict[str, dict[str, list[str]]]
    must_stay_calm: list[str]


class FirstLine:
    """Reads a text as plain words and looks for the patterns in them."""

    def __init__(self, file: FirstLineFile) -> None:
        self.words = file.words
        self.signs = {k: v for k, v in file.read_as.items() if not WORD.fullmatch(k)}
        self.read_as = {k: v for k, v in file.read_as.items() if WORD.fullmatch(k)}
        self._groups = file.groups
        self.patterns = [
            (Alarm(category, language), self._expression(pattern))
            for category in CATEGORIES
            for language in LANGUAGES
            for pattern in file.patterns[category][language]
        ]
        self._compiled = [(alarm, re.compile(wanted)) for alarm, wanted in self.patterns]

    def find(self, text: str) -> Alarm | None:
        """The most urgent thing that the words may be about. Nothing, for nearly all texts."""
        plain = self.read(text)
        return next((alarm for alarm, wanted in self._compiled if wanted.search(plain)), None)

    def read(self, text: str) -> str:
        """Plain words with a space around each, and a bar where a sentence ends."""
        text = _folded(_bounded(text))
        for sign, words in self.signs.items():
            text = text.replace(sign, f" {words} ")
        text = HESITATION.sub(" ", text.replace("|", " ") + " ")
        text = SIGN_IN_WORD.sub(lambda found: found[1] + LETTER_OF_SIGN[found[2]], text)
        text = NO_WORD.sub(" ", SENTENCE_END.sub(" | ", text))
        text = SPACED_LETTERS.sub(lambda run: f" {run[0].replace(' ', '')} ", f" {text}")
        read = [self._word(word) for word in text.split(" ") if word]
        return " " + "".join(f"{word} " for word in read if word)

    def _word(self, word: str) -> str:
        if word in self.read_as:
            return self.read_as[word]
        word = STARS_AROUND.sub("", STRETCHED.sub(r"\1", word))
        return self.read_as.get(word, word)

    def _expression(self, pattern: str) -> str:
        """The pattern in that part of regular expressions which Python and JavaScript share."""
        pieces = PIECE.findall(pattern)
        if pieces.count("...") > GAPS_IN_A_PATTERN:
            raise FirstLineError(f"pattern “{pattern}”: at most {GAPS_IN_A_PATTERN} gaps, please")
        begins = r"(?:^|\|) " if pieces[:1] == ["^"] else " "
        ends = r"(?:$|\|)" if pieces[-1:] == ["$"] else ""
        inner = pieces[pieces[:1] == ["^"] : len(pieces) - (pieces[-1:] == ["$"])]
        if not any(piece[-1] not in "?." for piece in inner):
            raise FirstLineError(f"pattern “{pattern}” would be found in every text")
        return begins + "".join(self._piece(piece, pattern) for piece in inner) + ends

    def _piece(self, piece: str, pattern: str) -> str:
        if piece in BUILT_IN:
            return BUILT_IN[piece]
        kernel = piece.removesuffix("?")
        if kernel[0] + kernel[-1] not in ("()", "<>") and set(kernel) & set("()<>|"):
            raise FirstLineError(f"pattern “{pattern}”: “{piece}” cannot be read")
        choices = kernel[1:-1].split("|") if kernel.startswith("(") else [kernel]
        body = _either([self._choice(choice, pattern) for choice in choices])
        return body if kernel == piece else f"(?:{body})?"

    def _choice(self, choice: str, pattern: str) -> str:
        """One wording: words and groups, one after the other."""
        if not choice.strip():
            raise FirstLineError(f"pattern “{pattern}” offers a choice of nothing")
        parts = [self._group(p, pattern) if p[0] == "<" else p for p in choice.split()]
        return "".join(part if " " in part else self._literal(part, pattern) for part in parts)

    def _group(self, name: str, pattern: str) -> str:
        if name[1:-1] not in self._groups:
            raise FirstLineError(f"pattern “{pattern}”: there is no group {name}")
        return _either([self._literal(words, pattern) for words in self._groups[name[1:-1]]])

    def _literal(self, words: str, pattern: str) -> str:
        plain = self.read(words)[1:]
        if not re.fullmatch(r"(?:[a-z0-9]+ )+", plain) or re.search(r"[()<>|?^$]", words):
            raise FirstLineError(f"pattern “{pattern}”: “{words}” cannot be read")
        return plain


def load_first_line(path: Path) -> tuple[FirstLine, FirstLineFile]:
    """Read the file strictly: what it looks for, and the sentences that prove it.

    Raises:
        FirstLineError: names what is wrong.
    """
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
        file = FirstLineFile.model_validate(content)
        _check(file)
        return FirstLine(file), file
    except FileNotFoundError:
        raise FirstLineError(f"{path.name} is missing") from None
    except yaml.YAMLError as error:
        raise FirstLineError(f"{path.name} is not valid YAML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "file"
        raise FirstLineError(f"{path.name}: `{place}`: {first['msg']}") from None
    except FirstLineError as error:
        raise FirstLineError(f"{path.name}: {error}") from None


@lru_cache
def first_line() -> FirstLine:
    """The first line of this process."""
    return load_first_line(HOME / "crisis" / "first_line.yml")[0]


def _check(file: FirstLineFile) -> None:
    if sorted(file.words) != sorted(LANGUAGES):
        raise FirstLineError(f"`words` must be there in {' and '.join(LANGUAGES)}")
    for language, words in file.words.items():
        for name, text in words.model_dump().items():
            _check_placeholders(f"words.{language}.{name}", text)
        if words.nobody_watches not in words.help:
            raise FirstLineError(f"`words.{language}.help` must say what `nobody_watches` says")
    for key, lists in (("patterns", file.patterns), ("must_alarm", file.must_alarm)):
        if sorted(lists) != sorted(CATEGORIES):
            odd = sorted(set(lists) ^ set(CATEGORIES))
            raise FirstLineError(f"`{key}` must hold exactly our categories, see {', '.join(odd)}")
        for category, spoken in lists.items():
            if sorted(spoken) != sorted(LANGUAGES) or not all(spoken.values()):
                raise FirstLineError(f"`{key}.{category}` needs lines in {' and '.join(LANGUAGES)}")
            lines = [line for said in spoken.values() for line in said]
            if len(set(lines)) != len(lines):
                raise FirstLineError(f"`{key}.{category}` says a line twice")


def _check_placeholders(place: str, text: str) -> None:
    try:
        text.format(emergency="", crisis="")
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
        raise FirstLineError(
            f"`{place}`: braces are for {{emergency}} and {{crisis}} only ({error})"
        ) from None


def _either(expressions: list[str]) -> str:
    return expressions[0] if len(expressions) == 1 else f"(?:{'|'.join(expressions)})"


def _bounded(text: str) -> str:
    if len(text) <= LONGEST_READ:
        return text
    return text[: LONGEST_READ * 3 // 4] + " | " + text[-LONGEST_READ // 4 :]


def _folded(text: str) -> str:
    """Lower case, no accents, no apostrophes, no invisible signs."""
    # Apostrophes first: one of them would unfold into a space and an accent.
    unfolded = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text)).lower()
    seen = (s for s in unfolded if unicodedata.category(s) not in ("Mn", "Mc", "Me", "Cf"))
    return APOSTROPHES.sub("", "".join(seen))


def page_data(line: FirstLine) -> dict[str, Any]:
    """What the visitor's browser needs to look in the same way."""
    return {
        "signs": line.signs,
        "readAs": line.read_as,
        "patterns": [[a.category, a.language, wanted] for a, wanted in line.patterns],
    }
