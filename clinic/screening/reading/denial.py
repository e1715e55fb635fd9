"""Whether a "no" in a sentence is all that is said: "no aneurysm" leaves the rest open."""

import re
from collections.abc import Sequence

from clinic.screening.items import Item, Option
from clinic.screening.reading.doubt import is_about_now
from clinic.screening.reading.everyday import FILLERS, NOW, WELL
from clinic.screening.reading.options import is_zero
from clinic.screening.reading.phrases import Found
from clinic.screening.reading.words import NEGATORS, Word, word_set

_REASSURING = frozenset({"no", "never", "none", "normal"})
_SO_FAR = frozenset({"yet"})
_LAST_WEEKS = word_set("in over during the last past two 2 14 week weeks days few even once")

_TROUBLE = (
    r"(?:problems?|issues?|troubles?|complaints?|concerns?|worries|symptoms?|difficulty"
    r"|difficulties)"
)
_NO_TROUBLE = re.compile(
    r"\b(?:no|not|never|without)(?: (?:had|have|having|been|a|an|any|real|big|much|of))*"
    rf" {_TROUBLE}(?: (?:with|about|from|of|there|here)"
    r"(?: (?:it|that|this|them|these|those|any|either|so|far|of))*)?\b"
)
# In one clause: who says so has some after all.
_AFTER_ALL = re.compile(
    r"(?:(?<!that )(?<!as )\b(?:i|it|that|this|they|there|we)"
    r" (?:do|does|did|am|is|are|have|has|had|was|were|would|could|can|will))$"
)
_HAS_SOME = re.compile(r"^(?:but |and |well )*(?:i|we|they) (?:have|had|did|do|got|get)\b")
_HAVING = r"(?:had|have|having|tried|try|trying|done|do|doing|been|taken|take|taking|used|use|seen)"
_ANY = (
    r"(?:any|anything|one|either|a single one|any one|(?:any|one|a single one|either) of"
    r" (?:these|those|them|that|this|it)|any such thing|anything like (?:that|this|these|it))"
)
_HAVE_NONE = re.compile(
    rf"\bi (?:(?:do|did|have|had|can)? ?(?:not|never)(?: (?:ever|even|yet|actually|really))*)"
    rf"(?: {_HAVING})*(?: on)? {_ANY}\b"
    rf"|\bi (?:have|had|took|tried|use|used|did)(?: {_HAVING})* none"
    r"(?: of (?:these|those|them|that|this|it))?\b"
    rf"|\b(?:have|had) (?:not|never)(?: (?:ever|even))*(?: {_HAVING})+ {_ANY}\b"
    rf"|\bnever(?: {_HAVING})+(?: on)? {_ANY}\b"
)


def reassures(option: Option) -> bool:
    """Whether an option says that there is nothing."""
    return option.code in _REASSURING or is_zero(option)


def says_have_none(words: Sequence[Word]) -> bool:
    """Whether a text says "I have not tried any of them", and no more."""
    said = " ".join(word.text for word in words)
    rest, how_often = _HAVE_NONE.subn(" ", said)
    return bool(how_often) and FILLERS.issuperset(rest.replace("yet", " ").split())


def is_all_there_is(item: Item, words: Sequence[Word], found: Sequence[Found]) -> bool:
    """Whether beside a denial only such words stand that leave it whole."""
    explained = _explained(words)
    named = [one for one in found if len(one.said) > 1 or not set(one.places) <= explained]
    inside = {place for one in found for place in one.places} | explained
    rest = [place for place in range(len(words)) if place not in inside]
    if not named or not _harmless(item).issuperset(words[place].text for place in rest):
        return False
    return not any(_takes_back(words, clause, inside) for clause in {word.clause for word in words})


def _harmless(item: Item) -> frozenset[str]:
    if any(map(is_zero, item.options)):
        return FILLERS | NOW | WELL | _LAST_WEEKS
    return FILLERS | WELL | (NOW if is_about_now(item) else _SO_FAR)


def _explained(words: Sequence[Word]) -> frozenset[int]:
    """The places of "never had a problem with it"."""
    said, starts = "", []
    for word in words:
        starts.append(len(said))
        said += f"{word.text} "
    return frozenset(
        place
        for found in _NO_TROUBLE.finditer(said)
        for place, start in enumerate(starts)
        if found.start() <= start < found.end()
    )


def _takes_back(words: Sequence[Word], clause: int, inside: set[int]) -> bool:
    """Whether a clause says "I'm not okay" or "I do"."""
    places = [place for place, word in enumerate(words) if word.clause == clause]
    said = [words[place].text for place in places]
    for place, text in zip(places, said, strict=True):
        denied = NEGATORS.intersection(said[: places.index(place)])
        if text in WELL and denied and place not in inside and not _is_plain_no(said):
            return True
    is_a_clause_of_its_own = not any(place in inside for place in places)
    denies = NEGATORS.intersection(said) or {"none", "nothing"}.intersection(said)
    if is_a_clause_of_its_own and not denies and _HAS_SOME.search(" ".join(said)):
        return True
    return bool(_AFTER_ALL.search(" ".join(said)))


def _is_plain_no(said: Sequence[str]) -> bool:
    """In "no I'm fine" the "no" is the answer, and nobody is not fine."""
    return said[0] in ("no", "nope", "nah") and not NEGATORS.intersection(said[1:])
