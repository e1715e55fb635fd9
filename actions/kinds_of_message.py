"""What a message to an open question is: an answer, a wish, talk, or words to worry about."""

from __future__ import annotations

import re

from actions.wish_for_a_person import wants_a_call
from clinic.interviews import Heard
from clinic.screening.engine import Question
from clinic.screening.reading.words import is_question

REVIEW = "review"

CUE = re.compile(
    r"^(?:(?:oh|no|wait|sorry|actually|i mean|i meant)\b[\s,.!-]*)+|[\s,]+actually[.!]?$",
    re.IGNORECASE,
)
"""Words that announce a correction, most often of what was only thought so far."""

HOW_TO_REACH = ("name", "contact_method", "phone")
"""Where “by phone” and “call me” are answers."""
READ_WHOLE = ("choice", "multiple", "number", "date", "contact")
HAVE_DIGITS = ("number", "date", "contact")
"""Questions whose answers are made of digits: a message with some tries to be one."""
SHORT = 8
"""Words. A longer answer may tell a story, and crisis detection listens to stories."""

PLAIN_NO = {"no", "n", "nope", "nah", "none", "not really"}
"""An answer, wherever it is one; never a wish to skip or to stop."""


def is_worrying(question: Question | None, text: str) -> bool:
    """Whether these words answer a question about safety, and are no clear no."""
    return question is not None and question.about_safety and not is_question(text)


def is_a_wish_to_change(question: Question | None, text: str) -> bool:
    """Whether a statement at the review may add to an answer or take something back."""
    return question is not None and question.link_id == REVIEW and not is_question(text)


def is_plain(question: Question | None, heard: Heard, text: str) -> bool:
    """Whether a message was read whole and short: an option, a number, a way to be reached.

    Not so a name, a note or a list of medicines: those take words as they come.
    """
    if question is None or not heard.taken or heard.alarm or heard.is_change or heard.ending:
        return False
    return question.kind in READ_WHOLE and len(text.split()) <= SHORT


def is_rather_an_answer(question: Question | None, text: str, intent: str) -> bool:
    """Whether a sentence is more likely the answer than what its intent says.

    A telephone number in a sentence can be nothing else. “I live in Oregon” names a state, and
    “in the mornings” a time to call, although both sound like questions about the clinic. Who is
    asked how they may be reached and says “by phone” does not ask for another call.
    """
    if question is None or is_question(text):
        return False
    if intent == "human_handoff":
        return question.link_id in HOW_TO_REACH and wants_a_call(text)
    return question.kind in HAVE_DIGITS or intent.startswith("faq/")


def is_an_attempt(question: Question | None, text: str) -> bool:
    """Whether this tries to be an answer and is a wrong one: it deserves a helpful line."""
    if question is None or is_question(text):
        return False
    plain_no = text.strip(" .!").lower() in PLAIN_NO
    has_digits = any(sign.isdigit() for sign in text)
    return plain_no or (question.kind in HAVE_DIGITS and has_digits)


def is_talk(intent: str, text: str) -> bool:
    """Whether this is no answer and no wish: a question of the visitor's, or small talk."""
    if intent in ("near_tie", "nlu_fallback", "out_of_scope"):
        return is_question(text)
    return intent.startswith(("faq/", "chitchat/"))
