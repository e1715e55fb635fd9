"""Reading: from what a visitor typed to the answer they meant, or to a kind word why not."""

from collections.abc import Callable, Mapping

from clinic.screening.items import Item
from clinic.screening.reading.choice import read_choice
from clinic.screening.reading.contact import read_email, read_phone
from clinic.screening.reading.number import read_number
from clinic.screening.reading.reading import Reading, problem
from clinic.screening.reading.state import read_state
from clinic.screening.reading.text import read_name, read_text

LONGEST = 2_000

_READERS: Mapping[str, Callable[[Item, str, bool], Reading]] = {
    "choice": read_choice,
    "multiple": read_choice,
    "age": read_number,
    "number": read_number,
    "state": read_state,
    "name": read_name,
    "phone": read_phone,
    "email": read_email,
    "text": read_text,
}


def read(item: Item, text: str, *, lenient: bool) -> Reading:
    """The answer in a text. Strict: only what can be nothing else; lenient: also in a sentence."""
    if len(text) > LONGEST:
        return problem("That is too long for me to read. Could you say it in a few words?")
    if not text.strip():
        return problem("I did not get any words. Please type your answer, or choose an option.")
    if not any(character.isalnum() for character in text):
        return problem("I can only read words and numbers here. Please type your answer.")
    return _READERS[item.reads](item, text.strip(), lenient)


__all__ = ["LONGEST", "Reading", "read"]
