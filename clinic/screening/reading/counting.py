"""Whole numbers as people write them: "2", "twenty five", "a hundred and one"."""

import re
from collections.abc import Iterable, Iterator, Mapping

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NAMED: Mapping[str, int] = {name: value for value, name in enumerate(_UNITS.split())} | {
    name: 10 * value for value, name in enumerate(_TENS.split(), start=2)
}

_DIGITS = re.compile(r"\d{1,4}")


def numbers_in(words: Iterable[str]) -> Iterator[int]:
    """Numbers in a list of words; "twenty five" and "a hundred and one" are one each."""
    total: int | None = None
    for word in words:
        value = _value(word)
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


def _value(word: str) -> int | None:
    return int(word) if _DIGITS.fullmatch(word) else NAMED.get(word)


def _continues(total: int, value: int, word: str) -> bool:
    """Whether a number word goes on with the number before it: "twenty" with "five"."""
    if word not in NAMED:
        return False
    return (total >= 20 and total % 10 == 0 and 0 < value < 10) or total % 100 == 0 < total
