"""Options that say since when or until when: "sober 5 years", "a heart attack two months ago".

Their labels hold the times ("less than 3 months"); the words that all of them share say of what.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from clinic.screening.items import Item, Option
from clinic.screening.reading.amounts import Amount, amounts_in, plain, without
from clinic.screening.reading.little_words import says_nothing
from clinic.screening.reading.options import own_words
from clinic.screening.reading.parts import Part
from clinic.screening.reading.phrases import Book, Found, Phrase, find
from clinic.screening.reading.spelling import named_in_full
from clinic.screening.reading.words import NEGATORS, Word, word_set

_YEAR = 365.0
_NEAR = 1.0  # days: so near to "more than a year" nobody knows

_TIME_WORDS = word_set(
    "in the last past within recent old older longer ago year years month months for many a long"
    " time less than more over under"
)
# A year so long gone by is more than a year ago, whenever this is read.
_LONG_GONE = re.compile(
    r"\b(?:(?:back )?(?:in|since|until) )?(?:the )?(?:early |late |mid )?"
    r"(?:(?:19\d\d|20[01]\d|202[0-3])(?!s)|(?:19[4-9]0|[4-9]0)s|sixties|seventies|eighties|nineties)\b"
)
_UNTIL_ABOUT_NOW = re.compile(r"\b(?:last|this) (?:week|month)\b|\byesterday\b")
_LAST_YEAR = re.compile(r"\blast year\b")  # a few weeks ago, or nearly two years
_WITHIN = re.compile(r"(?:in|within|during) (?:the )?(?:last|past) ")
_OPEN_SPAN = re.compile(r"(?:the )?(?:last|past) ")
_AGO_BEFORE = re.compile(r"\b(?:until|till|up to)(?: \w+)?\W*$")
_AGO_AFTER = re.compile(r"\W*(?:ago|back|earlier)\b")
_AGAIN = ("relaps", "slip", "again", "restart", "resum")
_ANOTHER_TIME = word_set("after when before until till another next first")

_MORE_THAN_WORDS = re.compile(r"\b(?:more than|over)\b")
_MORE_THAN = re.compile(r"\b(?:more than|over|longer)\b", re.IGNORECASE)
_ASKS_WHEN = re.compile(r"\b(?:past|when was)\b", re.IGNORECASE)
_IN_THE_PAST = re.compile(r"\bin the past\b", re.IGNORECASE)


@dataclass(frozen=True)
class Time:
    """A time in a sentence, from word `start` up to word `end`, from `low` to `high` days."""

    low: float
    high: float
    start: int
    end: int
    is_ago: bool

    @property
    def places(self) -> range:
        return range(self.start, self.end)


@dataclass(frozen=True)
class Timed:
    """What a text says about times: options, and the words that said so."""

    found: tuple[Found, ...] = ()
    is_open: bool = False
    named: tuple[Found, ...] = ()  # what it was about, also without a time of its own
    times: tuple[Time, ...] = ()  # all of them, also those that choose nothing


@dataclass(frozen=True)
class _Band:
    """An option that fits from so many days on."""

    start: float
    option: Option | None
    excludes_start: bool = False


@dataclass(frozen=True)
class _Bands:
    bands: tuple[_Band, ...]
    names: Book

    def at(self, days: float) -> _Band:
        return [band for band in self.bands if band.start <= days][-1]


def timed(
    item: Item, words: Sequence[Word], found: Sequence[Found], parts: Sequence[Part]
) -> Timed:
    """The options that a time in the text chooses."""
    bands = _bands(item.options)
    if bands is None:
        return Timed()
    times = tuple(_times(words))
    # "Not stable, and a stroke": this "not" belongs to what was found, and denies nothing else.
    taken = {place for one in found for place in one.places}
    said_so = find(words, bands.names)
    named = [one for one in said_so if one.denied_by is None or one.denied_by in taken]
    if not named:
        alone = _by_time_alone(item, words, times, bands)
        return Timed((alone,) if alone else (), times=times)
    if not times:
        return Timed()
    # In "clean and sober 5 years" the time belongs to both.
    with_a_time = [one for one in named if _times_beside(one, times, parts)] or named
    chosen = [_of(one, words, times, with_a_time, parts, taken, bands) for one in with_a_time]
    both = tuple(part for one in chosen if one for part in one)
    return Timed(both, not all(chosen), tuple(named), times)


def is_of_the_past(item: Item, one: Found) -> bool:
    """Whether an option says of something that it is over: in recovery, not alcohol now."""
    bands = _bands(item.options)
    return bands is not None and any(band.option == one.option for band in bands.bands)


def _times_beside(one: Found, times: Sequence[Time], parts: Sequence[Part]) -> list[Time]:
    (part,) = (part for part in parts if one.start in part)
    return [time for time in times if time.start in part]


def _of(
    one: Found,
    words: Sequence[Word],
    times: Sequence[Time],
    named: Sequence[Found],
    parts: Sequence[Part],
    taken: Collection[int],
    bands: _Bands,
) -> tuple[Found, Found] | None:
    """The option for what was named here, by the one time that belongs to it."""
    (part,) = (part for part in parts if one.start in part)
    beside = _times_beside(one, times, parts)
    own = times if len(times) == len(named) == 1 else beside
    if len(own) != 1:
        return None
    time = own[0]
    between = {word.text for word in words[one.end : time.start]}
    again = any(words[place].text.startswith(_AGAIN) for place in part)
    denied = again or any(words[place].text in NEGATORS for place in part if place not in taken)
    option = None if denied or between & _ANOTHER_TIME else _fitting(bands, time)
    if option is None:
        return None
    return Found(option, one.start, one.end, 0), Found(option, time.start, time.end, 0)


def _by_time_alone(
    item: Item, words: Sequence[Word], times: Sequence[Time], bands: _Bands
) -> Found | None:
    """Such as "two months ago" where the question asks when, and nothing else is said."""
    if len(times) != 1 or not times[0].is_ago or not _ASKS_WHEN.search(item.text):
        return None
    rest = [word.text for place, word in enumerate(words) if place not in times[0].places]
    if NEGATORS.intersection(rest) or not all(says_nothing(word, ()) for word in rest):
        return None
    option = _fitting(bands, times[0])
    return Found(option, times[0].start, times[0].end, 0) if option else None


def _fitting(bands: _Bands, time: Time) -> Option | None:
    low, high = bands.at(time.low), bands.at(time.high)
    limits = [band.start for band in bands.bands if band.excludes_start]
    if time.low == time.high and any(abs(limit - time.low) < _NEAR for limit in limits):
        return None
    return low.option if low == high else None


# --- The times of a text --------------------------------------------------------------------------


def _times(words: Sequence[Word]) -> Iterator[Time]:
    """All times of a text, in words that nothing else claims."""
    text, starts = "", []
    for word in words:
        text += word.before if text else ""
        starts.append(len(text))
        text += word.text
    for found in _LONG_GONE.finditer(text):
        is_ago = not found[0].startswith("since")
        yield _time(starts, found.start(), found.end(), 2 * _YEAR, inf, is_ago)
    for found in _UNTIL_ABOUT_NOW.finditer(text):
        yield _time(starts, found.start(), found.end(), 0, 62, True)
    for found in _LAST_YEAR.finditer(text):
        yield _time(starts, found.start(), found.end(), 0, 2 * _YEAR, True)
    for amount in amounts_in(text):
        if amount.is_time:
            yield _as_a_time(text, starts, amount)


def _as_a_time(text: str, starts: Sequence[int], amount: Amount) -> Time:
    said = text[amount.start : amount.end]
    low, high = amount.low, amount.high
    if _WITHIN.match(said):
        low, high = 0.0, high - 0.01
    elif _OPEN_SPAN.match(said):
        low = 0.0  # "the last 3 months" may be how long, or within
    is_ago = bool(_AGO_AFTER.match(text, amount.end) or said.startswith(("up to", "until")))
    is_ago = is_ago or bool(_AGO_BEFORE.search(text[: amount.start]))
    if is_ago and said.startswith("up to"):
        low = high  # "up to 10 months ago" is when it ended
    return _time(starts, amount.start, amount.end, low, high, is_ago)


def _time(
    starts: Sequence[int], begin: int, end: int, low: float, high: float, is_ago: bool
) -> Time:
    first = sum(start <= begin for start in starts) - 1
    return Time(low, high, first, sum(start < end for start in starts), is_ago)


# --- The times of labels --------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _bands(options: tuple[Option, ...]) -> _Bands | None:
    """The options that follow each other in time, if there are any; not those of a scale."""
    if any(option.points is not None or option.at_least_days is not None for option in options):
        return None
    bands: list[_Band] = []
    end = 0.0
    for option in options:
        times = [amount for amount in amounts_in(plain(option.label)) if amount.is_time]
        if len(times) == 1:
            is_more = bool(_MORE_THAN.search(option.label))
            is_first = not bands and not is_more
            start = 0.0 if is_first else _start_of(option.label)
            bands.append(_Band(start, option, is_more))
            end = times[0].high
        elif bands and _MORE_THAN.search(option.label):
            bands.append(_Band(end, option, True))
    if len(bands) < 2:
        return _only_the_past(options)
    shared = frozenset.intersection(*(_said_of(band.option) for band in bands if band.option))
    return _Bands(tuple(bands), Book(Phrase(words, bands[0].option) for words in sorted(shared)))


def _start_of(label: str) -> float:
    """From how many days on a label fits; "more than" excludes the day itself."""
    return amounts_in(_MORE_THAN_WORDS.sub("", plain(label)))[0].low


def _only_the_past(options: tuple[Option, ...]) -> _Bands | None:
    """What was more than a year ago is in the past; what was last month may come again."""
    past = [option for option in options if _IN_THE_PAST.search(option.label)]
    if len(past) != 1:
        return None
    return _Bands((_Band(0.0, None), _Band(_YEAR, past[0], True)), Book(()))


def _said_of(option: Option) -> frozenset[tuple[str, ...]]:
    """The names of an option without their times: "stopped", "heart attack"."""
    names = set()
    for name in own_words(option):
        said = plain(name)
        words = named_in_full(without(said, amounts_in(said)))
        names.add(tuple(word for word in words if word not in _TIME_WORDS and not word.isdecimal()))
    return frozenset(names - {()})
