"""Put messages that ask much the same into one group, so that people decide once for all of them.

Nothing is learnt and nothing is drawn by lot: the same messages always make the same groups. Each
message is compared only with groups that share the beginning of a word with it, so that ten
thousand take about a second and not an afternoon.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz

WORD = re.compile(r"[^\W_]+")
MASKED = re.compile(r"\[[a-z-]+\]")

STOP_WORDS = Path(__file__).with_name("stop_words.txt")
"""Words that say nothing about what is asked; here “ketamine” is one of them."""
BEGINNING = 4
"""So many letters of a word bring messages together: “parking” and “park”, whatever the ending."""
MOST_COMPARED = 40
COMMON = 200
"""A beginning that so many groups share tells little, and is left out where others tell more."""
ALIKE = 76.0
"""From this likeness of their words on, 0 to 100, two messages ask the same."""
NEAR = 66.0
"""Enough for two whose nearest topic is the same, too."""


@lru_cache
def stop_words() -> frozenset[str]:
    return frozenset(STOP_WORDS.read_text("utf-8").split())


@dataclass(frozen=True)
class Asked:
    """One message: its text, and the topics that came nearest, the nearest first."""

    id: int
    text: str
    nearest: Sequence[str] = ()


@dataclass
class _Group:
    words: str
    nearest: frozenset[str]
    ids: list[int] = field(default_factory=list)


def grouped(messages: Iterable[Asked]) -> list[list[int]]:
    """The ids of each group, the largest group first; in it the message that began it first."""
    groups: list[_Group] = []
    by_key: dict[str, list[int]] = defaultdict(list)
    for message in messages:
        words = content(message.text)
        nearest = frozenset(message.nearest[:1])
        place = _best(words, nearest, groups, _candidates(words, by_key))
        if place is None:
            place = len(groups)
            groups.append(_Group(words, nearest))
            for key in _keys(words):
                by_key[key].append(place)
        groups[place].ids.append(message.id)
    groups.sort(key=lambda group: (-len(group.ids), group.ids[0]))
    return [group.ids for group in groups]


def content(text: str) -> str:
    """The words that say what a message is about, in alphabetical order."""
    folded = unicodedata.normalize("NFKC", MASKED.sub(" ", text)).casefold()
    words = WORD.findall(folded.replace("’", "").replace("'", ""))
    telling = sorted({_without_ending(word) for word in words if word not in stop_words()})
    # A message of nothing else, such as “what is it”, is about just these words.
    return " ".join(telling or sorted(set(words))) or text.strip()


def _without_ending(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _keys(words: str) -> set[str]:
    return {word[:BEGINNING] for word in words.split()}


def _candidates(words: str, by_key: dict[str, list[int]]) -> list[int]:
    """Groups that share beginnings of words, those that share the rarest first."""
    weights: Counter[int] = Counter()
    for key in sorted(_keys(words), key=lambda key: (len(by_key.get(key, ())), key)):
        sharing = by_key.get(key, ())
        if weights and len(sharing) > COMMON:
            break
        for place in sharing:
            weights[place] += 1_000 // len(sharing) + 1
    # Ties are settled by who came first, not by the order in which a set is read.
    return sorted(weights, key=lambda place: (-weights[place], place))[:MOST_COMPARED]


def _best(
    words: str, nearest: frozenset[str], groups: Sequence[_Group], candidates: Sequence[int]
) -> int | None:
    """The group that is most alike, if one is alike enough."""
    best, highest = None, 0.0
    for place in candidates:
        group = groups[place]
        needed = NEAR if nearest & group.nearest else ALIKE
        likeness = fuzz.ratio(words, group.words, score_cutoff=max(needed, highest))
        if likeness > highest:
            best, highest = place, likeness
    return best
