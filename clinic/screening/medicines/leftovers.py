"""Words in a text that could be a medicine, though no list knows them."""

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from clinic.screening.medicines.words import (
    PRODUCTS,
    PURPOSES,
    TELLING,
    TITLES,
    Word,
    begins_a_part,
    cannot_be_a_medicine,
    word_set,
)

Span = tuple[int, int]

# "something for my heart", "a patch that helps with pain"
_FOR = word_set("for my the a to of help helps helping with that our against")
# "my heart pill is called ..."
_CALLED = word_set("is are was called named it its which like such as")
_MOST_PHRASES = 3  # more of them in one stretch is a story: it stays in one piece
_LONG_ENOUGH_TO_MEND = 6
_MENDED = {
    purpose[0]: [
        other for other in PURPOSES if other[0] == purpose[0] and len(other) > _LONG_ENOUGH_TO_MEND
    ]
    for purpose in PURPOSES
}


def leftovers(words: Sequence[Word], taken: Sequence[Span]) -> tuple[Span, ...]:
    """Where phrases stand that could be medicines, outside of the names that were found."""
    named = {place for start, end in taken for place in range(start, end)}
    spans: list[Span] = []
    for start, end in _stretches(words, named):
        phrases = list(_phrases(words, named, start, end))
        if len(phrases) > _MOST_PHRASES:
            phrases = [(phrases[0][0], phrases[-1][1])]
        spans.extend(phrases)
    return tuple(spans)


def _stretches(words: Sequence[Word], named: set[int]) -> Iterator[Span]:
    """Words in a row without a name or a mark between them."""
    start = 0
    for place in range(len(words) + 1):
        ends = place == len(words) or place in named or words[place].marks
        if ends and start < place:
            yield start, place
        if ends:
            start = place + 1 if place in named else place


def _phrases(words: Sequence[Word], named: set[int], start: int, end: int) -> Iterator[Span]:
    place = start
    while place < end:
        is_a_person = place > start and words[place - 1].text in TITLES
        if is_a_person or not _may_belong(words[place].text):
            place += 1
            continue
        stop = _end_of_phrase(words, place, end)
        if _says_something(words, named, place, stop):
            # "my heart pill" is kept whole.
            yield (place - 1 if place > start and words[place - 1].text == "my" else place), stop
        place = stop


def _end_of_phrase(words: Sequence[Word], start: int, end: int) -> int:
    """The words in a row that may belong to a name, or to what a nameless medicine is for."""
    stop = start
    while stop < end and _may_belong(words[stop].text):
        stop += 1
    if not any(_is_product(words[place].text) for place in range(start, stop)):
        return stop
    purpose = stop
    while purpose < end and words[purpose].text in _FOR:
        purpose += 1
    last = purpose
    while last < end and purpose > stop and _is_purpose(words[last].text):
        last += 1
    return last if last > purpose else stop


def _says_something(words: Sequence[Word], named: set[int], start: int, end: int) -> bool:
    said = [word.text for word in words[start:end]]
    if any(_is_unknown(word) for word in said):
        return not (_is_a_reason(words, start) and _follows_a_name(words, named, start))
    products = [word for word in said if _is_product(word)]
    if not products or _is_about_a_name(words, named, start, end):
        return False
    return len(products) < len(said) or any(word in TELLING for word in products)


def _is_about_a_name(words: Sequence[Word], named: set[int], start: int, end: int) -> bool:
    """In "Zoloft pill for anxiety" and "my heart pill is metoprolol" nothing else is meant."""
    after = end
    while after < len(words) and words[after].text in _CALLED and after not in named:
        after += 1
    if after in named and not begins_a_part(words[after]):
        return True
    return _follows_a_name(words, named, start)


def _is_a_reason(words: Sequence[Word], start: int) -> bool:
    """In "levothyroxine for Hashimoto's" the last word is what it is for."""
    return start > 0 and words[start - 1].text == "for"


def _follows_a_name(words: Sequence[Word], named: set[int], start: int) -> bool:
    """Whether a medicine was named before, in the same part of the sentence."""
    place = start
    while place > 0 and not begins_a_part(words[place]):
        place -= 1
        if place in named:
            return True
    return False


def _may_belong(word: str) -> bool:
    return _is_product(word) or _is_purpose(word) or _is_unknown(word)


def _is_product(word: str) -> bool:
    return word in PRODUCTS


def _is_purpose(word: str) -> bool:
    if word in PURPOSES:
        return True
    if len(word) < _LONG_ENOUGH_TO_MEND or cannot_be_a_medicine(word):
        return False
    near = extractOne(word, _MENDED.get(word[0], ()), scorer=OSA.distance, score_cutoff=2)
    return near is not None


def _is_unknown(word: str) -> bool:
    return not cannot_be_a_medicine(word) and not _is_purpose(word)
