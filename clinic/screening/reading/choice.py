"""Read which options a visitor chose: by label, by place, or in a sentence."""

import re
from collections.abc import Sequence

from clinic.screening.items import Item, Option
from clinic.screening.reading.asking import chosen, mixed_up, please_choose
from clinic.screening.reading.everyday import SAID
from clinic.screening.reading.options import (
    chosen_by_place_or_name,
    exact_option,
    is_own,
    is_scale,
    option_book,
    own_words,
    words_of_meaning,
)
from clinic.screening.reading.phrases import find
from clinic.screening.reading.places import is_bare_number
from clinic.screening.reading.reading import QUESTION, Reading
from clinic.screening.reading.sentence import read_sentence
from clinic.screening.reading.spelling import joined, named_in_full, said_in_full
from clinic.screening.reading.words import Word, is_question, word_set

_BY_LABELS = re.compile(r"[;\n]")
_SEPARATORS = (
    _BY_LABELS,
    re.compile(r"[;\n,/&+]|\b(?:and|plus|also)\b", re.IGNORECASE),
    re.compile(r"(?<=\d)[\s,;]+(?=#?\d)"),  # "1 3 4"
)
_MANY_PLACES = re.compile(r"^(?:options|numbers|answers|choices|nos\.?)\s+(?=#?\d)", re.IGNORECASE)
_YES_AND_NO = frozenset((*SAID["yes"], *SAID["no"]))
_MANNERS = word_set("please thanks thank you and so well oh then hi hello")

# Where answers are looked over, any of these is a wish to change one of them.
_WANTS_A_CHANGE = word_set(
    "change changes changing correct correction wrong edit fix mistake mistakes error not redo"
    " update incorrect modify except"
)


def read_choice(item: Item, text: str, lenient: bool) -> Reading:
    exact = _exactly(item, text, lenient)
    if exact and not (item.explicit and text.rstrip().endswith("?")):
        return chosen(item, exact)
    if is_scale(item) and is_bare_number(text):
        return mixed_up(item)
    if item.explicit:
        return _said_by_itself(item, text, lenient)
    if not lenient:
        return please_choose(item)
    return QUESTION if is_question(text) else read_sentence(item, text)


def _exactly(item: Item, text: str, lenient: bool) -> tuple[Option, ...]:
    """Options that make up the whole text: one, or a list of them where several may be chosen."""
    one = chosen_by_place_or_name(item, text, lenient)
    if one or item.reads != "multiple":
        return (one,) if one else ()
    for separator in _SEPARATORS:
        parts = [part for part in separator.split(_MANY_PLACES.sub("", text)) if part.strip()]
        found = [chosen_by_place_or_name(item, part.strip(), lenient) for part in parts]
        options = tuple(option for option in found if option)
        if options and len(options) == len(parts):
            is_by_labels = separator is _BY_LABELS
            return options if is_by_labels or _is_a_list(parts, options) else ()
    return ()


def _is_a_list(parts: Sequence[str], options: Sequence[Option]) -> bool:
    """Not "yes, breastfeeding", "bipolar and depression", and "alcohol, years ago"."""
    if all(is_bare_number(part) for part in parts):
        return True
    said = [named_in_full(part) for part in parts]
    names = [words_of_meaning(option) for option in options]
    may_be_one = any(
        name < longer and not name <= set(words)
        for name in names
        for longer, words in zip(names, said, strict=True)
    )
    begins_with_yes = len(said) > 1 and "".join(said[0]) in _YES_AND_NO
    is_now = {"now" in named_in_full(option.label) for option in options}
    return not (may_be_one or begins_with_yes or len(is_now) > 1)


def _said_by_itself(item: Item, text: str, lenient: bool) -> Reading:
    """An answer that nothing is added to: "yes, I agree, go ahead"."""
    book = option_book(item)
    words = joined(said_in_full(text), book.words)
    found = find(words, book)
    inside = {place for one in found for place in one.places}
    rest = {word.text for place, word in enumerate(words) if place not in inside}
    options = {one.option for one in found}
    is_denied = any(one.denied_by is not None for one in found)
    is_typed_well = lenient or all(not one.typos and is_own(item, one.said) for one in found)
    is_whole = len(options) == 1 and rest <= _MANNERS and not text.rstrip().endswith("?")
    option = options.pop() if is_whole and is_typed_well and not is_denied else None
    if option:
        return chosen(item, [option])
    return _rather_a_change(item, words, lenient) or please_choose(item)


def _rather_a_change(item: Item, words: Sequence[Word], lenient: bool) -> Reading | None:
    change = item.option("change")
    if change and lenient and _WANTS_A_CHANGE.intersection(word.text for word in words):
        return chosen(item, [change])
    return None


__all__ = ["chosen_by_place_or_name", "exact_option", "own_words", "read_choice"]
