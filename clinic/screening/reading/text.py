"""Read a name or a short note. Only when nothing else was meant: any text could be one."""

import re
import unicodedata

from clinic.screening.items import Item
from clinic.screening.reading.everyday import SAID, SAID_ALONE
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.words import is_question, plain_words

_LONGEST_NAME = 80
_MOST_NAMES = 7
_LEAD_IN = re.compile(
    r"^(?:(?:hi|hello|hey)[,!. ]+)?"
    r"(?:my (?:full )?name is|my name['’]?s|name:|name is|i am|i['’]?m|it['’]?s|this is|call me)"
    r"\s+",
    re.IGNORECASE,
)
# No name holds these, most sentences do.
_NOT_IN_NAMES = (
    "i you me my dont want would rather not please prefer need have was were because later hello"
    " skip stop help thanks thank sorry nothing ok okay sad depressed anxious scared confused tired"
    " busy emergency"
)
_SENTENCE_WORDS = frozenset(_NOT_IN_NAMES.split())
_ANSWERS = frozenset(
    words for said in (SAID, SAID_ALONE) for all_words in said.values() for words in all_words
)

_NAME = problem("Please type the name we should ask for. Letters are enough, for example Ann Lee.")


def read_name(item: Item, text: str, lenient: bool) -> Reading:
    if not lenient:
        return _NAME
    if is_question(text):
        return QUESTION
    name = " ".join(_LEAD_IN.sub("", text).rstrip(" .!").split())
    return Reading(values=(name,)) if _is_name(name) else _NAME


def read_text(item: Item, text: str, lenient: bool) -> Reading:
    if not lenient:
        return problem("Please type your answer in your own words.")
    if is_question(text):
        return QUESTION
    longest = item.max_length or 500
    if len(text) > longest:
        return problem(f"Please keep it under {longest} characters.")
    return Reading(values=(" ".join(text.split()),))


def _is_name(name: str) -> bool:
    words = plain_words(name)
    return (
        0 < len(name) <= _LONGEST_NAME
        and 0 < len(words) <= _MOST_NAMES
        and all(_may_be_in_a_name(character) for character in name)
        and " ".join(words) not in _ANSWERS
        and not _SENTENCE_WORDS.intersection(words)
    )


def _may_be_in_a_name(character: str) -> bool:
    # Letters and the marks that belong to them, in any script.
    return character in " '’-." or unicodedata.category(character)[0] in "LM"
