"""Read a name or a short note. Only when nothing else was meant: any text could be one."""

import re
import unicodedata

from clinic.screening.items import Item
from clinic.screening.reading.everyday import HOSTILE, SAID, SAID_ALONE
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.words import is_question, plain_words

_LONGEST_NAME = 80
_MOST_NAMES = 7
_LEAD_IN = re.compile(
    r"^(?:(?:hi|hello|hey|sure|ok|okay|yes|well|um|oh|so|thanks|thank you)(?: there)?[,!. ]+)*"
    r"(?:(?:my (?:full |first |real |legal |given |whole )?name(?: is|['’]?s|:)|(?:the )?name['’]?s"
    r"|(?:full |first |legal )?name(?:: ?| is)?(?= )|i am|iam|i['’]?m|(?:it['’]?s|it is)(?: me,)?"
    r"|this is|(?:they|people|friends|everyone|everybody) calls? me|i go by|i['’]?m called"
    r"|(?:you can |please |just |kindly |you may |you should )*(?:call me|use|put|ask for))"
    r"\s+|just (?=[^a-z]))?",
    re.IGNORECASE,
)
_LEAD_OUT = re.compile(
    r"(?:[,.!]+ *(?:thanks|thank you|please|nice to meet you)| please| thanks| here| speaking"
    r"| is (?:my (?:full |legal |real )?name|the name)| is what (?:they|people) call me)?"
    r"[ .!]*$",
    re.IGNORECASE,
)
_LAST_NAME_FIRST = re.compile(r"[^,]+, ?[^\s,]+(?: [^\s,]+)?")  # "Lee, Ann" and "King, Jr."

# No name holds these, most sentences do.
_NOT_IN_NAMES = (
    "i you me my dont want would rather not please prefer need have was were because later hello"
    " skip stop help thanks thank sorry nothing ok okay sad depressed anxious scared confused tired"
    " busy emergency your yours his her their they we us it its is am been being had has did does"
    " doing what whats why how when where who which could should cant cannot wont didnt doesnt isnt"
    " think know feel feeling like tell ask asking call text email phone use put give take go going"
    " back change that this these those there about with from for but if then than very really just"
    " only already yes yeah nobody noone anyone someone never none maybe wrong right good bad fine"
    " question questions answer name names and myself yourself hate love ketamine depression pain"
    " doctor clinic appointment treatment private secret business bot robot stupid dumb fuck"
    " or hi hey next unknown suicide tomorrow today tonight anytime whenever soon asap morning"
    " mornings afternoon evening fucking shit damn hell asshole bitch cunt idiot moron"
    " voicemail mail message sms anything something everything correct change mistake"
)
_SENTENCE_WORDS = frozenset(_NOT_IN_NAMES.split())
_ANSWERS = frozenset(
    words for said in (SAID, SAID_ALONE) for all_words in said.values() for words in all_words
)
_MARKS = " '’ʼ‘`´-‐·.,\u200c\u200d"

_NAME = problem("Please type the name we should ask for. Letters are enough, for example Ann Lee.")


def read_name(item: Item, text: str, lenient: bool) -> Reading:
    if not lenient:
        return _NAME
    if is_question(text):
        return QUESTION
    name = " ".join(_LEAD_OUT.sub("", _LEAD_IN.sub("", text.strip())).split())
    longest = min(item.max_length or _LONGEST_NAME, _LONGEST_NAME)
    return Reading(values=(name,)) if _is_name(name, longest) else _NAME


def read_text(item: Item, text: str, lenient: bool) -> Reading:
    if not lenient:
        return problem("Please type your answer in your own words.")
    if is_question(text):
        return QUESTION
    longest = item.max_length or 500
    if len(text) > longest:
        return problem(f"Please keep it under {longest} characters.")
    said = " ".join(plain_words(text))
    if any(f" {hostile} " in f" {said} " for hostile in HOSTILE):
        return problem("It is fine if you would rather not say: you can skip this.")
    return Reading(values=(" ".join(text.split()),))


def _is_name(name: str, longest: int) -> bool:
    words = plain_words(name)
    return (
        _is_long_enough(name)
        and len(name) <= longest
        and 0 < len(words) <= _MOST_NAMES
        and all(_may_be_in_a_name(character) for character in name)
        and ("," not in name or bool(_LAST_NAME_FIRST.fullmatch(name)))
        and " ".join(words) not in _ANSWERS
        and not name.startswith(("a ", "an ", "the "))
        and not _SENTENCE_WORDS.intersection(words)
    )


def _is_long_enough(name: str) -> bool:
    # One sign is a whole name in scripts that write words, not sounds.
    letters = [character for character in name if character.isalpha()]
    return len(letters) > 1 or any(unicodedata.category(letter) == "Lo" for letter in letters)


def _may_be_in_a_name(character: str) -> bool:
    # Letters and the marks that belong to them, in any script.
    return character in _MARKS or unicodedata.category(character)[0] in "LM"
