"""Read a whole number: in digits, in words, or in a short sentence."""

import re
from collections.abc import Iterator

from clinic.screening.items import Item, Value
from clinic.screening.reading.choice import exact_option
from clinic.screening.reading.phrases import Phrase, find
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.words import is_question, plain_words, words_of

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NAMED = {name: value for value, name in enumerate(_UNITS.split())} | {
    name: 10 * value for value, name in enumerate(_TENS.split(), start=2)
}
_DIGITS = re.compile(r"(\d{1,4})(?:y|yo|yr|yrs|f|m)?")
_NOT_WHOLE = re.compile(r"\d[.,/]\d|(?<![\d\w])[-−]\s*\d")  # 25.5, 1/2, -5

# "Almost 18" is not 18, and one year decides what a minor may be asked.
_HEDGES = (
    "almost nearly about around roughly approximately under over below above turning less more"
    " than least most not until before next half between or maybe soon"
)
_ABOUT = frozenset(_HEDGES.split())


def read_number(item: Item, text: str, lenient: bool) -> Reading:
    option = exact_option(item, text, lenient)
    if option:
        return Reading(values=(option.value,))
    if re.fullmatch(r"\d{1,4}", text):
        return _in_range(item, int(text))
    if not lenient:
        return _please_type(item)
    if is_question(text):
        return QUESTION
    return _in_a_sentence(item, text)


def _in_a_sentence(item: Item, text: str) -> Reading:
    if _NOT_WHOLE.search(text):
        return _please_type(item)
    words = words_of(text)
    named = [
        Phrase(plain_words(name), option)
        for option in item.options
        for name in (option.label, *option.also)
        if not name.isdecimal()
    ]
    found = find(words, named)
    inside = {place for one in found for place in range(one.start, one.end)}
    rest = [word.text for place, word in enumerate(words) if place not in inside]
    if _ABOUT.intersection(rest) or any(one.denied_by is not None for one in found):
        return _please_type(item)
    said: set[Value] = {one.option.value for one in found if one.option}
    said.update(_numbers(rest))
    if len(said) != 1:
        return _please_type(item)
    return _in_range(item, int(said.pop()))


def _numbers(words: list[str]) -> Iterator[int]:
    """Numbers in a list of words; "twenty five" and "a hundred and one" are one each."""
    total: int | None = None
    for word in words:
        digits = _DIGITS.fullmatch(word)
        value = int(digits[1]) if digits else _NAMED.get(word)
        if word == "hundred":
            total = 100 * (total or 1)
        elif value is None:
            if total is not None and word != "and":
                yield total
                total = None
        elif total is not None and _continues(total, value, word):
            total += value
        else:
            if total is not None:
                yield total
            total = value
    if total is not None:
        yield total


def _continues(total: int, value: int, word: str) -> bool:
    """Whether a number word goes on with the number before it: "twenty" with "five"."""
    if word not in _NAMED:
        return False
    return (total >= 20 and total % 10 == 0 and 0 < value < 10) or total % 100 == 0 < total


def _in_range(item: Item, number: int) -> Reading:
    low, high = item.min_value, item.max_value
    if (low is not None and number < low) or (high is not None and number > high):
        return _please_type(item)
    return Reading(values=(number,))


def _please_type(item: Item) -> Reading:
    example = "for example 34" if item.reads == "age" else "for example 2"
    if item.min_value is None or item.max_value is None:
        return problem(f"Please type one whole number, {example}.")
    between = f"from {item.min_value} to {item.max_value}"
    return problem(f"Please type one whole number {between}, {example}.")
