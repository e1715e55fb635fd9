"""Read the answer to our own safety question: yes, safe, or something else."""

import re

import spacy

from nlu_components.crisis.finder import Finder, Index, Sentence
from nlu_components.crisis.patterns import END, START
from nlu_components.crisis.phrases import PhraseBook
from nlu_components.crisis.views import plain_sentences

YES = "yes"
NO = "no"
SAFE = "safe"

NO_AND_COMMA = re.compile(r"^\s*(no|nope|nah)\s*,", re.IGNORECASE)
LONGEST_YES = 8
"""Words. “Yes, I have high blood pressure and take lisinopril” answers another question."""


class SafetyReplies:
    """Knows whole messages only: “no” inside a longer one settles nothing."""

    def __init__(self, phrases: PhraseBook) -> None:
        self._vocab = spacy.blank("en").vocab
        self._spelling = phrases.spelling
        self._patterns = {
            name: Index([Finder(self._vocab, pattern) for pattern in patterns])
            for name, patterns in phrases.replies.items()
        }

    def read(self, text: str, *, after_check_in: bool) -> str:
        """`yes`, `safe`, or an empty text for whatever is no such answer."""
        whole = self._sentences(text)
        if not whole:
            # “…” to a safety question is no answer, and silence is no all-clear.
            return YES if after_check_in else ""
        # The comma after a no is the whole difference between “No, estoy a salvo” and not safe.
        apart = NO_AND_COMMA.sub(r"\1. ", text)
        parted = whole if apart == text else self._sentences(apart)
        ways = [whole] if parted is whole else [whole, parted]
        if any(self._is_all_clear(sentences, after_check_in) for sentences in ways):
            return SAFE
        if not after_check_in:
            return ""
        is_short = sum(len(sentence.words) - 2 for sentence in whole) <= LONGEST_YES
        return YES if is_short and any(self._is(YES, sentence) for sentence in parted) else ""

    def _is_all_clear(self, sentences: list[Sentence], after_check_in: bool) -> bool:
        """Whether every sentence says no or safe; without a check-in a no alone says nothing."""
        says_safe = False
        for sentence in sentences:
            is_safe = self._is(SAFE, sentence)
            if not is_safe and not self._is(NO, sentence):
                return False
            says_safe |= is_safe
        return says_safe or after_check_in

    def _sentences(self, text: str) -> list[Sentence]:
        return [
            Sentence(self._vocab, (START, *self._spelling.read(written), END))
            for written in plain_sentences(text)
        ]

    def _is(self, name: str, sentence: Sentence) -> bool:
        return self._patterns[name].finds(sentence)
