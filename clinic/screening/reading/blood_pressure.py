"""Read a blood pressure: "150/95", "150 over 95", or the upper number alone."""

import re

from clinic.screening.items import Item
from clinic.screening.reading.amounts import amounts_in, plain, without, without_habits_and_ages
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.words import NEGATORS, is_question, plain_words, word_set, words_of

LOWEST_LOWER, HIGHEST_LOWER = 30, 160

_WHOLE = re.compile(
    r"(?:my )?(?:bp|blood pressure)?(?: is| was)?[\s:=]*"
    r"(\d{2,3})(?:(?:\s*(?:/|over|on|by|-|–|,|and)\s*|\s+)(\d{2,3}))?(?:\s*mm\s*hg)?[.!]?"
)
_PAIR = re.compile(r"(?<![\d/.:])(\d{2,3})\s*(?:/|\\|over|by)\s*(\d{2,3})(?![\d/:]|[.,]\d)")
_LOOSE_PAIR = re.compile(
    r"(?<![\d/.:])(\d{2,3})[\s,–-]+(?:(?:and|the|on|was|is|bottom|lower|number|sys(?:tolic)?"
    r"|dia(?:stolic)?|dbp|sbp)[\s,:]+)*"
    r"(\d{2,3})(?![\d/:]|[.,]\d)"
)
_NUMBER = re.compile(r"(?<![\d/.:,])\d{2,3}(?![\d/:]|[.,]\d)")
_DECIMAL = re.compile(r"\d\.\d|\bk\s*pa\b")

# Numbers beside a blood pressure that are none: dates, years, times of day, the pulse.
_NO_PRESSURE = re.compile(
    r"\b\d{1,4}/\d{1,2}/\d{1,4}\b|\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\b\d{1,2}(?::\d\d)?\s*[ap]\.?m\b"
    r"|\b(?:pulse|heart rate|hr|heartbeat)(?: (?:of|is|was|at|about|around))*[\s:]*\d{2,3}\b"
    r"|\b\d{2,3}\s*(?:bpm|beats)\b|\b\d+\s*(?:st|nd|rd|th)\b"
)
# In "it was over 150" or "150 or 160" the number may be another one.
_LIMITS = word_set(
    "above under below more less than least most between to or almost nearly up max over"
)
# Beside a single number only these words leave no doubt that it is the upper one.
_BESIDE_ONE = word_set(
    "it its is mine was my bp sbp sys blood pressure the upper top first systolic number"
    " reading about around roughly approximately like i think maybe probably usually normally"
    " this morning today now yesterday last time at doctor doctors home checked when a high mmhg"
    " only remember know one recall can say its about mm hg so ok um well night week evening"
)

_EXAMPLE = "for example 120/80. If you only know the upper number, type that."
_PLEASE = problem(f"Please type your blood pressure as two whole numbers, {_EXAMPLE}")
_WHICH = problem(
    "I read more than one blood pressure. Please type only the last one you remember, "
    "for example 120/80."
)
_UPSIDE_DOWN = problem(
    "The second number of a blood pressure is lower than the first. Please type both once more, "
    "for example 120/80."
)


def read_blood_pressure(item: Item, text: str, lenient: bool) -> Reading:
    said = plain(text)
    whole = _WHOLE.fullmatch(" ".join(said.split()))
    if whole:
        return _in_range(item, int(whole[1]), int(whole[2]) if whole[2] else None)
    if not lenient:
        return _PLEASE
    if is_question(text):
        return QUESTION
    if _DECIMAL.search(said):
        return _PLEASE
    return _in_a_sentence(item, _without_other_numbers(said))


def _without_other_numbers(said: str) -> str:
    said = without_habits_and_ages(_NO_PRESSURE.sub(" ", said.replace(" or so", " ")))
    return without(said, amounts_in(said))


def _in_a_sentence(item: Item, said: str) -> Reading:
    found = list(_PAIR.finditer(said)) or list(_LOOSE_PAIR.finditer(said))
    readings = {(int(pair[1]), int(pair[2])) for pair in found}
    rest = said
    for pair in reversed(found):
        rest = f"{rest[: pair.start()]} … {rest[pair.end() :]}"
    others = {int(number) for number in _NUMBER.findall(rest)}
    if len(readings) > 1 or (readings and others - set(*readings)) or len(others) > 1:
        return _WHICH
    words = set(plain_words(rest))
    if not (readings or others) or words & _LIMITS or _is_denied(said):
        return _PLEASE
    if readings:
        return _in_range(item, *readings.pop())
    is_upper = {word for word in words if not word.isdecimal()} <= _BESIDE_ONE
    return _in_range(item, others.pop(), None) if is_upper else _PLEASE


def _is_denied(said: str) -> bool:
    """Whether a "not" stands in the clause of a number."""
    words = words_of(said)
    clauses = {word.clause for word in words if word.text.isdecimal()}
    return any(word.clause in clauses and word.text in NEGATORS for word in words)


def _in_range(item: Item, upper: int, lower: int | None) -> Reading:
    lowest, highest = item.min_value or 0, item.max_value or 999
    if lower is not None and lower >= upper:
        return _UPSIDE_DOWN
    is_likely = lowest <= upper <= highest
    if lower is not None:
        is_likely = is_likely and LOWEST_LOWER <= lower <= HIGHEST_LOWER
    if not is_likely:
        return problem(
            f"I can take an upper number from {lowest} to {highest} and a lower one from "
            f"{LOWEST_LOWER} to {HIGHEST_LOWER}. Please check and type it once more."
        )
    return Reading(values=(upper,), also=() if lower is None else (lower,))
