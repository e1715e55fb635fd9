"""A visitor's text as plain words: no capitals, no apostrophes, and where each clause ends."""

import re
import unicodedata
from dataclasses import dataclass

_DENIALS = (
    "no not never without neither nor nope dont doesnt didnt isnt arent wasnt werent havent hasnt"
    " hadnt cant cannot couldnt wouldnt wont aint deny denies hardly barely poorly rarely"
)
_BUTS = "but however except although though unless only besides"
NEGATORS = frozenset(_DENIALS.split())
CONTRASTS = frozenset(_BUTS.split())

_APOSTROPHES = re.compile(r"['’‘`´]")
_WORD = re.compile(r"[^\W_]+\+?")
_CLAUSE_END = re.compile(r"[,;:.!?\n()]")
_OPENS_A_QUESTION = re.compile(
    r"(what|whats|why|how|where|who|whos|which)\b"
    r"|(can|could|do|does|did|is|are|am|should|would|will|may|has|when is|when do|when will)"
    r" (i|you|it|this|that|they|we|there|the|he|she)\b"
)

# Whatever else is said, this leaves it open: "mild, or maybe not", "far from mild".
_UNSETTLED = re.compile(
    r"\bor (?:maybe |perhaps |probably )?not\b|\bno wait\b|\bwait no\b|\bfar from\b|\bi wish\b"
    r"|\b(?:everything|anything|nothing|all) but\b|\bif only\b"
    r"|^if (?!i (?:am|have to be) honest|im honest)"
)


def word_set(words: str) -> frozenset[str]:
    """A set of words, written down as one line."""
    return frozenset(words.split())


@dataclass(frozen=True)
class Word:
    """`before` is what stands between it and the word before."""

    text: str
    clause: int
    before: str = " "


def words_of(text: str) -> tuple[Word, ...]:
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    words: list[Word] = []
    clause, end = 0, 0
    for match in _WORD.finditer(plain):
        before = plain[end : match.start()]
        clause += bool(_CLAUSE_END.search(before) or match[0] in CONTRASTS)
        words.append(Word(match[0], clause, before))
        end = match.end()
    return tuple(words)


def plain_words(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in words_of(text))


def is_unsettled(text: str) -> bool:
    """Whether somebody has not made up their mind, or says the contrary of what they name."""
    return bool(_UNSETTLED.search(" ".join(plain_words(text))))


def is_question(text: str) -> bool:
    opens = _OPENS_A_QUESTION.match(" ".join(plain_words(text)))
    return text.rstrip().endswith("?") or bool(opens)
