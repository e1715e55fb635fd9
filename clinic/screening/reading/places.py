"""Options chosen by their place in the list: "3", "#3", "the second one"."""

import re
from collections.abc import Mapping

_FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ONE = "one two three four five six seven eight nine ten eleven twelve"
_ORDINALS: Mapping[str, int] = {word: place for place, word in enumerate(_FIRST.split(), start=1)}
_CARDINALS: Mapping[str, int] = {word: place for place, word in enumerate(_ONE.split(), start=1)}

_I_CHOOSE = r"(?:i(?:['’]?ll| will)? (?:choose|pick|select|take|go with|say) )?"
_PLACE = r"(?:option|number|answer|choice|no\.|nr\.?)"
_END = r"(?:,? please)?[.!]*"
_BY_NUMBER = re.compile(
    rf"{_I_CHOOSE}(?:the )?(?:(?P<place>{_PLACE}) ?)?#? ?\(?(?P<number>\d{{1,2}})"
    rf"(?P<nth>st|nd|rd|th)?[.):]?(?: (?:one|option|answer|choice))?{_END}",
    re.IGNORECASE,
)
_BY_ORDINAL = re.compile(
    rf"{_I_CHOOSE}(?:the )?({'|'.join(_ORDINALS)}|last(?= \w))"
    rf"(?: (?:one|option|answer|choice))?{_END}",
    re.IGNORECASE,
)
_BY_WORD = re.compile(
    rf"{_I_CHOOSE}(?:the )?(?P<place>{_PLACE}) ({'|'.join(_CARDINALS)}){_END}", re.IGNORECASE
)
_A_PLACE_FOR_SURE = ("option", "choice", "answer")
_BARE = re.compile(
    rf"{_I_CHOOSE}(?:the )?(?:{_PLACE} ?)?#? ?\(?(?:\d{{1,2}}|zero|{'|'.join(_CARDINALS)})[.):]?"
    rf"{_END}",
    re.IGNORECASE,
)


def place_in(text: str, how_many: int, *, counted: bool = False) -> int | None:
    """The place a text names, from 1 to `how_many`; None if it does no such thing.

    Args:
        counted: the options have numbers of their own, so that a bare "2" is no place.
    """
    text = " ".join(text.split())
    place = _place(text, how_many, counted)
    return place if place is not None and 1 <= place <= how_many else None


def is_bare_number(text: str) -> bool:
    return bool(_BARE.fullmatch(" ".join(text.split())))


def _place(text: str, how_many: int, counted: bool) -> int | None:
    if found := _BY_NUMBER.fullmatch(text):
        is_sure = found["nth"] or (found["place"] or "").lower() in _A_PLACE_FOR_SURE
        return int(found["number"]) if is_sure or not counted else None
    if found := _BY_ORDINAL.fullmatch(text):
        return _ORDINALS.get(found[1].lower(), how_many)
    if found := _BY_WORD.fullmatch(text):
        is_sure = found["place"].lower() in _A_PLACE_FOR_SURE
        return _CARDINALS[found[2].lower()] if is_sure or not counted else None
    return None
