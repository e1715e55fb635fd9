"""Find the options a sentence speaks of: the longest words win, small typos are forgiven,
and what is said not to be so is not found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from clinic.screening.items import Option
from clinic.screening.reading.words import NEGATORS, Word

_LOOK_BACK = 4  # words between "not" and what it denies
_NOT_COUNTED = frozenset(
    {"a", "an", "the", "any", "to", "need", "leave"}
)  # "no need to leave a ..."
# "I hate calls" and "rather text than call" want no call.
_DENYING = NEGATORS | {"hate", "hates", "dislike", "avoid", "than"}
_LIST_WORDS = frozenset({"or", "nor", "and"})
_OPPOSITES = ("hyper", "hypo")  # two slips apart, and the contrary of each other


@dataclass(frozen=True)
class Phrase:
    """Words that stand for an option, or for no answer at all."""

    words: tuple[str, ...]
    option: Option | None


@dataclass(frozen=True)
class Found:
    """A phrase in a sentence, from word `start` up to word `end`."""

    option: Option | None
    start: int
    end: int
    typos: int
    denied_by: int | None = None  # the place of the "not"
    in_doubt: bool = False  # whether the "not" still holds after a comma

    @property
    def length(self) -> int:
        return self.end - self.start


def find(words: Sequence[Word], phrases: Sequence[Phrase]) -> tuple[Found, ...]:
    """What the sentence speaks of, in its order, each with the word that denies it, if any."""
    known = NEGATORS.union(*(phrase.words for phrase in phrases))
    chosen: list[Found] = []
    for found in sorted(_matches(words, phrases, known), key=_best_first):
        if not any(_is_in_the_way(other, found) for other in chosen):
            chosen.append(found)
    in_order = sorted(chosen, key=lambda found: found.start)
    return _spread_denial(words, [_denied(words, found, in_order) for found in in_order])


def _best_first(found: Found) -> tuple[int, int, int]:
    return (-found.length, found.typos, found.start)


def _is_in_the_way(other: Found, found: Found) -> bool:
    if other.end <= found.start or found.end <= other.start:
        return False
    equally_good = (other.start, other.end, other.typos) == (found.start, found.end, found.typos)
    return not (equally_good and other.option != found.option)  # a tie is shown, not decided


def _matches(
    words: Sequence[Word], phrases: Iterable[Phrase], known: frozenset[str]
) -> Iterator[Found]:
    for phrase in phrases:
        length = len(phrase.words)
        for start in range(len(words) - length + 1):
            typos = _typos(words[start : start + length], phrase.words, known)
            if typos is not None:
                yield Found(phrase.option, start, start + length, typos)


def _typos(said: Sequence[Word], meant: Sequence[str], known: frozenset[str]) -> int | None:
    """How many slips lie between two word lists; None when they are different words."""
    total = 0
    for word, wanted in zip(said, meant, strict=True):
        if word.text == wanted:
            continue
        # A word that means something here is no typo of another: "controlled", "uncontrolled".
        if word.text in known:
            return None
        if _is_one_and_many(word.text, wanted):
            total += 1
            continue
        # Slips rarely hit the first letter, and opposites often differ there.
        if word.text[0] != wanted[0] or len(wanted) < 5:
            return None
        if _are_opposites(word.text, wanted):
            return None
        allowed = 1 if len(wanted) < 8 else 2
        slips = OSA.distance(word.text, wanted, score_cutoff=allowed)
        if slips > allowed or not wanted.isalpha():
            return None
        total += slips
    return total


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
    taken = {
        place for other in others if other.length > 1 for place in range(other.start, other.end)
    }
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
