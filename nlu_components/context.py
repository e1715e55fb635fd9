"""Read a follow-up in its context: “how much is that?” after an answer about IM injections.

A word that only points (“it”, “that”, “they”) is replaced by what was spoken of, so that the
classifier reads a whole question. Nothing is guessed from longer messages: they say what they mean.
"""

from __future__ import annotations

import re
from typing import Optional

LONGEST = 12
"""Words. A longer message speaks for itself."""

# “Is it possible to …” points at nothing.
POINTS_AT_NOTHING = re.compile(
    r"\b(?:is|was|would|will)\s+it\s+(?:\w+\s+)?"
    r"(?:possible|true|ok|okay|necessary|better|normal|required|allowed|too\s+late)\b|\bit\s+says\b",
    re.IGNORECASE,
)
POINTER = re.compile(
    r"\b(?:it|them|these|those|they(?!\s+(?:said|say|told|tell|want|are\s+saying)))\b",
    re.IGNORECASE,
)
# “That” and “this” point only where a thing is expected.
EXPECTS_A_THING = "is|does|will|for|out|get|try|use|with|have|about|after|do|of|on|during|before"
THING_POINTER = re.compile(
    rf"(?P<before>\b(?:{EXPECTS_A_THING})\s)(?:(?:that|this)(?:\s+one)?|one)\b"
    r"|\b(?:that|this)(?:\s+one)?(?=\s*[?.!]*$)",
    re.IGNORECASE,
)
ELLIPSIS = re.compile(
    r"(?:(?:and|so|but|ok)\s+)?(?:(?:for\s+)?how\s+long|how\s+(?:often|many|soon)|who|when|why)"
    r"(?:\s+(?:exactly|then|about))?[\s?.!]*",
    re.IGNORECASE,
)


def in_context(text: str, subject: str) -> Optional[str]:
    """The message with its pointer replaced by the subject; None if it needs no context."""
    if len(text.split()) > LONGEST or POINTS_AT_NOTHING.search(text):
        return None
    if POINTER.search(text):
        return POINTER.sub(lambda _: subject, text, count=1)
    if THING_POINTER.search(text):
        return THING_POINTER.sub(lambda m: (m["before"] or "") + subject, text, count=1)
    if ELLIPSIS.fullmatch(text):
        return f"{text.rstrip('?.! ')} {subject}"
    return None
