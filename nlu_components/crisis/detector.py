"""Find words of crisis in a message by the phrases. Knows spaCy, knows nothing of Rasa."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy

from nlu_components.crisis.finder import Finder, Index, Sentence
from nlu_components.crisis.patterns import END, START
from nlu_components.crisis.phrases import PhraseBook, load_phrases
from nlu_components.crisis.sentences import HARD, SOFT
from nlu_components.crisis.spelling import UNKNOWN
from nlu_components.crisis.views import views

LONGEST_SENTENCE = 60
"""Longer ones are read in pieces that overlap, so that no phrase falls between two."""

OVERLAP = 20


@dataclass(frozen=True)
class Finding:
    """Words of crisis: of which category, how plain, by which pattern. Never the words."""

    category: str
    outcome: str
    pattern: str


class CrisisDetector:
    """Reads every view of a message against every pattern, the most urgent category first.

    A harmless phrase ("dying to know") covers its own words and nothing else: what the rest
    of the message says is still heard. A modifier ("in 2009") in the same sentence makes a
    plain phrase a hint, unless anything in the message speaks of now. Nothing silences a pattern.
    """

    def __init__(self, phrases: PhraseBook) -> None:
        vocab = spacy.blank("en").vocab
        self._vocab = vocab
        self._spelling = phrases.spelling
        self._harmless = Index([Finder(vocab, pattern) for pattern in phrases.harmless])
        self._lower = Index(
            [Finder(vocab, p) for patterns in phrases.modifiers.lower.values() for p in patterns]
        )
        self._unless = Index([Finder(vocab, pattern) for pattern in phrases.modifiers.unless])
        self._crises = Index(
            [
                *(Finder(vocab, p, c.name, HARD) for c in phrases.categories for p in c.patterns),
                *(Finder(vocab, p, c.name, SOFT) for c in phrases.categories for p in c.hints),
            ]
        )

    @classmethod
    def from_folder(cls, path: Path) -> "CrisisDetector":
        return cls(load_phrases(path))

    def find(self, text: str) -> Finding | None:
        """The plainest and most urgent finding in the text, or nothing."""
        sentences = [Sentence(self._vocab, words) for words in self._sentences(text)]
        found = sorted(
            ((finder, sentence) for sentence in sentences for finder in self._hits(sentence)),
            key=lambda hit: hit[0].place,
        )
        for finder, sentence in found:
            if finder.outcome == HARD and not self._is_lowered(sentence, sentences):
                return Finding(finder.category, HARD, finder.pattern.text)
        if not found:
            return None
        first = found[0][0]
        return Finding(first.category, SOFT, first.pattern.text)

    def _sentences(self, text: str) -> Iterator[tuple[str, ...]]:
        """Every different sentence of every view, in the detector's own spelling."""
        pieces = (
            (START, *piece, END)
            for view in views(text)
            for sentence in view
            for piece in _pieces(self._spelling.read(sentence))
        )
        return iter(dict.fromkeys(pieces))

    def _hits(self, sentence: Sentence) -> list[Finder]:
        """What is found in the sentence and stays when its harmless phrases are covered."""
        hits = [finder for finder in self._crises.candidates(sentence) if finder.spans(sentence)]
        if not hits:
            return []
        covered = self._cover_harmless(sentence)
        if covered is sentence:
            return hits
        return [finder for finder in hits if finder.spans(covered)]

    def _cover_harmless(self, sentence: Sentence) -> Sentence:
        words = list(sentence.words)
        for finder in self._harmless.candidates(sentence):
            for start, end in finder.spans(sentence):
                words[start:end] = [UNKNOWN] * (end - start)
        unchanged = tuple(words) == sentence.words
        return sentence if unchanged else Sentence(self._vocab, tuple(words))

    def _is_lowered(self, sentence: Sentence, message: Sequence[Sentence]) -> bool:
        return self._lower.finds(sentence) and not any(self._unless.finds(s) for s in message)


def _pieces(words: list[str]) -> list[list[str]]:
    step = LONGEST_SENTENCE - OVERLAP
    last_start = max(len(words) - OVERLAP, 1)
    return [words[start : start + LONGEST_SENTENCE] for start in range(0, last_start, step)]
