"""The sentences that the repository holds: those that teach the bot, and those that measure it.

What measures the bot must never teach it, or the measure says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TAUGHT = "taught.yml"
"""The one file of data/nlu that is written by us: what it holds is not known from elsewhere."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True)
class Sentences:
    """`trained` and `held_out` are normalised; `vocabulary` are words that name nobody."""

    trained: frozenset[str]
    held_out: tuple[str, ...]
    vocabulary: frozenset[str]
    intents: frozenset[str]

    def intent_of(self, decision: str) -> str:
        """What Rasa calls a topic: some have an intent of their own, the others share one."""
        return decision if decision in self.intents else f"faq/{decision}"


def load_sentences(home: Path) -> Sentences:
    """Read data/, domain.yml and tests/understanding of a checkout."""
    topics = [topic for path in _files(home / "data" / "faq") for topic in _read(path)["topics"]]
    approved = [topic[key] for topic in topics for key in ("title", "answer")]
    asked = [question for topic in topics for question in (topic["title"], *topic["questions"])]
    asked += _examples(home / "data" / "nlu")
    return Sentences(
        trained=frozenset(map(normalised, asked)),
        held_out=tuple(sorted({normalised(text) for text in _held_out(home)})),
        vocabulary=frozenset(_lower_words(asked)) | frozenset(_words(approved)),
        intents=frozenset(_read(home / "domain.yml")["intents"]),
    )


def normalised(sentence: str) -> str:
    """Small letters, and anything but letters and digits folded into one space."""
    letters = unicodedata.normalize("NFKC", sentence).casefold().replace("’", "'")
    return re.sub(r"[\W_]+", " ", letters.replace("'", "")).strip()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yml"))


def _read(path: Path) -> Any:
    # The loader written in C: these are thousands of sentences.
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def _examples(folder: Path) -> list[str]:
    return [
        line.strip().removeprefix("- ")
        for path in _files(folder)
        if path.name != TAUGHT
        for entry in _read(path)["nlu"]
        for line in entry["examples"].splitlines()
    ]


def _held_out(home: Path) -> list[str]:
    """Every text below tests/understanding, however its file is made."""
    return [
        text for path in _files(home / "tests" / "understanding") for text in _texts(_read(path))
    ]


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)


def _words(texts: list[str]) -> Iterator[str]:
    return (word.lower() for text in texts for word in WORD.findall(text))


def _lower_words(texts: list[str]) -> Iterator[str]:
    """What visitors are made to say may hold a name; with small letters it holds hardly one."""
    return (
        w.lower() for text in texts for w in WORD.findall(text) if w.islower() or w in ("I", "I'm")
    )
