"""Find the options a sentence speaks of: the longest words win, small typos are forgiven,
and what is said not to be so is not found."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from clinic.screening.items import Option
from clinic.screening.reading.little_words import may_stand_between
from clinic.screening.reading.words import NEGATORS, Word, word_set

_LOOK_BACK = 5  # words between "not" and what it denies
# "No need to leave a ...", "I do not think that it is ..."
_NOT_COUNTED = word_set("a an the any to need leave think believe say call that it is am i really")
# "I hate calls" and "rather text than call" want no call.
_DENYING = NEGATORS | {"hate", "hates", "dislike", "avoid", "than", "nothing"}
_LIST_WORDS = frozenset({"or", "nor", "and"})
_OPPOSITES = ("hyper", "hypo")  # two slips apart, and the contrary of each other
_DETERMINERS = word_set("the my a an your his her their this that our")
_BREAKS = frozenset("/&+|•\n–—")
_LONG = 3  # in a name of so many words, "the eye" and "my eye" are the same

_GAP = "..."  # as "…" is written without its own sign
_WIDEST_GAP = 6

# One slip of the pen weighs more than a plural.
_SLIP, _PLURAL = 4, 1


@dataclass(frozen=True)
class Phrase:
    """Words that stand for an option, or for no answer at all.

    `breaks` are the words before which a comma may stand; None where it may stand anywhere.
    `gaps` are those before which words may stand that say nothing: "high … under control".
    """

    words: tuple[str, ...]
    option: Option | None
    breaks: frozenset[int] | None = None
    gaps: tuple[int, ...] = ()


@dataclass(frozen=True)
class Found:
    """A phrase in a sentence, from word `start` up to word `end`."""

    option: Option | None
    start: int
    end: int
    typos: int
    said: tuple[str, ...] = ()  # the words of the phrase, as they should be written
    denied_by: int | None = None  # the place of the "not"
    in_doubt: bool = False  # whether the "not" still holds after a comma

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def places(self) -> range:
        return range(self.start, self.end)


class Book:
    """Phrases, laid out so that they are found quickly."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_first: dict[str, list[Phrase]] = {}
        self._firsts: dict[str, list[str]] = {}
        words: set[str] = set()
        for phrase in filter(lambda phrase: phrase.words, phrases):
            first = phrase.words[0]
            if first not in self._by_first:
                self._firsts.setdefault(first[0], []).append(first)
            self._by_first.setdefault(first, []).append(phrase)
            words.update(phrase.words)
        self.words = frozenset(words)
        self._known = self.words | NEGATORS

    def matches(self, words: Sequence[Word]) -> Iterator[Found]:
        said = _Said(words, self._known)
        for start in range(len(words)):
            for phrase in self._beginning_with(said, start):
                found = self._match(said, start, phrase)
                if found:
                    yield found

    def _beginning_with(self, said: "_Said", start: int) -> Iterator[Phrase]:
        word = said.words[start].text
        for first in self._firsts.get(word[0], ()):
            if said.apart(word, first) is not None:
                yield from self._by_first[first]
        if word in _DETERMINERS:
            for other in _DETERMINERS - {word}:
                # Only in long names: there "my" and "the" are the same.
                yield from (p for p in self._by_first.get(other, ()) if len(p.words) >= _LONG)

    def _match(self, said: "_Said", start: int, phrase: Phrase) -> Found | None:
        if not phrase.gaps:
            return said.piece(start, phrase)
        begin, place, typos = 0, start, 0
        for end in (*phrase.gaps, len(phrase.words)):
            piece = Phrase(phrase.words[begin:end], phrase.option, frozenset())
            found = self._after_a_gap(said, place, piece, is_first=begin == 0)
            if found is None:
                return None
            begin, place, typos = end, found.end, typos + found.typos
        return Found(phrase.option, start, place, typos, phrase.words)

    def _after_a_gap(
        self, said: "_Said", start: int, piece: Phrase, *, is_first: bool
    ) -> Found | None:
        last = start if is_first else start + _WIDEST_GAP
        for place in range(start, min(last, len(said.words) - 1) + 1):
            found = said.piece(place, piece)
            if found or not may_stand_between(said.words[place].text, self.words):
                return found
        return None


class _Said:
    """The words of one sentence, with what was found out about them."""

    def __init__(self, words: Sequence[Word], known: Collection[str]) -> None:
        self.words = words
        self._known = known
        self._breaks = [place > 0 and is_break(words, place) for place in range(len(words))]
        self._apart: dict[tuple[str, str], int | None] = {}

    def piece(self, start: int, phrase: Phrase) -> Found | None:
        """The phrase if it begins at this word, and stands there as a whole."""
        length = len(phrase.words)
        if start + length > len(self.words) or self._is_torn(start, phrase):
            return None
        typos = 0
        for place, wanted in enumerate(phrase.words, start=start):
            word = self.words[place].text
            if word == wanted or (length >= _LONG and {word, wanted} <= _DETERMINERS):
                continue
            apart = self.apart(word, wanted)
            if apart is None:
                return None
            typos += apart
        return Found(phrase.option, start, start + length, typos, phrase.words)

    def apart(self, word: str, wanted: str) -> int | None:
        """How far two words lie apart; None when they are different words."""
        if word == wanted:
            return 0
        # A word that means something here is no typo of another: "controlled", "uncontrolled".
        if word in self._known:
            return None
        if (word, wanted) not in self._apart:
            is_plural = _is_one_and_many(word, wanted)
            self._apart[word, wanted] = _PLURAL if is_plural else _slips(word, wanted)
        return self._apart[word, wanted]

    def _is_torn(self, start: int, phrase: Phrase) -> bool:
        """In "ketamine, therapy" there is no "ketamine therapy"."""
        return phrase.breaks is not None and any(
            self._breaks[start + place] and place not in phrase.breaks
            for place in range(1, len(phrase.words))
        )


