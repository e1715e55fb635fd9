"""Read which medicines a visitor takes: none, or their own words as they are."""

import re

from clinic.screening.items import Item
from clinic.screening.reading.choice import exact_option
from clinic.screening.reading.denial import says_have_none
from clinic.screening.reading.everyday import HOSTILE, SAID, SAID_ALONE
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.spelling import said_in_full
from clinic.screening.reading.words import is_question, plain_words, word_set, words_of

_LONGEST = 1_000

_NO = word_set("no not none nothing never dont havent zero nil nada neither without nope nah")
_MEDICINES = word_set(
    "medicine medicines medication medications meds med drug drugs pill pills tablet tablets"
)
_BESIDE_NO = word_set(
    "any anything take taking taken takes on use using have had been tried try ever yet"
    " currently now whatsoever today current"
)
_SAYS_NOTHING = re.compile(
    r"\b(?:at all|right now|at the moment|at this time|at present|at this point|so far|for now"
    r"|(?:of )?any (?:kind|sort)(?: of)?|of (?:these|those|them)|that i know of|i know of"
    r"|thank you|thanks|thank god|thankfully|luckily|sorry|sir|maam|im good|im fine|well|um|oh)\b"
)
_BEGINS_A_CLAUSE = re.compile(r"\b(?=(?:i|im|ive) )")
_IN_FULL = re.compile(r"\b(do|have) not\b")

# A yes, or a number of them, without a name.
_NO_NAMES = frozenset(
    {
        *SAID["yes"],
        *SAID_ALONE["yes"],
        *("yes i do", "yes i am", "i take some", "some", "several", "a few", "a lot", "lots"),
        *("many", "too many", "a bunch", "a couple", "yes a few", "yes some", "yes several"),
        *("i take a few", "i take several", "i take a lot", "yes a lot", "ok", "okay", "sure"),
    }
)
_NO_NAMES_IN = _MEDICINES | word_set(
    "i im am on do yes take taking my some a few several different"
)
_NOT_KNOWN = frozenset(
    {
        *SAID["unsure"],
        "not really",
        "i dont know",
        "im not sure",
        "i dont remember",
        "i forgot",
        "i forget",
    }
)

_RATHER_NOT = re.compile(
    r"(?:i )?(?:would |id )?(?:rather|prefer) not(?: to)?(?: say)?|skip|private"
)

_PLEASE = problem("Please type the names of the medicines, or “none” if there are none.")
_WHICH_ONES = problem("Which ones? Please type their names as well as you can, even misspelled.")
_UNKNOWN = problem(
    "Please type the names as well as you can, or look at the bottles. You can also skip this."
)
_UNKIND = problem(
    "It is fine if you would rather not say: you can skip this. If you do want to, please type the "
    "names of the medicines, or “none”."
)


def read_medicines(item: Item, text: str, lenient: bool) -> Reading:
    option = exact_option(item, text, lenient)
    if option:
        return Reading(values=(option.value,))
    if not lenient:
        return _PLEASE
    if is_question(text):
        return QUESTION
    none = item.option("none")
    if none and (_is_none(item, text) or says_have_none(said_in_full(text))):
        return Reading(values=(none.value,))
    return _as_typed(item, text)


def _as_typed(item: Item, text: str) -> Reading:
    words = " ".join(text.split())
    longest = item.max_length or _LONGEST
    if len(words) > longest:
        return problem(f"That is more than I can keep. Please use at most {longest} characters.")
    if not any(character.isalpha() for character in words):
        return _PLEASE
    said = " ".join(plain_words(text))
    if said in _NO_NAMES or _NO_NAMES_IN.issuperset(said.split()):
        return _WHICH_ONES
    if said in _NOT_KNOWN:
        return _UNKNOWN
    if _RATHER_NOT.fullmatch(said) or any(f" {rude} " in f" {said} " for rude in HOSTILE):
        return _UNKIND
    return Reading(values=(words,))


def _is_none(item: Item, text: str) -> bool:
    """Whether each part of the text says "none", and nothing else."""
    # The question's own noun may stand there: "no antidepressants".
    known = _NO | _MEDICINES | _BESIDE_NO | set(plain_words(f"{item.link_id} {item.short}"))
    clauses: dict[int, list[str]] = {}
    for word in words_of(text):
        clauses.setdefault(word.clause, []).append(word.text)
    parts = [
        part
        for words in clauses.values()
        for part in _BEGINS_A_CLAUSE.split(_SAYS_NOTHING.sub(" ", _shortened(words)))
        if part.strip()
    ]
    return bool(parts) and all(_says_none(part.split(), known) for part in parts)


def _says_none(words: list[str], known: frozenset[str]) -> bool:
    if words[0] in ("i", "im", "ive"):
        words = words[1:]
    if words[:1] in (["am"], ["have"], ["was"], ["currently"]):
        words = words[1:]
    return bool(_NO.intersection(words)) and known.issuperset(words)


def _shortened(words: list[str]) -> str:
    return _IN_FULL.sub(lambda found: {"do": "dont", "have": "havent"}[found[1]], " ".join(words))
