"""Read how long something has lasted: by option, or as an amount of time."""

import re
from math import inf

from clinic.screening.items import Item, Option
from clinic.screening.reading.amounts import (
    Amount,
    amounts_in,
    plain,
    without,
    without_habits_and_ages,
)
from clinic.screening.reading.choice import chosen_by_place_or_name, own_words, read_choice
from clinic.screening.reading.counting import NAMED, numbers_in
from clinic.screening.reading.phrases import Phrase, find
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.words import (
    NEGATORS,
    is_question,
    is_unsettled,
    plain_words,
    word_set,
    words_of,
)

_YOUNG = 16  # visitors are adults: what began at this age began more than a year ago
_LONG = 3  # a name of so many words is an option, whatever amount stands in it

_NUMBER = rf"\d{{1,3}}|{'|'.join(NAMED)}"
_SCHOOL = (
    r"(?:(?:elementary|primary|secondary|middle|high|grade|grammar|junior high) school"
    r"|elementary|junior high|kindergarten|highschool|college)"
)
_A_CHILD = (
    r"(?:(?:very|really|little|young|small|just) )*"
    r"(?:kid|child|teen|teenager|baby|boy|girl|young|little|born)"
)
_SINCE_YOUNG = re.compile(
    rf"\b(?:(?:since|when|from|before|after) i was (?:(?:a|an) )?(?:{_A_CHILD}|(?:in|at) {_SCHOOL})"
    rf"|(?:as|since|since being) an? {_A_CHILD}"
    r"|(?:since|from|in|during) (?:my )?(?:(?:early|late) )?(?:childhood|adolescence|youth|teens"
    rf"|teenage years|teen years|{_SCHOOL})|(?:since|from) birth(?! of))\b"
)
_ALL_MY_LIFE = re.compile(
    r"\b(?:(?:whole|entire) (?:adult )?life|all (?:of )?my (?:adult )?life|(?:most|half) (?:of )?my"
    r" (?:adult )?life|lifelong|life long|forever|always"
    r"|as (?:long|far back) as i(?: can)? remember|since i can remember)\b"
)
_SINCE_AGE = re.compile(
    r"\b(?:since|when|from) (?:i was|i turned|the age of|age of|age|aged) "
    r"(?:(?:like|about|around|maybe|only) )?"
    rf"({_NUMBER})\b(?: (?:years|yrs) old)?"
    r"(?![\d.-]| (?:to|or|and|days?|weeks?|months?|years?)\b)"
)
_MY_AGE = re.compile(rf"\b(?:im|i am|now|age|aged) (?:{_NUMBER})\b")
_SINCE_NOW = re.compile(
    r"\b(?:since|started|began|from|only)\s+(?:just\s+)?"
    r"(?:today|yesterday|this morning|last night|this week|last week)\b"
)
_SINCE_A_DAY = re.compile(
    r"\bsince (?:(?:this|last|the) )?(?:(?:past|last) )?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\bsince (?:this|the|last)(?: past| last)? weekend\b"
)
_NOT_EVEN = re.compile(r"\bnot even\b")
_SINCE_A_YEAR = re.compile(r"\bsince\s+(?:about |around |early |late |mid )*((?:19|20)\d\d)\b")
_LONG_GONE = 2023  # a year ago and more, whenever this is read

# What is still to come, or is over, says not how long it lasts.
_ANOTHER_TIME = re.compile(
    r"\b(?:next|will|until|stopped|ended|went away|less|part|most|without|better|fine|gone)\b"
)
_AHEAD = re.compile(rf"in (?:(?:about|around) )?(?:an?|couple|few|{_NUMBER})\b")

# Words beside an amount that leave it as it is.
_BESIDE = word_set(
    "my for about around roughly approximately like its it is been ive i have had has this felt"
    " feeling going on now already probably maybe think ago the past last over or so off and"
)

_WHICH = problem(
    "I am not sure how long that is. Please choose one of the options, or type for example "
    "“3 months”."
)


def read_duration(item: Item, text: str, lenient: bool) -> Reading:
    chosen = chosen_by_place_or_name(item, text, lenient)
    if chosen:
        return Reading(values=(chosen.value,))
    if lenient and is_question(text):
        return QUESTION
    if is_unsettled(text):
        return _WHICH
    lasted, rest, is_of_another_time = _times(plain(text))
    if not lasted:
        return read_choice(item, text, True) if lenient else _WHICH
    named = _long_names(item, text) if lenient else None
    if named:
        return Reading(values=(named.value,))
    words = set(plain_words(rest))
    if words & NEGATORS or any(True for _ in numbers_in(plain_words(rest))) or is_of_another_time:
        return _WHICH
    if not lenient and not words <= _BESIDE:
        return _WHICH
    return _in_one_band(item, lasted)


def _times(said: str) -> tuple[list[Amount], str, bool]:
    """How long it may have lasted, what else is said, and whether that is about another time."""
    times: list[Amount] = []

    def lifelong(_: re.Match[str]) -> str:
        times.append(Amount(inf, inf, 0, 0))
        return " "

    def days(_: re.Match[str]) -> str:
        times.append(Amount(0, 13, 0, 0))
        return " "

    def since_age(found: re.Match[str]) -> str:
        age = int(found[1]) if found[1].isdecimal() else NAMED[found[1]]
        return lifelong(found) if age <= _YOUNG else found[0]

    def since_a_year(found: re.Match[str]) -> str:
        return lifelong(found) if int(found[1]) <= _LONG_GONE else " "

    said = _NOT_EVEN.sub("less than", " ".join(said.split()))
    rest = _SINCE_AGE.sub(since_age, _SINCE_A_YEAR.sub(since_a_year, said))
    rest = _SINCE_YOUNG.sub(lifelong, _ALL_MY_LIFE.sub(lifelong, rest))
    rest = without_habits_and_ages(_SINCE_A_DAY.sub(days, _SINCE_NOW.sub(days, rest)))
    amounts = amounts_in(rest)
    times += [amount for amount in amounts if amount.is_time]
    left = _MY_AGE.sub(" ", without(rest, amounts))
    ahead = any(_AHEAD.match(rest, amount.start) for amount in amounts)
    return times, left, ahead or bool(_ANOTHER_TIME.search(left))


def _long_names(item: Item, text: str) -> Option | None:
    """The one option whose whole name stands in the sentence."""
    names = [(option, plain_words(name)) for option in item.options for name in own_words(option)]
    phrases = [Phrase(words, option) for option, words in names if len(words) >= _LONG]
    found = find(words_of(text), phrases)
    options = {one.option for one in found}
    if len(options) != 1 or any(one.denied_by is not None for one in found):
        return None
    return options.pop()


def _in_one_band(item: Item, lasted: list[Amount]) -> Reading:
    bands = {_band(item, days) for amount in lasted for days in (amount.low, amount.high)}
    band = bands.pop()
    return Reading(values=(band.value,)) if band and not bands else _WHICH


def _band(item: Item, days: float) -> Option | None:
    fitting = [
        (option.at_least_days, place)
        for place, option in enumerate(item.options)
        if option.at_least_days is not None and option.at_least_days <= days
    ]
    return item.options[max(fitting)[1]] if fitting else None
