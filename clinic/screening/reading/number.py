"""Read a whole number: in digits, in words, or in a short sentence."""

import re

from clinic.screening.items import Item, Value
from clinic.screening.reading.amounts import amounts_in, plain, without, without_habits_and_ages
from clinic.screening.reading.choice import exact_option, own_words
from clinic.screening.reading.counting import NAMED, numbers_in
from clinic.screening.reading.denial import says_have_none
from clinic.screening.reading.everyday import FILLERS, NOT_AN_ANSWER
from clinic.screening.reading.phrases import Found, Phrase, find
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.spelling import said_in_full
from clinic.screening.reading.words import is_question, plain_words, word_set, words_of

NOT_WHOLE = re.compile(r"\d[.,/]\d|(?<![\d\w])[-−]\s*\d")  # 25.5, 1/2, -5

# "About 3" is 3; "at least 3" and "up to 3" may be another number.
_LIMITS = word_set(
    "almost nearly under over below above less more fewer than least most not until before next"
    " half between up max maximum min minimum plus or even times"
)
_OR_SO = re.compile(r"\bor so\b")
_NOT_KNOWN = ("not sure", "no idea", "no clue", "dont know", "do not know", "dont remember")

# Years and ages are counts of something else: "in 2015", "since I was 25".
_A_YEAR = re.compile(r"\b(?:(?:since|in|around|from|until)\s+)*(?:19|20)\d\d\b")
_AT_AN_AGE = re.compile(
    rf"\b(?:i was|im|i am|aged?|age of|turned|since|at)\s+(?:\d+|{'|'.join(NAMED)})\b"
)
# In "my first one" and "every one" nothing is counted.
_SOME_ONE = re.compile(
    r"\b(?:this|that|first|second|third|fourth|fifth|last|next|every|each|any|some|which|another|new"
    r"|lower|upper|bottom|top|good|bad|right|wrong"
    r"|current|other|old|\d+(?:st|nd|rd|th))\s+ones?\b"
)
_TOO_SHORT = re.compile(r"(?:(?:for|only|just) )*(?:less|fewer|shorter|under|below)\b")
# What became of them changes no count: "two, none of them worked".
_OF_NO_USE = re.compile(
    r"[,;]?\s*\b(?:but |and )?(?:none|neither|not one|nothing|not any|no one|not a single one)"
    r"(?: of (?:them|these|those|it))? (?:really |ever |has |have |had )*"
    r"(?:worked|helped|work|help|did (?:anything|much|a thing)|made (?:a|any) difference)\b"
)
_COUPLE = re.compile(r"\b(?:a )?couple\b(?: of\b)?")

# Beside "no" or "none" these leave it at zero.
_ABOUT_TRYING = word_set(
    "yet before ever tried taken used took use take antidepressant antidepressants medication"
    " medications medicine medicines meds pills drugs zero different"
)


def read_number(item: Item, text: str, lenient: bool) -> Reading:
    by_itself = number_by_itself(item, text, lenient)
    if by_itself:
        return by_itself
    none = item.option(0)
    if none and says_have_none(said_in_full(text)):
        return Reading(values=(none.value,))
    counted = _what_is_counted(text)
    return please_type(item) if counted is None else _in_a_sentence(item, counted)


def number_by_itself(item: Item, text: str, lenient: bool) -> Reading | None:
    """An option or digits and nothing else, or why not; None if the sentence is to be read."""
    option = exact_option(item, text, lenient)
    if option:
        return Reading(values=(option.value,))
    if re.fullmatch(r"\d{1,4}", text):
        return in_range(item, int(text))
    if not lenient:
        return please_type(item)
    return QUESTION if is_question(text) else None


def in_range(item: Item, number: int) -> Reading:
    low, high = item.min_value, item.max_value
    if (low is not None and number < low) or (high is not None and number > high):
        return please_type(item)
    return Reading(values=(number,))


def please_type(item: Item) -> Reading:
    example = "for example 34" if item.reads == "age" else "for example 2"
    if item.min_value is None or item.max_value is None:
        return problem(f"Please type one whole number, {example}.")
    if item.reads != "age" and not item.min_value <= 2 <= item.max_value:
        example = f"for example {(item.min_value + item.max_value) // 2}"
    between = f"from {item.min_value} to {item.max_value}"
    return problem(f"Please type one whole number {between}, {example}.")


def _what_is_counted(text: str) -> str | None:
    """The text without numbers that count something else: "for 10 years", "20 mg", "in 2015".

    None where "for less than 6 weeks" says that it may not count.
    """
    said = _OF_NO_USE.sub(" ", without_habits_and_ages(plain(text)))
    amounts = amounts_in(said)
    if any(_TOO_SHORT.match(said, amount.start) for amount in amounts):
        return None
    said = _AT_AN_AGE.sub(" ", _A_YEAR.sub(" ", without(said, amounts)))
    return _SOME_ONE.sub(" ", _OR_SO.sub(" ", said))


def _in_a_sentence(item: Item, text: str) -> Reading:
    if NOT_WHOLE.search(text):
        return please_type(item)
    words = words_of(text)
    found = find(words, _phrases(item))
    inside = {place for one in found for place in range(one.start, one.end)}
    rest = [word.text for place, word in enumerate(words) if place not in inside]
    if any(one.option is None or one.denied_by is not None for one in found):
        return please_type(item)
    numbers = set(numbers_in(_with_couples(rest)))
    if _LIMITS.intersection(rest) or (_is_none(found) and not _is_only_none(rest)):
        return please_type(item)
    said: set[Value] = {one.option.value for one in found if one.option} | numbers
    if len(said) != 1:
        return please_type(item)
    return in_range(item, int(said.pop()))


def _phrases(item: Item) -> list[Phrase]:
    names = [(option, name) for option in item.options for name in own_words(option)]
    named = [Phrase(plain_words(name), one) for one, name in names if not name.isdecimal()]
    taken = {phrase.words for phrase in named}
    decoys = [Phrase(plain_words(name), None) for name in (*NOT_AN_ANSWER, *_NOT_KNOWN)]
    return named + [decoy for decoy in decoys if decoy.words not in taken]


def _with_couples(words: list[str]) -> list[str]:
    return _COUPLE.sub("two", " ".join(words)).split()


def _is_none(found: tuple[Found, ...]) -> bool:
    return any(one.option is not None and one.option.value == 0 for one in found)


def _is_only_none(rest: list[str]) -> bool:
    return FILLERS.union(_ABOUT_TRYING).issuperset(rest)
