"""How visitors put an answer: the sentences of wordings/, filled with what is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "wordings"

DEVELOPMENT, TEST = "development", "test"
SETS = (DEVELOPMENT, TEST)
"""The reading may be mended with the first; only the second measures it."""

LABEL, OWN, SLOPPY = "label", "own", "sloppy"
STYLES = (LABEL, OWN, SLOPPY)
"""A button, own words, and own words typed in a hurry."""

_CHOICES = ("beginning", "reasons", "brain", "body", "blood_pressure", "life", "scores", "planning")
_KINDS = ("own", "phrases", "sloppy")


class WordingsError(ValueError):
    """A file of wordings cannot be used; the message names the place."""


@dataclass
class _Chosen:
    wordings: str = TEST


_chosen = _Chosen()


@dataclass(frozen=True)
class Ways:
    """How one option is said: in whole sentences, as a part of a list, and in a hurry."""

    own: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    sloppy: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.own, *self.phrases, *self.sloppy)))


@dataclass(frozen=True)
class Wordings:
    """The ways of all options of one question. `lists` are sentences around phrases."""

    options: Mapping[str, Ways]
    lists: tuple[str, ...] = ("{list}",)

    def choice(self, codes: Sequence[str], style: str, chance: Random) -> str:
        """What a visitor types who means these options, not from buttons."""
        ways = [self.options[code] for code in codes]
        if len(ways) == 1 and (style == SLOPPY or ways[0].own) and chance.random() < _alone(ways):
            return chance.choice(ways[0].sloppy if style == SLOPPY else ways[0].own)
        if style == SLOPPY:
            parts = [chance.choice(way.sloppy) for way in ways]
            return chance.choice((", ", " + ", " and ", " / ")).join(parts)
        return chance.choice(self.lists).format(list=_listed(self._phrases(ways, chance), chance))

    def _phrases(self, ways: Sequence[Ways], chance: Random) -> list[str]:
        return [chance.choice(way.phrases or way.sloppy) for way in ways]


@dataclass(frozen=True)
class Told:
    """Sentences with places to fill in, in own words and in a hurry."""

    own: tuple[str, ...]
    sloppy: tuple[str, ...]
    more: Mapping[str, Any] = field(default_factory=dict)

    def pick(self, style: str, chance: Random) -> str:
        return chance.choice(self.sloppy if style == SLOPPY else self.own)


def use(wordings: str) -> None:
    """All visitors speak from this set of wordings from now on."""
    if wordings not in SETS:
        raise WordingsError(f"{wordings} is no set of wordings; there are {' and '.join(SETS)}.")
    _chosen.wordings = wordings


def choices() -> dict[str, Wordings]:
    """The wordings of every choice question, by its linkId."""
    return _choices(_chosen.wordings)


def told(name: str) -> Told:
    """The sentences of values.yml for one kind of value."""
    entry = read("values")[name]
    more = {key: value for key, value in entry.items() if key not in ("own", "sloppy")}
    return Told(lines(entry["own"]), lines(entry["sloppy"]), more)


def talk(name: str) -> tuple[str, ...]:
    """What visitors say besides answers: one part of talk.yml."""
    return lines(read("talk")[name])


def read(name: str) -> Any:
    """One file of the set of wordings that is in use."""
    return _read(_chosen.wordings, name)


def lines(text: str) -> tuple[str, ...]:
    """One wording a line, so that commas and colons need no quotes."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@lru_cache
def _read(wordings: str, name: str) -> Any:
    return yaml.safe_load((FOLDER / wordings / f"{name}.yml").read_text("utf-8"))


@lru_cache
def _choices(wordings: str) -> dict[str, Wordings]:
    found: dict[str, Wordings] = {}
    for name in _CHOICES:
        for entry in _read(wordings, name):
            ways = _wordings(entry, found, f"{wordings}/{name}.yml, {entry['for'][0]}")
            found.update(dict.fromkeys(entry["for"], ways))
    return found


def _wordings(entry: dict[str, Any], known: Mapping[str, Wordings], place: str) -> Wordings:
    if unknown := set(entry) - {"for", "options", "lists", "phrases_of"}:
        raise WordingsError(f"{place}: {', '.join(unknown)} is not known here.")
    lists = lines(entry.get("lists", "{list}"))
    if "phrases_of" in entry:
        # The same things, but not the sentences about them: only what fits into a list.
        others = known[entry["phrases_of"]].options
        bare = {code: Ways((), w.phrases, w.sloppy) for code, w in others.items() if w.phrases}
        return Wordings(bare, lists)
    options = {
        str(code): _ways(ways, f"{place}, {code}") for code, ways in entry["options"].items()
    }
    return Wordings(options, lists)


def _ways(entry: dict[str, str], place: str) -> Ways:
    if unknown := set(entry) - set(_KINDS):
        raise WordingsError(f"{place}: {', '.join(unknown)} is not known here.")
    return Ways(**{kind: lines(entry[kind]) for kind in _KINDS if kind in entry})


def _alone(ways: Sequence[Ways]) -> float:
    """How often one option is said in a sentence of its own, where it can stand in a list too."""
    return 0.6 if ways[0].phrases else 1.0


def _listed(parts: Sequence[str], chance: Random) -> str:
    if len(parts) < 2:
        return "".join(parts)
    last = chance.choice((" and ", ", and ", " and also ", " plus "))
    return ", ".join(parts[:-1]) + last + parts[-1]
