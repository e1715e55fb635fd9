"""Find the names of medicines among words: the longest first, small slips of spelling forgiven."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from clinic.screening.medicines.words import FORMS, ORDINARY, TITLES, Word, is_everyday, words_of

_LONGEST_JOINED = 3  # words that were torn apart: "well but rin"
_SHORTEST_JOINED = 6  # letters; below that ordinary words would meet by chance
_BETWEEN = frozenset(("", "/", "."))  # marks that a name may hold: "losartan/HCTZ", "St. John's"


@dataclass(frozen=True)
class Name:
    """One way to write a medicine, and what is shown for it."""

    written: str
    words: tuple[str, ...]
    medicine: str
    shown: str


@dataclass(frozen=True)
class Found:
    """A name among the words, from word `start` up to word `end`."""

    name: Name
    start: int
    end: int
    slips: int


class Names:
    """All names of a list, ready to be looked for. Built once; never changed after."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._by_first: dict[str, list[Name]] = defaultdict(list)
        self._joined: dict[str, Name] = {}
        self._as_written: dict[str, Name] = {}
        self._alone: set[str] = set()
        vocabulary: set[str] = set()
        for name in names:
            if needs_its_capitals(name.words):
                self._as_written[name.written] = name
                continue
            self._by_first[name.words[0]].append(name)
            self._joined.setdefault("".join(name.words), name)
            vocabulary.update(name.words)
            if len(name.words) == 1:
                self._alone.add(name.words[0])
        self._vocabulary = frozenset(vocabulary)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in sorted(vocabulary):
            if len(word) >= 5 and word.isalpha():
                self._by_letter[word[0]].append(word)

    def find(self, text: str, words: Sequence[Word]) -> tuple[Found, ...]:
        """Names in their order; two at one place if both are equally near."""
        chosen: list[Found] = []
        for found in sorted(self._all(text, words), key=_best_first):
            if not any(_is_in_the_way(other, found) for other in chosen):
                chosen.append(found)
        in_order = sorted(chosen, key=lambda found: found.start)
        return tuple(_with_form(words, found) for found in in_order)

    def _all(self, text: str, words: Sequence[Word]) -> Iterator[Found]:
        cache: dict[str, Mapping[str, int]] = {}
        for word in words:
            if word.text not in cache:
                cache[word.text] = self._meant(word.text)
        meant = [
            _spelt(cache[word.text], after=words[place - 1] if place else None)
            for place, word in enumerate(words)
        ]
        for start, word in enumerate(words):
            as_written = self._as_written.get(text[word.start : word.end])
            if as_written:
                yield Found(as_written, start, start + 1, 0)
            for first in meant[start]:
                for name in self._by_first.get(first, ()):
                    slips = _slips(name, words, meant, start)
                    if slips is not None:
                        yield Found(name, start, start + len(name.words), slips)
            yield from self._torn_apart(words, start)

    def _torn_apart(self, words: Sequence[Word], start: int) -> Iterator[Found]:
        """Names written with other gaps than ours: "well butrin", "stjohnswort"."""
        joined = ""
        for end in range(start + 1, min(start + _LONGEST_JOINED, len(words)) + 1):
            if end > start + 1 and words[end - 1].marks:
                return
            joined += words[end - 1].text
            name = self._joined.get(joined)
            if name is None or len(joined) < _SHORTEST_JOINED:
                continue
            if any(word.text not in ORDINARY for word in words[start:end]):
                yield Found(name, start, end, 0)

    def _meant(self, word: str) -> Mapping[str, int]:
        """Words of names that this word may stand for, each with its number of slips."""
        itself = {word: 0} if word in self._vocabulary else {}
        if word in self._alone or is_everyday(word) or len(word) < 4 or not word.isalpha():
            return itself
        if word.endswith("s") and word[:-1] in self._alone:
            return {word[:-1]: 0}
        near = self._near(word, self._by_letter.get(word[0], ()))
        swapped = self._by_letter.get(word[1], ())
        near |= self._near(word, [other for other in swapped if other[1] == word[0]])
        return near | itself

    def _near(self, word: str, others: Sequence[str]) -> dict[str, int]:
        found = extract(word, others, scorer=OSA.distance, score_cutoff=2, limit=None)
        return {other: int(slips) for other, slips, _ in found if slips <= _allowed(other)}


def needs_its_capitals(words: Sequence[str]) -> bool:
    """A name that is an ordinary word is found only as it is written: SAMe."""
    return len(words) == 1 and words[0] in ORDINARY


def name_of(written: str, medicine: str, shown: str) -> Name:
    return Name(written, tuple(word.text for word in words_of(written)), medicine, shown)


def _spelt(meant: Mapping[str, int], after: Word | None) -> Mapping[str, int]:
    if after is None or after.text not in TITLES:
        return meant
    return {word: slips for word, slips in meant.items() if not slips}


def _allowed(name: str) -> int:
    return 1 if len(name) < 8 else 2


def _slips(
    name: Name, words: Sequence[Word], meant: Sequence[Mapping[str, int]], start: int
) -> int | None:
    """How many slips lie between a name and the words from `start`; None if it is another."""
    if start + len(name.words) > len(words):
        return None
    total = 0
    for place, wanted in enumerate(name.words, start):
        slips = meant[place].get(wanted)
        if slips is None or (place > start and words[place].marks not in _BETWEEN):
            return None
        total += slips
    return total


def _best_first(found: Found) -> tuple[int, int, int]:
    return (found.start - found.end, found.slips, found.start)


def _is_in_the_way(other: Found, found: Found) -> bool:
    if other.end <= found.start or found.end <= other.start:
        return False
    equally_near = (other.start, other.end, other.slips) == (found.start, found.end, found.slips)
    # A tie is shown, not decided.
    return not (equally_near and found.slips and other.name.medicine != found.name.medicine)


def _with_form(words: Sequence[Word], found: Found) -> Found:
    end = found.end
    while end < len(words) and words[end].text in FORMS and not words[end].marks:
        end += 1
    return Found(found.name, found.start, end, found.slips)
