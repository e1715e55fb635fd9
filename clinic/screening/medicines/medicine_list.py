"""Medicines in a visitor's own words: brand, generic name or slang, with typos and doses.

Nothing that could be a medicine is dropped: words that are not known stay as they were typed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import extractOne

from clinic.screening.medicines.leftovers import leftovers
from clinic.screening.medicines.names import Found, Name, Names, name_of
from clinic.screening.medicines.taken_now import Span, not_taken_now
from clinic.screening.medicines.words import Word, begins_a_part, words_of

_ALIKE = 0.6  # of 1; a nickname less alike than this is shown as the generic name


@dataclass(frozen=True)
class MedicineGroup:
    """Medicines that staff look at in the same way. `flag` is review, note or none."""

    code: str
    label: str
    flag: str
    note: str


@dataclass(frozen=True)
class Medicine:
    """One medicine, or a kind of them for which visitors give no name (`unnamed`)."""

    generic: str
    groups: tuple[str, ...]
    names: tuple[str, ...]
    also: tuple[str, ...] = ()
    unnamed: bool = False


@dataclass(frozen=True)
class Mention:
    """A medicine in a text, as typed; `generic` is None for words that no list knows."""

    said: str
    generic: str | None
    name: str  # what it was taken for, like Zoloft
    groups: tuple[str, ...]
    close: bool  # the spelling was mended
    now: bool  # false where it is said to be over, or never begun


@dataclass(frozen=True)
class MedicineList:
    """What `screening/medicines.yml` says, and how to find it in a text."""

    version: str
    groups: tuple[MedicineGroup, ...]
    medicines: tuple[Medicine, ...]

    def find(self, text: str) -> tuple[Mention, ...]:
        """What a text names, in its order, each medicine once. Never raises."""
        words = words_of(text)
        found = self._names.find(text, words)
        named = self._without_kinds(words, found)
        unknown = leftovers(words, [(one.start, one.end) for one in found])
        mentions = sorted(
            (*self._mentions(text, words, named), *_unknown(text, words, unknown)),
            key=lambda placed: placed[0],
        )
        return _each_once(tuple(_with_time(words, mentions)))

    @cached_property
    def _names(self) -> Names:
        return Names([name for medicine in self.medicines for name in names_of(medicine)])

    @cached_property
    def _by_generic(self) -> dict[str, Medicine]:
        return {medicine.generic: medicine for medicine in self.medicines}

    def _without_kinds(self, words: Sequence[Word], found: Sequence[Found]) -> list[Found]:
        """In "my antidepressant Zoloft" the kind says nothing new."""
        parts = _parts(words)
        named: dict[int, set[str]] = defaultdict(set)
        for one in found:
            medicine = self._by_generic[one.name.medicine]
            if not medicine.unnamed:
                named[parts[one.start]].update(medicine.groups)

        def is_said_twice(one: Found) -> bool:
            medicine = self._by_generic[one.name.medicine]
            return medicine.unnamed and not named[parts[one.start]].isdisjoint(medicine.groups)

        return [one for one in found if not is_said_twice(one)]

    def _mentions(
        self, text: str, words: Sequence[Word], found: Iterable[Found]
    ) -> Iterator[tuple[Span, Mention]]:
        for one in found:
            medicine = self._by_generic[one.name.medicine]
            said = text[words[one.start].start : words[one.end - 1].end]
            mention = Mention(
                said, medicine.generic, one.name.shown, medicine.groups, one.slips > 0, now=True
            )
            yield (one.start, one.end), mention


def names_of(medicine: Medicine) -> Iterator[Name]:
    """Every way to write a medicine; "addy" is shown as the name that it is short for."""
    proper = (medicine.generic, *medicine.names)
    for name in proper:
        yield name_of(name, medicine.generic, name)
    for name in medicine.also:
        yield name_of(name, medicine.generic, _likest(name, proper))


def _likest(nickname: str, proper: Sequence[str]) -> str:
    begins = next((name for name in proper if name.casefold().startswith(nickname)), None)
    if begins:
        return begins
    found = extractOne(
        nickname, proper, scorer=JaroWinkler.similarity, score_cutoff=_ALIKE, processor=str.lower
    )
    return found[0] if found else proper[0]


def _parts(words: Sequence[Word]) -> list[int]:
    """For each word the number of its part: between commas, slashes, "and" and the like."""
    numbers = []
    number = 0
    for word in words:
        number += begins_a_part(word)
        numbers.append(number)
    return numbers


def _unknown(
    text: str, words: Sequence[Word], spans: Iterable[Span]
) -> Iterator[tuple[Span, Mention]]:
    for start, end in spans:
        said = text[words[start].start : words[end - 1].end]
        yield (start, end), Mention(said, None, said, (), close=False, now=True)


def _with_time(
    words: Sequence[Word], mentions: Sequence[tuple[Span, Mention]]
) -> Iterator[Mention]:
    spans = sorted({span for span, _ in mentions})
    over = {spans[number] for number in not_taken_now(words, spans)}
    for span, mention in mentions:
        yield replace(mention, now=span not in over)


def _each_once(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """One of "Zoloft (sertraline)", and two of "Lantus and Humalog": nothing typed is lost."""
    brands: dict[str, str] = {}
    for mention in mentions:
        if mention.generic and mention.name != mention.generic:
            brands.setdefault(mention.generic, mention.name)
    kept: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        generic = mention.generic or ""
        name = mention.name if mention.name != generic else brands.get(generic, generic)
        key = generic, name.casefold()
        kept[key] = _surer(kept[key], mention) if key in kept else mention
    return tuple(kept.values())


def _surer(one: Mention, other: Mention) -> Mention:
    """Rather what is taken now than what is over; rather what was spelt rightly."""
    return max(one, other, key=lambda mention: (mention.now, not mention.close))