def find(words: Sequence[Word], phrases: Iterable[Phrase] | Book) -> tuple[Found, ...]:
    """What the sentence speaks of, in its order, each with the word that denies it, if any."""
    book = phrases if isinstance(phrases, Book) else Book(phrases)
    chosen: list[Found] = []
    for found in sorted(book.matches(words), key=_best_first):
        unclear = [other for other in chosen if _may_be_either(other, found)]
        for other in unclear:
            chosen[chosen.index(other)] = replace(other, option=None)
        if not unclear and not any(_is_in_the_way(other, found) for other in chosen):
            chosen.append(found)
    in_order = sorted(chosen, key=lambda found: found.start)
    return _spread_denial(words, [_denied(words, found, in_order) for found in in_order])


def phrase_of(words: Sequence[Word], option: Option | None) -> Phrase:
    """A phrase from its words, with commas and gaps only where these have them."""
    places = range(1, len(words))
    breaks = frozenset(place for place in places if is_break(words, place))
    gaps = tuple(place for place in places if _GAP in words[place].before)
    return Phrase(tuple(word.text for word in words), option, breaks, gaps)


def is_break(words: Sequence[Word], place: int) -> bool:
    """Whether a comma, a slash, a plus or a "but" stands before a word."""
    word = words[place]
    return (
        word.clause != words[place - 1].clause
        or not _BREAKS.isdisjoint(word.before)
        or word.before.strip(" ") == "-" != word.before
    )


def _best_first(found: Found) -> tuple[int, int, int, int]:
    return (-len(found.said), found.typos, found.length, found.start)


def _may_be_either(other: Found, found: Found) -> bool:
    """Whether a mistyped word is about as near to another option: then nobody knows."""
    return (
        (other.start, other.end) == (found.start, found.end)
        and other.option != found.option
        and other.typos >= _SLIP
        and found.typos <= other.typos + _SLIP
    )


def _is_in_the_way(other: Found, found: Found) -> bool:
    if other.end <= found.start or found.end <= other.start:
        return False
    equally_good = (other.start, other.end, other.typos) == (found.start, found.end, found.typos)
    return not (equally_good and other.option != found.option)  # a tie is shown, not decided


def _slips(word: str, wanted: str) -> int | None:
    # Slips rarely hit the first letter, and opposites often differ there.
    if word[0] != wanted[0] or abs(len(word) - len(wanted)) > 2 or not wanted.isalpha():
        return None
    if _are_opposites(word, wanted):
        return None
    if len(wanted) < 5:
        # In short words only two letters may have changed places: "txet", "pian".
        is_turned = len(wanted) == len(word) == 4 and sorted(word) == sorted(wanted)
        return _SLIP if is_turned and OSA.distance(word, wanted) == 1 else None
    allowed = 1 if len(wanted) < 8 else 2
    slips = OSA.distance(word, wanted, score_cutoff=allowed)
    return None if slips > allowed else slips * _SLIP


def _is_one_and_many(word: str, other: str) -> bool:
    """Whether one is the plural of the other: "text" and "texts"."""
    shorter, longer = sorted((word, other), key=len)
    return len(shorter) >= 4 and longer == shorter + "s"


def _are_opposites(word: str, other: str) -> bool:
    return any(word.startswith(one) != other.startswith(one) for one in _OPPOSITES)


def _denied(words: Sequence[Word], found: Found, others: Sequence[Found]) -> Found:
    if found.length == 1 and words[found.start].text in NEGATORS:
        return found  # "nope, never" is said twice, not taken back
    # "not sure" is one phrase: its "not" denies nothing else.
    taken = {place for other in others if other.length > 1 for place in other.places}
    clause = words[found.start].clause
    left = _LOOK_BACK
    for place in range(found.start - 1, -1, -1):
        if words[place].clause != clause or left == 0:
            break
        says_the_same = any(one.option == found.option and one.start == place for one in others)
        if words[place].text in _DENYING and place not in taken and not says_the_same:
            return replace(found, denied_by=place)
        left -= words[place].text not in _NOT_COUNTED
    return _denied_after(words, found, others)


def _denied_after(words: Sequence[Word], found: Found, others: Sequence[Found]) -> Found:
    """In "depression no, anxiety yes" a "no" that closes its clause denies what is before it."""
    after = found.end
    if after >= len(words) or words[after].text not in NEGATORS:
        return found
    if words[after].clause != words[found.end - 1].clause:
        return found
    if any(other.start == after for other in others):
        return found  # here "no" is an answer of its own
    closes = after + 1 == len(words) or words[after + 1].clause != words[after].clause
    return replace(found, denied_by=after) if closes else found


def _spread_denial(words: Sequence[Word], found: Sequence[Found]) -> tuple[Found, ...]:
    """One "not depression, anxiety or OCD" denies all three."""
    spread: list[Found] = []
    for one in found:
        before = spread[-1] if spread else None
        if before and before.denied_by is not None and one.denied_by is None:
            between = {word.text for word in words[before.end : one.start]}
            is_a_list = between <= _LIST_WORDS and before.denied_by < before.start
            if is_a_list and (between or not _is_an_order(words, before)):
                one = replace(one, denied_by=before.denied_by, in_doubt=not between)
        spread.append(one)
    return tuple(spread)


def _is_an_order(words: Sequence[Word], denied: Found) -> bool:
    """In "don't call, text me" the comma begins what is wanted instead."""
    before = tuple(word.text for word in words[max(denied.start - 2, 0) : denied.start])
    return before[-1:] in (("dont",), ("hate",), ("avoid",)) or before == ("do", "not")
