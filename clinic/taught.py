"""What staff taught the bot, as a file that Rasa trains on, with nothing personal left in it.

Whatever could still tell who somebody is stays out and is counted, even where it is most likely
harmless: a sentence too few is mended by the next visitor, a name in a repository by nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.first_line import first_line
from clinic.masking import masked
from clinic.tables import UnansweredMessage
from clinic.teaching import IGNORED, OUT_OF_SCOPE
from clinic.topic_titles import topics
from clinic.training_sentences import WORD, Sentences, normalised

LONGEST = 300
SAME_SENTENCE = 95.0
"""As alike as a test of ours takes for the same sentence in disguise."""

PERSONAL = re.compile(r"[\d@\[\]{}]|https?:|www\.|\b[\w-]+\.(?:com|org|net|edu|gov|io|me)\b", re.I)
RELATED = frozenset(
    (
        "am", "aunt", "boss", "boyfriend", "brother", "called", "cousin", "dad", "daughter",
        "doctor", "dr", "father", "friend", "girlfriend", "grandma", "grandpa", "husband", "i'm",
        "i’m", "im", "miss", "mom", "mother", "mr", "mrs", "ms", "mum", "name", "named", "nurse",
        "partner", "psychiatrist", "sister", "son", "therapist", "uncle", "wife",
    )
)  # fmt: skip
"""After these words a name may stand in small letters."""

LEFT_OUT = {
    "personal": "might still tell who somebody is",
    "crisis": "sounds like an emergency: a person should read it",
    "known": "stands in the training data already",
    "held_out": "measures the bot in tests/understanding",
    "unusable": "empty, too long, or with signs that Rasa reads otherwise",
    "gone": "for a topic that is no longer there",
}


@dataclass
class Patch:
    """Examples by intent, in order, and how many messages stayed out for which reason."""

    examples: dict[str, list[str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, intent: str, text: str) -> None:
        self.examples.setdefault(intent, []).append(text)

    @property
    def number(self) -> int:
        return sum(len(texts) for texts in self.examples.values())


class Sieve:
    """Says why a sentence cannot be taught, if it cannot."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._known = set(sentences.trained)
        self._held_out = sentences.held_out

    def why_not(self, text: str) -> str | None:
        plain = normalised(text)
        if not plain or len(text) > LONGEST or not text.isprintable() or text[0] in "/-#":
            return "unusable"
        if PERSONAL.search(text) or self._may_name_somebody(text):
            return "personal"
        if first_line().find(text) is not None:
            return "crisis"
        if plain in self._known:
            return "known"
        if self._measures_the_bot(plain):
            return "held_out"
        self._known.add(plain)
        return None

    def _may_name_somebody(self, text: str) -> bool:
        """Whether a word stands where a name would, and is none that our own files use."""
        before = ""
        for match in WORD.finditer(text):
            word = match[0]
            looks_like_a_name = not word.islower() or before in RELATED
            if looks_like_a_name and word.lower() not in self._sentences.vocabulary:
                return True
            before = word.lower()
        return False

    def _measures_the_bot(self, plain: str) -> bool:
        near = process.extractOne(
            plain, self._held_out, scorer=fuzz.ratio, score_cutoff=SAME_SENTENCE
        )
        return near is not None


def patch(session: Session, sentences: Sentences, before: Patch | None = None) -> Patch:
    """Everything that staff assigned to a topic or marked out of scope.

    Args:
        before: what an earlier export holds; it stays, even where its messages have expired.
    """
    made, sieve = Patch(), Sieve(sentences)
    kept = before.examples if before else {}
    for intent, texts in kept.items():
        for text in texts:
            _sift(made, sieve, intent, text)
    exported_before = {normalised(text) for texts in kept.values() for text in texts}
    for decision, text in _decided(session):
        if normalised(text) not in exported_before:
            known = sentences.intent_of(decision) if _is_known(decision) else None
            _sift(made, sieve, known, text)
    return made


def _decided(session: Session) -> list[tuple[str, str]]:
    """Decision and text of every message that is to be learnt, masked once more."""
    one = UnansweredMessage
    query = select(one.decision, one.text).where(one.decision.is_not(None), one.decision != IGNORED)
    rows = session.execute(query.order_by(one.decision, one.id)).all()
    return [(decision or "", " ".join(masked(text).split())) for decision, text in rows]


def _is_known(decision: str) -> bool:
    return decision == OUT_OF_SCOPE or decision in topics()


def _sift(made: Patch, sieve: Sieve, intent: str | None, text: str) -> None:
    if intent is None:
        made.left_out["gone"] += 1
        return
    reason = sieve.why_not(text)
    if reason is None:
        made.add(intent, text)
    else:
        made.left_out[reason] += 1
