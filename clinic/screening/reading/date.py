"""Read a date with its day, month and year. A part that is missing or unclear is asked for."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

from clinic.screening.dates import FIRST_YEAR, LAST_YEAR, MONTHS, WEEKDAYS, in_words
from clinic.screening.items import Item
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.words import NEGATORS, is_question, plain_words, word_set

_MONTHS = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}
_WEEKDAYS = {name[:3].lower(): number for number, name in enumerate(WEEKDAYS)}

_MONTH_NAMES = "|".join([*(name.lower() for name in MONTHS), "sept", *_MONTHS])
_MONTH = rf"(?P<word>{_MONTH_NAMES})(?![a-z])\.?"
_DAY = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"'?(?P<y>[0-9]{4}|[0-9]{2})"
_BEGIN = r"(?<![\w./-])"
_END = r"(?!\w|[./-]\w)"
_GAP = r"[\s,./-]*"
_PATTERNS = tuple(
    re.compile(_BEGIN + pattern + _END)
    for pattern in (
        r"(?P<y>[0-9]{4})(?P<by>[/.-])(?P<m>[0-9]{1,2})(?P=by)(?P<d>[0-9]{1,2})",
        rf"(?P<a>[0-9]{{1,2}})(?P<by>[/.-])(?P<b>[0-9]{{1,2}})(?P=by){_YEAR}",
        rf"(?:the )?{_DAY}{_GAP}(?:of )?{_MONTH}{_GAP}(?:of )?{_YEAR}",
        rf"{_MONTH}{_GAP}(?:the )?{_DAY}(?:[\s,./-]+|,? of ){_YEAR}",
        rf"(?P<y>[0-9]{{4}}){_GAP}{_MONTH}{_GAP}{_DAY}",
    )
)
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}
_NEAR_DAY = re.compile(rf"\b(?:{'|'.join(_NEAR)})\b")
_WEEKDAY = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|r|ur)?(?:day)?\b(?: the\b)?\.?,?"
)
_HALF = re.compile(rf"\b{_MONTH}|\b(?:19|20)[0-9]{{2}}\b|\b[0-9]{{1,2}}[/.][0-9]{{1,4}}\b")

_ONCE_MORE = "Please check it and type it once more"

# Among these and the question's own words a date is the answer; among others it may be anything.
_BESIDE = word_set(
    "it its was is that this the a on my i im ive had have took did got think believe date day"
    " so um uh well oh yes yeah ok okay please thanks thank you morning afternoon evening night"
)
# "Before 5 March" and "about then" are other days, even where the question has such a word.
_ANOTHER_DAY = NEGATORS | word_set(
    "before after until till by about around approximately roughly between or almost nearly early"
    " late mid maybe perhaps probably possibly next every each"
)
_NOT_QUITE = re.compile(r"[~<>≈±+/=&|]")


@dataclass
class _Found:
    """The dates of a text, what is wrong with one of them, and all other words."""

    days: set[date] = field(default_factory=set)
    wrong: str | None = None
    rest: str = ""


def read_date(item: Item, text: str, lenient: bool) -> Reading:
    if is_question(text):
        return QUESTION
    found = _dates_in(item, text)
    if found.wrong:
        return problem(found.wrong)
    if not found.days:
        return _please_type(item, half=bool(_HALF.search(found.rest)))
    if not (_is_beside(item, found.rest) if lenient else found.rest == ""):
        return _please_type(item, half=False)
    if len(found.days) > 1:
        return problem("I read more than one date. Which one is it?")
    return _within_limits(item, found.days.pop())


def _dates_in(item: Item, text: str) -> _Found:
    said = unicodedata.normalize("NFKC", text).casefold()
    said = " ".join(re.sub("[’‘`´]", "'", said).split())
    found = _Found()

    def take(match: re.Match[str]) -> str:
        day = _day(item, match.groupdict())
        if isinstance(day, date):
            found.days.add(day)
        else:
            found.wrong = found.wrong or day
        return " "

    def take_near(match: re.Match[str]) -> str:
        found.days.add(item.dates.today() + timedelta(days=_NEAR[match[0]]))
        return " "

    for pattern in _PATTERNS:
        said = pattern.sub(take, said)
    said = _NEAR_DAY.sub(take_near, said)
    found.rest = said
    if found.days:
        weekdays = {_WEEKDAYS[match[1]] for match in _WEEKDAY.finditer(said)}
        if not weekdays <= {day.weekday() for day in found.days}:
            found.wrong = found.wrong or f"That is another day of the week. {_ONCE_MORE}."
        found.rest = _WEEKDAY.sub(" ", said).strip(" ,.;:!()\"'-")
    return found


def _day(item: Item, parts: dict[str, str | None]) -> date | str:
    """The day, or why it is none."""
    year = parts["y"] or ""
    if len(year) != len("2024") or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        line = "Please check the year, and write it with four digits"
        return f"{line}, for example {_example(item)}."
    month, day = _month_and_day(item, parts)
    if not 1 <= month <= len(MONTHS):
        first = "month" if item.dates.month_first else "day"
        line = f"I read the {first} first, and there is no such month"
        return f"{line}. Please write the month as a word, for example {_example(item)}."
    try:
        return date(int(year), month, day)
    except ValueError:
        return f"There is no such day in the calendar. {_ONCE_MORE}, for example {_example(item)}."


def _month_and_day(item: Item, parts: dict[str, str | None]) -> tuple[int, int]:
    if word := parts.get("word"):
        return _MONTHS[word[:3]], int(parts["d"] or 0)
    if "a" not in parts:
        return int(parts["m"] or 0), int(parts["d"] or 0)
    first, second = int(parts["a"] or 0), int(parts["b"] or 0)
    return (first, second) if item.dates.month_first else (second, first)


def _is_beside(item: Item, rest: str) -> bool:
    own = {word for word in plain_words(f"{item.text} {item.short}") if word.isalpha()}
    words = set(plain_words(rest))
    is_that_day = not words & _ANOTHER_DAY and not _NOT_QUITE.search(rest)
    return is_that_day and words <= _BESIDE | own


def _within_limits(item: Item, day: date) -> Reading:
    first, last = _limits(item)
    if (first is None or first <= day) and (last is None or day <= last):
        return Reading(values=(day.isoformat(),))
    if first and last:
        return problem(f"Please give a date from {in_words(first)} to {in_words(last)}.")
    if first:
        return problem(f"Please give a date that is not before {in_words(first)}.")
    return problem(f"Please give a date that is not after {in_words(last or day)}.")


def _limits(item: Item) -> tuple[date | None, date | None]:
    """The first and the last day that may be the answer, as of today."""
    return item.dates.day(item.earliest), item.dates.day(item.latest)


def _please_type(item: Item, *, half: bool) -> Reading:
    line = "I need the whole date, with day, month and year" if half else "Please type one date"
    skips = "" if item.required else " If you do not know it, you can skip this question."
    return problem(f"{line}, for example {_example(item)}.{skips}")


def _example(item: Item) -> str:
    """A day that would be an answer, and in words: it shows no order to copy."""
    first, last = _limits(item)
    example = date(2024, 3, 5)
    if last and last < example:
        example = last
    return in_words(max(first, example) if first else example)
