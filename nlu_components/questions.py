"""Take a message apart into what may be questions of their own."""

from __future__ import annotations

import re
from typing import List

MOST_PARTS = 3
"""Of a longer message the last questions are read: people end with what they want to know."""
FEWEST_LETTERS = 4

# Not after “Dr.” or “vs.”; and every run of spaces is one before this looks.
SENTENCE_ENDS = re.compile(r"(?<!\b[DM]r\.)(?<!\bvs\.)(?<=[.?!;]) |\n| -+ ")
SPACES = re.compile(r"[^\S\n]+")
LINE_ENDS = re.compile(r"\s*\n\s*")
QUESTION_WORDS = (
    r"how|what|when|where|who|why|which|can|could|do|does|did|is|are|was|will|would|should"
    r"|am|may|must|have|has|tell|if|whether"
)
ASKING = rf"(?:{QUESTION_WORDS}|i|i'm|im)"
# “and” joins two questions only if what follows begins like one.
JOINED = re.compile(
    rf" ?[,;]? (?:and also|and then|oh and|and|also|plus|but|or|&|\+) (?={ASKING}\b)"
    rf"| ?, ?(?={ASKING}\b)",
    re.IGNORECASE,
)
# In a message of few words it joins two subjects: “cost and side effects”.
LISTED = re.compile(r" ?(?:(?<!\d)[,/](?!\d)|&|\+|\band\b|\bplus\b) ?", re.IGNORECASE)
SHORT_MESSAGE = 7
"""Words."""
ASKS = re.compile(rf"(?:{QUESTION_WORDS})\b|.*\?[?!]*$", re.IGNORECASE)
OPENING = re.compile(r"^(?:and|also|plus|oh|but|so)\b[ ,]*", re.IGNORECASE)


def parts_of(text: str) -> List[str]:
    """The parts of a message that could be asked alone; none if it cannot be taken apart."""
    text = SPACES.sub(" ", LINE_ENDS.sub("\n", text))
    parts = [part for sentence in SENTENCE_ENDS.split(text) for part in JOINED.split(sentence)]
    if len(parts) == 1 and len(text.split()) <= SHORT_MESSAGE:
        parts = LISTED.split(text)
    parts = [OPENING.sub("", part.strip(" ,;.-")) for part in parts]
    parts = [part for part in parts if sum(sign.isalpha() for sign in part) >= FEWEST_LETTERS]
    if len(parts) < 2:
        return []
    # Of many parts those that only tell are left out; of few, what is told says what is asked.
    asking = parts if len(parts) <= MOST_PARTS else [part for part in parts if ASKS.match(part)]
    return (asking or parts)[-MOST_PARTS:]
