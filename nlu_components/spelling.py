"""Read a mistyped word as the word of our own sentences that it was meant to be.

A word is touched only if it stands in none of our sentences and in no English word list, and if
one of our words is one slip away (two, if it is long). Nothing that a visitor typed is remembered.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import AbstractSet, Iterable, List, Mapping, Optional, Tuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

WORD = re.compile(r"[^\W\d_]+")
STRETCHED = re.compile(r"([A-Za-z])\1{2,}")

SHORTEST = 4
"""Letters. A shorter word is one slip away from too many others."""
LONG = 7
"""Letters from which on a word may have two slips."""
MUCH_RARER = 4
"""A strange word is a slip in our own sentences if another is this many times as frequent."""


class Speller:
    """Knows our words with how often each was written, and which words are English."""

    def __init__(self, ours: Mapping[str, int], english: AbstractSet[str]) -> None:
        self.ours = dict(ours)
        self._english = english
        self._targets: List[str] = [word for word in self.ours if len(word) >= SHORTEST]

    @classmethod
    def learn(cls, sentences: Iterable[str], english: AbstractSet[str]) -> Speller:
        """Collect our words; slips among them are left out, so that they are mended as well."""
        written = Counter(word for text in sentences for word in WORD.findall(text.lower()))
        speller = cls(written, english)
        strange = [word for word in written if word not in english]
        slips = {word for word in strange if speller._is_slip_of_ours(word)}
        return cls({word: n for word, n in written.items() if word not in slips}, english)

    def correct(self, text: str) -> str:
        """The text with its slips mended; whatever needs no mending stays as it was written."""
        return WORD.sub(self._mended, STRETCHED.sub(r"\1\1", text))

    def is_readable(self, text: str) -> bool:
        """Whether at least half of the letters stand in known words: it is no noise."""
        words = WORD.findall(text.lower())
        known = [word for word in words if word in self.ours or word in self._english]
        return sum(map(len, known)) * 2 >= max(1, sum(map(len, words)))

    def _mended(self, match: re.Match[str]) -> str:
        written = match.group()
        word = written.lower()
        if word in self.ours or word in self._english:
            return written
        return self._nearest(word) or written

    def _is_slip_of_ours(self, word: str) -> bool:
        nearest = self._nearest(word)
        if nearest is None:
            return False
        return nearest in self._english or self.ours[nearest] >= MUCH_RARER * self.ours[word]

    def _nearest(self, word: str) -> Optional[str]:
        """Our word with the fewest slips; then one that begins alike; then the most frequent."""
        if len(word) < SHORTEST or not word.isascii():
            return None
        slips = 1 if len(word) < LONG else 2
        near = process.extract(
            word, self._targets, scorer=OSA.distance, score_cutoff=slips, limit=None
        )

        def order(candidate: Tuple[str, int, int]) -> Tuple[int, bool, int]:
            other, distance, _ = candidate
            return distance, other[0] != word[0], -self.ours[other]

        others = [candidate for candidate in near if candidate[0] != word]
        return min(others, key=order)[0] if others else None


def english_words(vocabulary: Mapping[str, int]) -> AbstractSet[str]:
    """The whole words of a WordPiece vocabulary: frequent English, in small letters."""
    return frozenset(word for word in vocabulary if word.isalpha() and word.isascii())
