"""What exactly a visitor wishes who speaks of a person: one now, a call, or none at all."""

from __future__ import annotations

import re

from clinic.screening.reading.words import is_question

CALL = re.compile(
    r"\b(?:call(?:s|ed|ing|er|[\s-]?backs?)?|phone[sd]?|phoning|telephon\w*|ring(?:s|ing)?|dial"
    r"|buzz|horn|holler|voicemail|voice|text\s+me|e-?mail\s+me|my\s+number"
    r"|(?:reach|contact|get\s+back\s+to|get\s+in\s+touch\s+with)\s+(?:me|us|him|her|them)"
    r"|reach(?:es)?\s+out|(?:get|be)\s+in\s+touch)\b",
    re.IGNORECASE,
)
"""Words of somebody who is content to be called later."""
NO_CALL = re.compile(
    r"\b(?:don[’']?t|do\s+not|can[’']?t|cannot|not|no|never|without|instead\s+of|rather\s+than)\b"
    r"[^.,;!?]{0,20}$",
    re.IGNORECASE,
)
"""What stands before such a word and turns it round: “I can't phone, I want a person here”."""

PERSON = (
    r"(?:persons?|humans?|people|some(?:one|body)|any(?:one|body)|staff|agents?|nurses?|doctors?"
    r"|representatives?|reps?|receptionists?|operators?|personas?|humanos?|alguien|agentes?)"
)
NAMES_A_PERSON = re.compile(rf"\b{PERSON}\b", re.IGNORECASE)
REFUSAL = re.compile(
    r"(?:\b(?:don[’']?t|do\s+not|rather\s+not|never|no)\s+(?:(?:really|actually|even)\s+)?"
    r"(?:want|need|wish|like|talk|speak|call|get|bring|send|connect|transfer"
    r"|quiero|necesito|deseo|hace\s+falta)\b"
    # “I don't want a machine instead of a person” wants one.
    r"(?:(?!\b(?:ro)?bot|\b(?:machine|computer|ai|you|instead|but|without|unless|until|before"
    r"|wait|type|typing|call|phone|robot|máquina)\b)[^\n]){0,40}?"
    rf"\b{PERSON}\b"
    rf"|^\s*(?:please\s+)?no\s+(?:(?:real|live|actual)\s+)?{PERSON}\b"
    r"(?:\s+(?:please|pls|plz|thanks|thank\s+you|needed|necessary|for\s+me|por\s+favor))*\s*$)",
    re.IGNORECASE,
)
"""A part of a sentence that wants no person: “no human please”, “I don't need a nurse”."""
PARTS = re.compile(r"[.,;!?:—–]+|\b(?:but|just|so|only|pero|sino)\b", re.IGNORECASE)


def wants_a_call(text: str) -> bool:
    """Whether these words, which ask for a person, are about being called and not about now."""
    return any(NO_CALL.search(text[: found.start()]) is None for found in CALL.finditer(text))


def refuses_a_person(text: str) -> bool:
    """Whether these words plainly want no person. Where a part of them wants one, they do not."""
    if is_question(text):
        return False
    parts = [part for part in PARTS.split(text) if NAMES_A_PERSON.search(part)]
    return bool(parts) and all(REFUSAL.search(part) for part in parts)
