"""Reading: from what a visitor typed to the answer they meant, or to a kind word why not."""

import re
from collections.abc import Callable, Mapping

from clinic.screening.items import Item
from clinic.screening.reading.age import read_age
from clinic.screening.reading.blood_pressure import read_blood_pressure
from clinic.screening.reading.choice import read_choice
from clinic.screening.reading.contact import read_email, read_phone
from clinic.screening.reading.date import read_date
from clinic.screening.reading.duration import read_duration
from clinic.screening.reading.everyday import THUMBS
from clinic.screening.reading.medicines import read_medicines
from clinic.screening.reading.number import read_number
from clinic.screening.reading.options import is_scale
from clinic.screening.reading.reading import Reading, problem
from clinic.screening.reading.state import read_state
from clinic.screening.reading.text import read_name, read_text

LONGEST = 2_000

_READERS: Mapping[str, Callable[[Item, str, bool], Reading]] = {
    "choice": read_choice,
    "multiple": read_choice,
    "duration": read_duration,
    "age": read_age,
    "number": read_number,
    "blood_pressure": read_blood_pressure,
    "date": read_date,
    "state": read_state,
    "medicines": read_medicines,
    "name": read_name,
    "phone": read_phone,
    "email": read_email,
    "text": read_text,
}
# Where somebody may be in danger, a thumb up says "all is well" as often as "yes"; and a thumb down
# is no clear answer about suicide.
_OF_DANGER = re.compile(r"\b(?:emergency|chest pain)", re.IGNORECASE)
_OF_SUICIDE = re.compile(r"\b(?:suicide|kill(?:ing)? yourself|end your life)", re.IGNORECASE)
_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")


def read(item: Item, text: str, *, lenient: bool) -> Reading:
    """The answer in a text. Strict: only what can be nothing else; lenient: also in a sentence."""
    if len(text) > LONGEST:
        return problem("That is too long for me to read. Could you say it in a few words?")
    if not text.strip():
        return problem("I did not get any words. Please type your answer, or choose an option.")
    text = _in_words(item, text.strip())
    if not any(character.isalnum() for character in text):
        return problem("I can only read words and numbers here. Please type your answer.")
    return _READERS[item.reads](item, text, lenient)


def _in_words(item: Item, text: str) -> str:
    """A thumb as the word it stands for, where the question has options."""
    thumbs = set(_SKIN_TONES.sub("", text).replace(" ", "").rstrip("!"))
    if not item.options or len(thumbs) != 1 or is_scale(item):
        return text
    word = THUMBS.get(thumbs.pop(), text)
    asked = f"{item.link_id.replace('_', ' ')} {item.text}"
    may_be_both = _OF_SUICIDE.search(asked) or (word == "yes" and _OF_DANGER.search(asked))
    return text if may_be_both else word


__all__ = ["LONGEST", "Reading", "read"]
