"""Read the words of a message as words that the patterns know.

Words that no pattern knows all become the same sign. So nothing a visitor typed stays in
memory after the message, and strange words cannot fill it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase

from nlu_components.crisis.views import is_stretched, squeezed

UNKNOWN = "_"
LONGEST_WORD = 40
LONGEST_PIECE = 16
SHORTEST_RUN_TOGETHER = 5


@dataclass(frozen=True)
class Spelling:
    """What clinicians listed in words.yml about spelling, and every word the patterns use."""

    known: frozenset[str]
    read_as: dict[str, tuple[str, ...]]
    often_mistyped: tuple[str, ...] = ()
    often_starred: tuple[str, ...] = ()
    never_split: frozenset[str] = frozenset()

    def read(self, sentence: str) -> list[str]:
        return [word for written in sentence.split() for word in self._read_word(written)]

    def _read_word(self, written: str) -> tuple[str, ...]:
        if len(written) > LONGEST_WORD:
            return (UNKNOWN,)
        for spelling in self._spellings(written):
            if spelling in self.read_as:
                return self.read_as[spelling]
            if spelling in self.known:
                return (spelling,)
        word = self._typos.get(written) or self._behind_stars(written)
        if word is not None:
            return (word,)
        return self._split(written) or (UNKNOWN,)

    def _spellings(self, written: str) -> Iterator[str]:
        yield written
        yield written.strip("*")
        yield self._relaxed(written)

    def _relaxed(self, written: str) -> str:
        """Our word for a stretched one: "diiiie" is die."""
        return self._unstretched.get(squeezed(written), "") if is_stretched(written) else ""

    @cached_property
    def _unstretched(self) -> dict[str, str]:
        """Our words by their squeezed spelling; a word that is squeezed already goes first."""
        ours = sorted(self.known | set(self.read_as), key=lambda word: (len(word), word))
        return {squeezed(word): word for word in reversed(ours)}

    @cached_property
    def _typos(self) -> dict[str, str]:
        """Every spelling one slip away from an often mistyped word, unless it is a word itself."""
        taken = self.known | set(self.read_as) | self.never_split
        slips = ((slip, word) for word in self.often_mistyped for slip in _one_slip_away(word))
        return {slip: word for slip, word in slips if slip not in taken}

    def _behind_stars(self, written: str) -> str | None:
        """The first listed word that fits: "s**cide" is suicide. Half the letters must show."""
        stars = written.count("*")
        if stars == 0 or stars * 2 > len(written):
            return None
        shape = re.compile(
            "".join("[a-z]?" if sign == "*" else re.escape(sign) for sign in written)
        )
        return next((word for word in self.often_starred if shape.fullmatch(word)), None)

    def _split(self, written: str) -> tuple[str, ...] | None:
        """Words run together, as in "iwanttodie". Nothing if any piece is unknown."""
        if len(written) < SHORTEST_RUN_TOGETHER or written in self.never_split:
            return None
        fewest: list[tuple[str, ...] | None] = [()] + [None] * len(written)
        for end in range(1, len(written) + 1):
            for start in range(max(0, end - LONGEST_PIECE), end):
                before, piece = fewest[start], self._piece(written[start:end])
                if before is None or piece is None:
                    continue
                best = fewest[end]
                if best is None or len(before) + len(piece) < len(best):
                    fewest[end] = before + piece
        return fewest[-1]

    def _piece(self, written: str) -> tuple[str, ...] | None:
        if len(written) == 1 and written not in ("i", "a"):
            return None
        if written in self.read_as:
            return self.read_as[written]
        return (written,) if written in self.known else None


def _one_slip_away(word: str) -> Iterator[str]:
    """One letter missing, doubled up, wrong, or changed places with its neighbour."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in ascii_lowercase)
