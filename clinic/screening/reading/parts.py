"""The parts of an answer: "anxiety, and my back hurts" has two, and one may not be understood."""

from collections.abc import Collection, Iterable, Sequence

from clinic.screening.reading.little_words import says_nothing_new
from clinic.screening.reading.phrases import Found, is_break
from clinic.screening.reading.words import Word, word_set

Part = tuple[int, ...]
"""The places of its words."""

_JOINS = word_set("and plus also with or nor but")
_EXPLAINS = word_set("when whenever because since after while which where so")
_DENIES = word_set("no not none nothing without nor neither never")
_HAVING = word_set("have had do did does is are was be been any")


def parts_of(words: Sequence[Word], found: Sequence[Found]) -> tuple[Part, ...]:
    """The words between commas, slashes, "and", "plus", "with"; what was found stays whole."""
    inside = {place for one in found for place in range(one.start + 1, one.end)}
    parts: list[list[int]] = []
    for place in range(len(words)):
        if not parts or (place not in inside and _begins(words, place)):
            parts.append([])
        parts[-1].append(place)
    return tuple(map(tuple, parts))


def is_understood(
    words: Sequence[Word], part: Part, found: Iterable[Found], known: Collection[str]
) -> bool:
    """Whether a part names an option, denies something, or says nothing of its own."""
    if any(place in one.places for one in found for place in part):
        return True
    after = part[-1] + 1
    is_with = after < len(words) and words[after].text == "with"  # "struggling with", "help with"
    said = [*(words[place].text for place in part), *(("with",) if is_with else ())]
    return said[0] in _EXPLAINS or _is_a_denial(said) or says_nothing_new(said, known)


def _begins(words: Sequence[Word], place: int) -> bool:
    word = words[place]
    return (
        is_break(words, place)
        or word.text in _JOINS
        or (word.text == "as" and place + 1 < len(words) and words[place + 1].text == "well")
    )


def _is_a_denial(said: Sequence[str]) -> bool:
    """Such as "no seizures" and "I do not have more"; "I can not sleep" tells something."""
    rest = [word for word in said if word not in _JOINS and word != "i"]
    if rest[:1] and rest[0] in _DENIES:
        return True
    return len(rest) > 2 and rest[0] in _HAVING and rest[1] in _DENIES and rest[2] in _HAVING
