"""Read which options a sentence speaks of. All of it must be understood, or none of it is taken."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache

from clinic.screening.items import Item, Option
from clinic.screening.reading.asking import (
    ask_again,
    chosen,
    not_all_of_it,
    please_choose,
    which_of_both,
)
from clinic.screening.reading.denial import is_all_there_is, reassures, says_have_none
from clinic.screening.reading.doubt import is_not_theirs, is_open
from clinic.screening.reading.everyday import FILLERS, HEDGES, SAID
from clinic.screening.reading.little_words import says_nothing
from clinic.screening.reading.options import option_book, words_of_meaning
from clinic.screening.reading.parts import Part, is_understood, parts_of
from clinic.screening.reading.phrases import Book, Found, find, phrase_of
from clinic.screening.reading.reading import Reading, problem
from clinic.screening.reading.spelling import joined, named_in_full, said_in_full
from clinic.screening.reading.times import is_of_the_past, timed
from clinic.screening.reading.words import CONTRASTS, NEGATORS, Word, is_unsettled

_MOST_WORDS = 60  # a longer story has room for several meanings
_EXCEPTIONS = frozenset({"except", "besides", "unless"})
_NOTHING_MORE = re.compile(
    r"[,;.]?\s*\b(?:and )?(?:(?:nothing|none|nobody|no one|no) (?:else|other|others)"
    r"|never again|that['’]?s (?:all|it)(?: for (?:now|me))?)\b(?!\s*(?:than|but|except))",
    re.IGNORECASE,
)
_ASKS_WHAT_IS_UNSURE = re.compile(r"\bnot sure about\b", re.IGNORECASE)
_OR_SO = FILLERS | {"so", "thereabouts"}
_USED_TO = re.compile(r"\b(?:used to|was an?|were|had an?)\b")
_YES = frozenset(SAID["yes"])
_NO = frozenset(SAID["no"])


@dataclass(frozen=True)
class _Sentence:
    """What was said, what was found in it, and the parts it is made of.

    `over` is what was named only as what was stopped: "quit drinking 2 months ago".
    """

    item: Item
    words: tuple[Word, ...]
    found: tuple[Found, ...]
    parts: tuple[Part, ...]
    over: tuple[Found, ...] = ()

    @property
    def named(self) -> tuple[Found, ...]:
        return tuple(one for one in self.found if one.denied_by is None)

    @property
    def inside(self) -> frozenset[int]:
        return frozenset(place for one in self.found for place in one.places)

    def part_of(self, one: Found) -> Part:
        return next(part for part in self.parts if one.start in part)

    def stand_together(self, one: Found, others: Collection[Found]) -> bool:
        return any(other.start in self.part_of(one) for other in others)

    def rest(self, places: Collection[int]) -> frozenset[str]:
        """The words at these places that name no option."""
        return frozenset(self.words[place].text for place in places if place not in self.inside)


def read_sentence(item: Item, text: str) -> Reading:
    if is_unsettled(text):
        return please_choose(item)
    book = option_book(item)
    words = joined(said_in_full(_NOTHING_MORE.sub(",", text)), book.words)
    if len(words) > _MOST_WORDS:
        return problem("That is a lot at once. " + ask_again(item))
    if _ASKS_WHAT_IS_UNSURE.search(item.text):
        words = _without_hedges(words)
    none = item.option("none")
    if none and says_have_none(words):
        return chosen(item, [none])
    found = find(words, book)
    if any(one.option is None for one in found):
        return please_choose(item)
    sentence = _with_times(_Sentence(item, words, found, parts_of(words, found)))
    if sentence is None or is_not_theirs(item, words, (*sentence.found, *sentence.over)):
        return please_choose(item)
    return _of_what_was_found(sentence)


def _without_hedges(words: Sequence[Word]) -> tuple[Word, ...]:
    """Who is asked what they are not sure about may well begin with "not sure about"."""
    inside = {place for one in find(words, _hedges()) for place in one.places}
    return tuple(word for place, word in enumerate(words) if place not in inside)


@cache
def _hedges() -> Book:
    return Book(phrase_of(said_in_full(words), None) for words in SAID["unsure"])


# --- Times ----------------------------------------------------------------------------------------


def _with_times(sentence: _Sentence) -> _Sentence | None:
    """With the options that times chose; None where a time leaves open which one it is."""
    times = timed(sentence.item, sentence.words, sentence.found, sentence.parts)
    if times.is_open:
        return None
    taken = {place for one in times.found for place in one.places}
    own = [one for one in sentence.named if is_of_the_past(sentence.item, one)]
    known = replace(sentence, found=(*sentence.found, *times.found))
    left = tuple(one for one in sentence.found if taken.isdisjoint(one.places))
    now = [one for one in left if _is_of_now(sentence, one)]
    over = _over(known, now, [*times.found, *own])
    if len(now) > len(over) and any(map(_is_only_a_time, own)):
        return None  # "alcohol, years ago"
    kept = (*(one for one in left if one not in over), *times.found)
    found = tuple(sorted(kept, key=lambda one: one.start))
    with_them = replace(sentence, found=found, over=(*over, *times.named))
    return None if _leaves_a_time(with_them, [time.start for time in times.times]) else with_them


def _over(sentence: _Sentence, now: Sequence[Found], past: Collection[Found]) -> tuple[Found, ...]:
    """What is named beside the time when it ended: "quit drinking 2 months ago"."""
    return tuple(
        one
        for one in now
        if past and (sentence.stand_together(one, past) or _is_open(sentence, one))
    )


def _is_of_now(sentence: _Sentence, one: Found) -> bool:
    """Whether an option says of one of several things that it is so now."""
    if sentence.item.reads != "multiple" or one.option is None or one.denied_by is not None:
        return False
    return "now" in named_in_full(one.option.label)


def _is_only_a_time(one: Found) -> bool:
    return bool(one.said) and all(says_nothing(word, ()) for word in one.said)


def _leaves_a_time(sentence: _Sentence, times: Sequence[int]) -> bool:
    """Whether a part with a time says no more: in "alcohol, 2 years ago" nobody knows of what."""
    if sentence.item.reads != "multiple":
        return False
    named = (*sentence.found, *sentence.over)
    parts = [part for part in sentence.parts if any(time in part for time in times)]
    return not all(any(one.start in part for one in named) for part in parts)


def _is_open(sentence: _Sentence, one: Found) -> bool:
    return is_open(sentence.item, sentence.words, one, sentence.found, sentence.parts)


# --- What was meant -------------------------------------------------------------------------------


def _of_what_was_found(sentence: _Sentence) -> Reading:
    item = sentence.item
    open_ones = [one for one in sentence.named if _is_open(sentence, one)]
    meant = _meant(sentence, open_ones)
    if not meant or _takes_it_back(sentence, meant) or _contradicts(sentence):
        return please_choose(item)
    if item.reads != "multiple":
        is_open_still = open_ones or _is_unsure_of_more(sentence, meant) or _names_another(sentence)
        return please_choose(item) if is_open_still else chosen(item, meant)
    if _is_unsure_of_one(sentence):
        return please_choose(item)
    if _may_be_one(sentence, meant):
        return which_of_both(item, meant)
    is_whole = any(map(reassures, meant)) or _is_understood(sentence)
    return chosen(item, meant) if is_whole and not open_ones else not_all_of_it(item, meant)


def _is_understood(sentence: _Sentence) -> bool:
    known = option_book(sentence.item).words
    named = (*sentence.found, *sentence.over)
    is_over = any(is_of_the_past(sentence.item, one) for one in sentence.named)
    return all(
        is_understood(sentence.words, part, named, known)
        or (is_over and _is_of_before(sentence, part))
        for part in sentence.parts
    )


def _is_of_before(sentence: _Sentence, part: Part) -> bool:
    """Whether a part says what was: in "I used to drink, sober 5 years" the rest is said."""
    said = " ".join(sentence.words[place].text for place in part)
    return bool(_USED_TO.search(said))


def _meant(sentence: _Sentence, open_ones: Collection[Found]) -> tuple[Option, ...]:
    denied_by = {one.denied_by for one in sentence.found}
    meant = []
    for one in sentence.named:
        # In "no depression" the "no" denies one thing; it does not say "none of these".
        is_only_a_denial = (
            sentence.item.reads == "multiple" and one.start in denied_by and one.length == 1
        )
        says_nothing_else = one in open_ones or is_only_a_denial or _only_agrees(sentence, one)
        if one.option and not says_nothing_else:
            meant.append(one.option)
    return tuple(meant)


def _only_agrees(sentence: _Sentence, one: Found) -> bool:
    """In "yes, breastfeeding" the "yes" is no answer of its own; in "yes and nursing" it is."""
    if sentence.item.reads != "multiple" or one.length > 1 or one.start != 0:
        return False
    others = [other for other in sentence.named if other.option != one.option]
    if sentence.words[0].text in _YES:
        after = sentence.words[1].text if len(sentence.words) > 1 else ""
        return bool(others) and after not in ("and", "plus", "also")
    # "No, I'm a man", "no, not sure": the second says more.
    says_more = any(other.option and other.option.exclusive for other in others)
    return says_more and sentence.words[0].text in _NO


def _contradicts(sentence: _Sentence) -> bool:
    """Whether a "no" may belong to what follows or not: "no/yes", "stroke, no seizures, angina"."""
    answers = {one.start for one in sentence.named}
    yes_denied_by = {
        one.denied_by for one in sentence.found if one.option and one.option.code == "yes"
    }
    contradicts = sentence.item.reads != "multiple" and bool(answers & yes_denied_by)
    return contradicts or any(one.in_doubt for one in sentence.found)


def _is_unsure_of_one(sentence: _Sentence) -> bool:
    """Whether "maybe a stroke" says that the stroke is what they are not sure about."""
    unsure = [one for one in sentence.named if one.option and one.option.code == "unsure"]
    others = [one for one in sentence.named if one not in unsure]
    return any(sentence.stand_together(one, others) for one in unsure)


def _is_unsure_of_more(sentence: _Sentence, meant: Collection[Option]) -> bool:
    """Whether "high, not sure if controlled" says more than "I'm not sure"."""
    if any(option.code not in ("unsure", "unknown") for option in meant):
        return False
    others = [option for option in sentence.item.options if option not in meant]
    names = frozenset().union(*map(words_of_meaning, others))
    return not names.isdisjoint(sentence.rest(range(len(sentence.words))))


def _names_another(sentence: _Sentence) -> bool:
    """Whether "cash or insurance" names something else that is not understood."""
    others = [part for part in sentence.parts if sentence.words[part[0]].text == "or"]
    return any(
        sentence.inside.isdisjoint(part) and not sentence.rest(part) <= _OR_SO for part in others
    )


def _may_be_one(sentence: _Sentence, meant: Collection[Option]) -> bool:
    """Whether "the depressed side of bipolar" is one answer that sounds like two."""
    names = {option: words_of_meaning(option) for option in meant}
    return any(
        sentence.stand_together(longer, [shorter]) or not names[shorter.option] <= set(longer.said)
        for longer in sentence.named
        for shorter in sentence.named
        if longer.option in names
        and shorter.option in names
        and names[shorter.option] < names[longer.option]
    )


# --- What takes it back ---------------------------------------------------------------------------


def _takes_it_back(sentence: _Sentence, meant: Collection[Option]) -> bool:
    """Whether the rest of the sentence may undo what was read: "no, but ...", "no aneurysm"."""
    if any(map(reassures, meant)):
        return not is_all_there_is(sentence.item, sentence.words, sentence.found)
    if _EXCEPTIONS & sentence.rest(range(len(sentence.words))):
        return True
    if any(option.code == "yes" for option in meant):
        return _is_hedged(sentence) or _is_half_denied(sentence)
    return sentence.item.reads != "multiple" and _turns(sentence)


def _turns(sentence: _Sentence) -> bool:
    """Whether a "but" turns what was said: not in "some days but not most", "it hurts but mild"."""
    for place, word in enumerate(sentence.words):
        if word.text not in CONTRASTS or place in sentence.inside:
            continue
        comes_first = all(one.start > place for one in sentence.named)
        rest = sentence.rest(range(place + 1, len(sentence.words)))
        denies = any(one.start > place for one in sentence.found if one.denied_by is not None)
        if not comes_first and not (denies and rest <= FILLERS):
            return True
    return False


def _is_hedged(sentence: _Sentence) -> bool:
    """In "yeah, kinda" a part says nothing but "kinda"; "maybe ten years ago" hedges the time."""
    clauses: dict[int, list[int]] = {}
    for place, word in enumerate(sentence.words):
        clauses.setdefault(word.clause, []).append(place)
    rests = [sentence.rest(places) for places in clauses.values()]
    return any(rest & HEDGES and rest <= HEDGES | FILLERS for rest in rests)


def _is_half_denied(sentence: _Sentence) -> bool:
    """Whether a "yes" is made of other words, and a "not" stands beside them: "my wife can not"."""
    is_plain = any(
        one.length == 1 and sentence.words[one.start].text in _YES for one in sentence.named
    )
    rest = sentence.rest(range(len(sentence.words)))
    return not is_plain and not NEGATORS.isdisjoint(rest)
