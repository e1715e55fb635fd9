"""Read in which US state a visitor lives, by its name or its two letters."""

import re
from collections.abc import Iterator
from functools import cache

from clinic.screening.items import Item, Option
from clinic.screening.reading.choice import exact_option
from clinic.screening.reading.phrases import Phrase, find
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.words import is_question, plain_words, word_set, words_of
from clinic.screening.states import ALSO_CALLED, CITIES_LIKE_STATES, STATES

# Two letters that are words of their own, or a city: small they are not read as a state.
_ALSO_WORDS = frozenset({"as", "hi", "in", "la", "me", "oh", "ok", "or"})
_NEVER_ALONE = frozenset({"HI", "LA", "OK"})
_LETTERS = re.compile(
    r"(?:,|\bin|\bfrom|\bto)\s*([A-Z]{2}\b|[A-Za-z]{2}(?=[^\w'’]*$|[,.;]| (?:and|but|now|work)\b))"
)
_LETTERS_AT_THE_END = re.compile(r"(?<=[a-z] )(?!AS|HI|IN|LA|ME|OH|OK|OR)([A-Z]{2})\W*$")
_MAYBE_LETTERS = re.compile(r" ([a-z]{2})[ .!]*$")  # "indiana pa"

# Beside these a state is not, or not surely, the one they live in now.
_NOT_LIVING_THERE = word_set(
    "moving work works working born grew used formerly soon considering visiting travel traveling"
    " vacation until originally previously college"
)

_PLEASE = problem("Please type the full name of the state you live in, for example “Maryland”.")


def read_state(item: Item, text: str, lenient: bool) -> Reading:
    option = exact_option(item, text, lenient)
    code = option.code if option else _by_name(text) or _by_letters(text)
    if code:
        return Reading(values=(code,))
    if not lenient:
        return _PLEASE
    if is_question(text):
        return QUESTION
    return _in_a_sentence(item, text)


def _by_name(text: str) -> str | None:
    said = plain_words(text)
    named = (phrase.option for phrase in _names() if phrase.words == said)
    return next((option.code for option in named if option), None)


def _by_letters(text: str) -> str | None:
    letters = text.replace(".", "").strip(" !")
    if letters.upper() not in STATES or letters in _ALSO_WORDS or letters.upper() in _NEVER_ALONE:
        return None
    return letters.upper()


def _in_a_sentence(item: Item, text: str) -> Reading:
    words = words_of(text)
    found = find(words, (*_option_names(item), *_names()))
    said = {one.option.code for one in found if one.option and one.denied_by is None}
    letters = (*_LETTERS.findall(text), *_LETTERS_AT_THE_END.findall(text))
    said.update(code for two in letters if (code := _by_letters(two)))
    said.update(code for two in _MAYBE_LETTERS.findall(text) if said and (code := _by_letters(two)))
    if _NOT_LIVING_THERE.intersection(word.text for word in words):
        return _PLEASE
    if len(said) > 1:
        return problem("I read more than one state. In which one do you live now?")
    return Reading(values=tuple(said)) if said else _PLEASE


def _option_names(item: Item) -> Iterator[Phrase]:
    for option in item.options:
        for name in (option.label, *option.also):
            yield Phrase(plain_words(name), option)


@cache
def _names() -> tuple[Phrase, ...]:
    options = {code: Option(code, name) for code, name in STATES.items()}
    return (
        *(Phrase(plain_words(name), options[code]) for code, name in STATES.items()),
        *(Phrase(plain_words(name), options[code]) for name, code in ALSO_CALLED.items()),
        *(Phrase(plain_words(name), None) for name in CITIES_LIKE_STATES),
    )
