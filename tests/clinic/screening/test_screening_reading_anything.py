"""Whatever a visitor types, reading it never fails, never repeats it and never makes things up."""

import re
from collections.abc import Callable
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.dates import day_of
from clinic.screening.items import Item, Value
from clinic.screening.reading import LONGEST, Reading, read
from clinic.screening.states import STATES
from tests.clinic.screening.test_screening_reading_said import ITEMS

# Words of answers, in any order: they reach deeper than letters by chance.
WORDS = """
no not never none nothing don't yes yeah kinda but except and or the a an i i'm i was my mother
had has stopped seeing 2 3 12 43 95 150 2019 150/95 1/2 2.5 / - + # , . ; ? half couple few of
several many March 5th today 3/5/2024 days weeks months years year month since for about almost
over under at least more than less between to up old when kid life always forever stroke seizures
angina depression call
text email voicemail zoloft 20mg mg meds taking any anything pills all everything first second
one option number last sure maybe idk Ohio TX in from work a@gmail.com a@gmial.com 202-555-0123
555-0123 ext pulse systolic bottom name is Ann 李 👍 👎 ½ 🙂 every twice day
"""
ANY_TEXT = st.text(max_size=200) | st.lists(st.sampled_from(WORDS.split()), max_size=12).map(
    " ".join
)
MADE_UP = st.lists(st.sampled_from("bcdfgjkqvwxz"), min_size=7, max_size=9).map("".join)


def is_an_option(item: Item, value: Value) -> bool:
    return item.option(value) is not None


FITS: dict[str, Callable[[Item, Value], bool]] = {
    "choice": is_an_option,
    "multiple": is_an_option,
    "duration": is_an_option,
    "state": lambda item, value: value in STATES or is_an_option(item, value),
    "age": lambda item, value: isinstance(value, int) and 0 <= value <= 120,
    "number": lambda item, value: isinstance(value, int) and 0 <= value <= 30,
    "blood_pressure": lambda item, value: isinstance(value, int) and 60 <= value <= 260,
    "medicines": lambda item, value: 0 < len(str(value)) <= (item.max_length or LONGEST),
    "name": lambda item, value: 0 < len(str(value)) <= 80,
    "phone": lambda item, value: bool(re.fullmatch(r"\+\d{6,15}(;ext=\d+)?", str(value))),
    "email": lambda item, value: "@" in str(value),
    "text": lambda item, value: 0 < len(str(value)) <= 200,
    "date": lambda item, value: day_of(value) is not None,
}


def is_of_the_question(item: Item, reading: Reading) -> bool:
    alone = [value for value in reading.values if (one := item.option(value)) and one.exclusive]
    lower_fits = all(
        isinstance(lower, int) and 30 <= lower <= 160 and lower < int(reading.values[0])
        for lower in reading.also
    )
    return (
        all(FITS[item.reads](item, value) for value in reading.values)
        and len(set(reading.values)) == len(reading.values)
        and (item.reads == "multiple" or len(reading.values) == 1)
        and (not alone or len(reading.values) == 1)
        and len(reading.also) <= (1 if item.with_ else 0)
        and lower_fits
    )


@settings(deadline=None)
@given(ANY_TEXT)
def test_every_text_is_an_answer_of_the_question_or_gets_a_kind_line(text: str) -> None:
    for item in ITEMS.values():
        for lenient in (False, True):
            reading = read(item, text, lenient=lenient)

            if reading.problem is None:
                assert is_of_the_question(item, reading), item.link_id
            else:
                assert (reading.values, reading.also) == ((), ()), item.link_id


@settings(deadline=None)
@given(ANY_TEXT)
def test_a_kinder_ear_does_not_hear_something_else(text: str) -> None:
    for item in ITEMS.values():
        strict = read(item, text, lenient=False)

        assert strict.problem or read(item, text, lenient=True) == strict, item.link_id


@settings(deadline=None)
@given(ANY_TEXT, MADE_UP, ANY_TEXT)
def test_no_line_repeats_what_was_typed(before: str, word: str, after: str) -> None:
    for item in ITEMS.values():
        for lenient in (False, True):
            reading = read(item, f"{before} {word} {after}", lenient=lenient)

            assert word not in (reading.problem or ""), item.link_id


@pytest.mark.parametrize(
    "text",
    [
        "no " * 660,
        "1 " * 990,
        "a year and " * 180,
        "(" * 2_000,
        "1-" * 1_000,
        "one hundred " * 160,
        "since i was " * 160,
        "150/" * 499,
        "a@" * 999,
        " " * 1_999 + "x",
        "my mother my mother " * 99,
        "twice twice 2 2 x " * 110,
        "5 of march " * 180,
        "march the 5th , - " * 110,
        "1/" * 999,
    ],
)
def test_a_text_made_to_be_slow_is_read_at_once(text: str) -> None:
    begin = perf_counter()
    for item in ITEMS.values():
        read(item, text, lenient=True)

    assert perf_counter() - begin < 2
