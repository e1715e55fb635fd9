"""What the options of a question are called, and a text that is one of these names."""

from collections.abc import Sequence
from functools import lru_cache

from clinic.screening.items import Item, Option
from clinic.screening.reading.everyday import (
    ALL_OF_THEM,
    NOT_AN_ANSWER,
    NOT_AT_ALL,
    SAID,
    SAID_ALONE,
)
from clinic.screening.reading.little_words import says_nothing
from clinic.screening.reading.phrases import Book, Phrase, phrase_of
from clinic.screening.reading.places import place_in
from clinic.screening.reading.spelling import named_in_full, said_in_full


def own_words(option: Option) -> tuple[str, ...]:
    """What an option is called in the questionnaire file."""
    return (option.label, option.code, *option.also)


def is_scale(item: Item) -> bool:
    """Whether the options are the answers of a published form, such as the PHQ-9.

    On paper these have numbers of their own, from 0 on: nobody knows what a bare "2" means.
    """
    return any(
        option.points is not None or (option.coding is not None and option.coding.system)
        for option in item.options
    )


def is_zero(option: Option) -> bool:
    """Whether an option of a published form is the one for "not at all"."""
    of_a_form = option.coding is not None and option.coding.system is not None
    return option.points == 0 or (of_a_form and option.label.lower().startswith("not "))


def chosen_by_place_or_name(item: Item, text: str, lenient: bool) -> Option | None:
    """The one option whose place or name is the whole text."""
    place = place_in(text, len(item.options), counted=is_scale(item))
    return item.options[place - 1] if place else exact_option(item, text, lenient)


def exact_option(item: Item, text: str, lenient: bool) -> Option | None:
    """The one option whose label, code or other words are the whole text."""
    said = "".join(named_in_full(text))
    if not said:
        return None
    own, everyday = _names(item.options)
    return own.get(said) or (everyday.get(said) if lenient else None)


def words_of_meaning(option: Option) -> frozenset[str]:
    """The words of a label that say what it is about."""
    words = named_in_full(option.label)
    return frozenset(word for word in words if not says_nothing(word, {word}))


def is_own(item: Item, words: Sequence[str]) -> bool:
    """Whether words stand in the questionnaire file, and are not just everyday ones."""
    return "".join(words) in _names(item.options)[0]


def option_book(item: Item) -> Book:
    """What options are called within a sentence, and what only sounds like an answer."""
    return _book(item.options, item.reads == "multiple")


@lru_cache(maxsize=256)
def _book(options: tuple[Option, ...], several: bool) -> Book:
    own = {phrase_of(said_in_full(name), one) for one in options for name in own_words(one)}
    taken = {phrase.words for phrase in own}
    everyday = {
        phrase_of(said_in_full(name), option)
        for option in options
        for name in SAID.get(option.code, ())
    }
    no_answers = (*NOT_AN_ANSWER, *_hedges(options), *(ALL_OF_THEM if several else ()))
    decoys = {phrase_of(said_in_full(name), None) for name in no_answers}
    # The question's own words win: "not that I know of" may mean something else here.
    others = {phrase for phrase in everyday | decoys if phrase.words not in taken}
    return Book(sorted(own | others, key=_in_a_fixed_order))


def _hedges(options: Sequence[Option]) -> Sequence[str]:
    """Where nobody can choose "I'm not sure", "perhaps" leaves open what was said."""
    can_be_unsure = any(option.code in ("unsure", "unknown") for option in options)
    is_how_often = any(option.points is not None for option in options)
    return () if can_be_unsure or is_how_often else SAID["unsure"]


def _in_a_fixed_order(phrase: Phrase) -> tuple[tuple[str, ...], str]:
    return phrase.words, phrase.option.code if phrase.option else ""


@lru_cache(maxsize=256)
def _names(options: tuple[Option, ...]) -> tuple[dict[str, Option], dict[str, Option]]:
    """Options by their own names and by everyday words, written without blanks."""
    own: dict[str, Option] = {}
    everyday: dict[str, Option] = {}
    for option in options:
        for name in own_words(option):
            own.setdefault("".join(named_in_full(name)), option)
        for name in _everyday_words(option):
            everyday.setdefault("".join(named_in_full(name)), option)
    return own, everyday


def _everyday_words(option: Option) -> Sequence[str]:
    alone = NOT_AT_ALL if is_zero(option) else SAID_ALONE.get(option.code, ())
    return (*SAID.get(option.code, ()), *alone)
