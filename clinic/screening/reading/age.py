"""Read an age. One year decides what a minor may be asked, so nothing about it is guessed."""

import re

from clinic.screening.items import Item
from clinic.screening.reading.counting import NAMED, numbers_in
from clinic.screening.reading.number import NOT_WHOLE, in_range, number_by_itself, please_type
from clinic.screening.reading.reading import Reading
from clinic.screening.reading.words import plain_words

# A number among these words only is an age; among others it may be anything: "since I was 25".
_AGE_WORDS = (
    "i am im my age is its it aged years year yrs yr yo y o old of just turned this currently now"
    " today female male f m woman man guy lady girl boy a an and hundred well oh hi hello hey so"
    " yes sir maam thanks thank you please here s iam young"
)
_BESIDE_AN_AGE = frozenset(_AGE_WORDS.split())
# Who had a birthday last month is as old as they say; last year it may be one more by now.
_JUST_TURNED = re.compile(
    r"\b(?:just )?turned (\d{1,3}|\w+(?:[ -]\w+)?) (?:just )?"
    r"(?:last (?:week|month)|yesterday|today|this (?:week|month))\b",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    r"\bi (?:will |would |must |have to |do |can |could )?(?:only )?(?:admit|confess)(?: to)?"
    r"(?: (?:being|that i am|that i['’]?m|i am|i['’]?m))?\b",
    re.IGNORECASE,
)
_MY_CHILD = re.compile(r"\bmy (?!age\b)", re.IGNORECASE)  # "my boy is 12"
_MONTHS = re.compile(
    r"\b(years?|yrs?)(?: old)?,? (?:and )?(?:a few|some|\d{1,2}|\w+)"
    r" (?:months?|mos?|weeks?|days?)\b",
    re.IGNORECASE,
)
_WITH_LETTERS = re.compile(r"(\d{1,3})(?:y|yo|yr|yrs|f|m)")


def read_age(item: Item, text: str, lenient: bool) -> Reading:
    return number_by_itself(item, text, lenient) or _in_a_sentence(item, text)


def _in_a_sentence(item: Item, text: str) -> Reading:
    if _MY_CHILD.search(text):
        return please_type(item)
    text = _ADMITS.sub("i am", text)
    text = _MONTHS.sub(r"\1", _JUST_TURNED.sub(r"turned \1", text))
    words = [_without_letters(word) for word in plain_words(text)]
    rest = {word for word in words if not (word.isdecimal() or word in NAMED)}
    numbers = set(numbers_in(words))
    # "18 this year" may still be 17; who turned 18 this year is not.
    unsure = "this" in rest and "turned" not in rest
    if len(numbers) != 1 or not rest <= _BESIDE_AN_AGE or unsure or NOT_WHOLE.search(text):
        return please_type(item)
    return in_range(item, numbers.pop())


def _without_letters(word: str) -> str:
    found = _WITH_LETTERS.fullmatch(word)
    return found[1] if found else word
