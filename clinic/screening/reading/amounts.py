"""Amounts of time and of medicine in a text: "a couple of weeks", "2-3 months", "20 mg"."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from clinic.screening.reading.counting import NAMED
from clinic.screening.reading.words import word_set

# In days. Twelve months and 52 weeks are a year, two months are 60 days and a little.
_WEEK, _MONTH, _YEAR = 365 / 52, 365.25 / 12, 365.0
_TIMES: Mapping[str, float] = {
    word: days
    for words, days in (
        ("second seconds minute minutes min mins hour hours hr hrs", 1 / 24),
        ("day days night nights", 1.0),
        ("week weeks wk wks", _WEEK),
        ("fortnight fortnights", 2 * _WEEK),
        ("month months mo mos mth mths", _MONTH),
        ("year years yr yrs yeras yaers", _YEAR),
        ("decade decades", 10 * _YEAR),
    )
    for word in words.split()
}
_MANY = word_set("days weeks months years decades")
_MEASURES = word_set(
    "mg mgs mcg g gram grams milligram milligrams microgram micrograms ml cc iu unit units percent"
    " lb lbs pound pounds kg dollars bucks"
)

# How much these may be: all of it must lead to the same answer.
_VAGUE: Mapping[str, tuple[float, float]] = {
    "few": (2, 6),
    "several": (3, 8),
    "many": (4, 11),
}
_ONLY_MORE_THAN_ONE = (2.0, 7.0)  # "for years"
_BETWEEN_QUANTITY_AND_UNIT = word_set("- long full whole good straight solid more or so of")
_BEFORE = word_set(
    "for about around roughly approximately past last the in within over under above below than"
    " more less longer fewer shorter least most at up to almost nearly just only between"
)
_RANGE = word_set("- to or")
_LESS = word_set("less fewer shorter")
_MORE = word_set("more longer greater")

_NUMBER_WORD = "|".join(NAMED)
_UNIT = "|".join(_TIMES)
_HABIT = re.compile(
    # "twice a day", "3 times per week", "every 6 hours"
    rf"\b(?:once|twice|(?:\d+|{_NUMBER_WORD})\s*(?:times|x|pills?|tablets?)?)\s*(?:a|an|per|each|every)"
    rf"\s+(?:{_UNIT})\b|\b(?:every|each|per)\s+(?:single\s+|other\s+)?(?:\d+\s+)?(?:{_UNIT})\b"
)
_AGE = re.compile(
    rf"\b(?:\d{{1,3}}|{_NUMBER_WORD})(?:[\s-]+(?:{_NUMBER_WORD}))?[\s-]*"
    r"(?:(?:years?|yrs?)[\s-]+old|y[\s/]?o)\b"
)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[-–—+]")
_ONE_AND_A_HALF = re.compile(r"(\d)\s+(?:and\s+)?1\s*[/⁄]\s*2\b")
_ISH = re.compile(r"(\d)\s?-?ish\b")  # "3ish"
_A_HALF = re.compile(r"\b1\s*[/⁄]\s*2\b")


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Amount:
    """From `low` to `high` days, or so much of a medicine, said in text[start:end]."""

    low: float
    high: float
    start: int
    end: int
    is_time: bool = True


@dataclass(frozen=True)
class _Quantity:
    low: float
    high: float
    end: int  # the token after it


def plain(text: str) -> str:
    """The text as `amounts_in` wants it."""
    text = unicodedata.normalize("NFKC", text.replace("½", " 1/2")).casefold()
    text = _ISH.sub(r"\1", re.sub(r"['’‘`´]", "", text))
    return _A_HALF.sub(" half ", _ONE_AND_A_HALF.sub(r"\1.5", text))


def without_habits_and_ages(text: str) -> str:
    """A plain text without "twice a day" and "43 years old", which are no amounts of time."""
    return _AGE.sub(" ", _HABIT.sub(" ", text))


def amounts_in(text: str) -> tuple[Amount, ...]:
    """All amounts of a plain text, in its order."""
    tokens = [_Token(found[0], *found.span()) for found in _TOKEN.finditer(text)]
    amounts: list[Amount] = []
    place = 0
    while place < len(tokens):
        found = _amount_at(tokens, place)
        if found:
            amount, after = found
            amounts.append(amount)
            place = max(after, place + 1)
        else:
            place += 1
    return tuple(amounts)


def without(text: str, amounts: Sequence[Amount]) -> str:
    """What else a plain text says."""
    for amount in reversed(amounts):
        text = f"{text[: amount.start]} {text[amount.end :]}"
    return text


def _amount_at(tokens: Sequence[_Token], place: int) -> tuple[Amount, int] | None:
    quantity = _quantity(tokens, place)
    if quantity is None:
        return None
    unit = quantity.end
    while unit > place and _text(tokens, unit) in _BETWEEN_QUANTITY_AND_UNIT:
        unit += 1
    word = _text(tokens, unit)
    if word not in _TIMES and word not in _MEASURES:
        return None
    begin, compared = _before(tokens, place, quantity)
    quantity = _after(tokens, replace(compared, end=unit + 1))
    days = _TIMES.get(word, 1.0)
    low, high = quantity.low * days, quantity.high * days
    amount = Amount(
        low=low,
        # Who says "1-2 weeks" or "6-12 months" means less than the upper end.
        high=max(low, high - 1) if high > low else low,
        start=tokens[begin].start,
        end=tokens[quantity.end - 1].end,
        is_time=word in _TIMES,
    )
    return _with_a_smaller_one(tokens, amount, quantity.end, days)


def _with_a_smaller_one(
    tokens: Sequence[_Token], amount: Amount, place: int, days: float
) -> tuple[Amount, int]:
    """One "year and 3 months" is one amount."""
    following = place + 1 if _text(tokens, place) == "and" else place
    article = _text(tokens, following) in ("a", "an")
    quantity = _Quantity(1, 1, following + 1) if article else _number(tokens, following)
    unit = _TIMES.get(_text(tokens, quantity.end)) if quantity else None
    if quantity is None or unit is None or not unit < days:
        return amount, place
    more = quantity.low * unit
    end = quantity.end + 1
    together = replace(
        amount, low=amount.low + more, high=amount.high + more, end=tokens[end - 1].end
    )
    return together, end


def _quantity(tokens: Sequence[_Token], place: int) -> _Quantity | None:
    first = _text(tokens, place)
    article = first in ("a", "an")
    at = place + 1 if article else place
    word = _text(tokens, at)
    if word in ("couple", "pair"):
        return _Quantity(2, 2, at + 1)
    if word in _VAGUE:
        return _Quantity(*_VAGUE[word], at + 1)
    if word == "half":
        return _Quantity(0.5, 0.5, at + 2 if _text(tokens, at + 1) in ("a", "an") else at + 1)
    if article:
        return _Quantity(1, 1, at)
    if word in _MANY:
        return _Quantity(*_ONLY_MORE_THAN_ONE, at)
    if word in ("past", "last") and _text(tokens, place - 1) in ("the", "this"):
        return _Quantity(1, 1, at + 1)
    return _numbers(tokens, place)


def _numbers(tokens: Sequence[_Token], place: int) -> _Quantity | None:
    """A number, a range of them, or a number and a half."""
    first = _number(tokens, place)
    if first is None:
        return None
    word, following = _text(tokens, first.end), _text(tokens, first.end + 1)
    between = word == "and" and _text(tokens, place - 1) == "between"
    second = _number(tokens, first.end + 1) if word in _RANGE or between else None
    if second:
        return _Quantity(min(first.low, second.low), max(first.low, second.low), second.end)
    if word == "and" and "half" in (following, _text(tokens, first.end + 2)):
        half = first.end + 2 if following == "half" else first.end + 3
        return _Quantity(first.low + 0.5, first.low + 0.5, half)
    if word in ("+", "plus") or (word, following) == ("or", "more"):
        return _Quantity(first.low, inf, first.end + (2 if word == "or" else 1))
    return first


def _number(tokens: Sequence[_Token], place: int) -> _Quantity | None:
    word = _text(tokens, place)
    if word[:1].isdecimal():
        return _Quantity(float(word), float(word), place + 1)
    value = NAMED.get(word)
    if value is None:
        return None
    after = place + 2 if _text(tokens, place + 1) == "-" else place + 1
    ones = NAMED.get(_text(tokens, after), 0)
    if value >= 20 and 0 < ones < 10:
        return _Quantity(value + ones, value + ones, after + 1)
    return _Quantity(value, value, place + 1)


def _before(tokens: Sequence[_Token], place: int, quantity: _Quantity) -> tuple[int, _Quantity]:
    """Where the words begin that belong to an amount, and what they make of it: "over a year"."""
    begin = place
    while begin > 0 and tokens[begin - 1].text in _BEFORE:
        begin -= 1
    word, one_before = _text(tokens, place - 1), _text(tokens, place - 2)
    low, high = quantity.low, quantity.high
    if word in ("almost", "nearly") or (word == "under" and one_before == "just"):
        low, high = 0.8 * low, high - 0.01
    elif word in ("under", "below", "within") or (word == "than" and one_before in _LESS):
        low, high = 0, high - 0.01
    elif (one_before, word) == ("up", "to"):
        low = 0
    elif word in ("over", "above") or (word == "than" and one_before in _MORE):
        low, high = low + 0.01, high + 1
    elif (one_before, word) == ("at", "least"):
        high = inf
    return begin, replace(quantity, low=low, high=high)


def _after(tokens: Sequence[_Token], quantity: _Quantity) -> _Quantity:
    """What follows the unit: "a year and a half", "a month or two", "a year or more"."""
    at = quantity.end
    words = [_text(tokens, at + offset) for offset in range(3)]
    if words[0] == "and" and words[1] in ("a", "half") and "half" in words:
        end = at + words.index("half") + 1
        return _Quantity(quantity.low + 0.5, quantity.high + 0.5, end)
    if words[0] in ("+", "plus") or (words[0] == "or" and words[1] in ("more", "longer")):
        return _Quantity(quantity.low, inf, at + (2 if words[0] == "or" else 1))
    number = _number(tokens, at + 1) if words[0] == "or" else None
    if number and _text(tokens, number.end) not in _TIMES:
        return _Quantity(quantity.low, max(quantity.high, number.low), number.end)
    if words[:2] == ["or", "so"]:
        return replace(quantity, end=at + 2)
    return quantity


def _text(tokens: Sequence[_Token], place: int) -> str:
    if not 0 <= place < len(tokens):
        return ""
    text = tokens[place].text
    return "-" if text in ("–", "—") else text
