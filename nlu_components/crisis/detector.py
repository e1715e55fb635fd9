"""Find words of crisis in a message. Knows spaCy, knows nothing of Rasa."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu_components.crisis.patterns import END, START, Pattern
from nlu_components.crisis.phrases import PhraseBook, load_phrases
from nlu_components.crisis.spelling import UNKNOWN
from nlu_components.crisis.views import views

LONGEST_SENTENCE = 60
"""Longer ones are read in pieces that overlap, so that no phrase falls between two."""

OVERLAP = 20


@dataclass(frozen=True)
class Finding:
    """Words of crisis: of which category, and by which pattern. Never the words themselves."""

    category: str
    pattern: str


class CrisisDetector:
    """Reads every view of a message against every pattern, the most urgent category first.

    A harmless phrase ("dying to know") covers its own words and nothing else: what the rest
    of the message says is still heard. Nothing else can silence a pattern.
    """

    def __init__(self, phrases: PhraseBook) -> None:
        vocab = spacy.blank("en").vocab
        self._vocab = vocab
        self._spelling = phrases.spelling
        self._harmless = [_Finder(vocab, pattern, "") for pattern in phrases.harmless]
        self._finders = [
            _Finder(vocab, pattern, category.name)
            for category in phrases.categories
            for pattern in category.patterns
        ]

    @classmethod
    def from_folder(cls, path: Path) -> "CrisisDetector":
        return cls(load_phrases(path))

    def find(self, text: str) -> Finding | None:
        """The most urgent finding in the text, or nothing."""
        sentences = list(self._sentences(text))
        vocabularies = [frozenset(words) for words in sentences]
        for finder in self._finders:
            for words, vocabulary in zip(sentences, vocabularies, strict=True):
                if finder.may_find(vocabulary) and self._finds(finder, words):
                    return Finding(finder.category, finder.pattern.text)
        return None

    def _sentences(self, text: str) -> Iterator[tuple[str, ...]]:
        """Every different sentence of every view, in the detector's own spelling."""
        pieces = (
            (START, *piece, END)
            for view in views(text)
            for sentence in view
            for piece in _pieces(self._spelling.read(sentence))
        )
        return iter(dict.fromkeys(pieces))

    def _finds(self, finder: "_Finder", words: tuple[str, ...]) -> bool:
        if not finder.spans(Doc(self._vocab, words=list(words))):
            return False
        covered = self._cover_harmless(words)
        return covered == words or bool(finder.spans(Doc(self._vocab, words=list(covered))))

    def _cover_harmless(self, words: tuple[str, ...]) -> tuple[str, ...]:
        doc = Doc(self._vocab, words=list(words))
        vocabulary = frozenset(words)
        covered = list(words)
        for finder in self._harmless:
            if finder.may_find(vocabulary):
                for start, end in finder.spans(doc):
                    covered[start:end] = [UNKNOWN] * (end - start)
        return tuple(covered)


class _Finder:
    """One pattern, ready to be looked for."""

    def __init__(self, vocab: Vocab, pattern: Pattern, category: str) -> None:
        self.pattern = pattern
        self.category = category
        self._needs = pattern.needs
        self._matcher = Matcher(vocab, validate=False)
        self._matcher.add(category or "harmless", pattern.token_patterns())

    def may_find(self, vocabulary: frozenset[str]) -> bool:
        """A quick look that spares most patterns the real one."""
        return not any(needed.isdisjoint(vocabulary) for needed in self._needs)

    def spans(self, doc: Doc) -> list[tuple[int, int]]:
        return [(start, end) for _, start, end in self._matcher(doc)]


def _pieces(words: list[str]) -> list[list[str]]:
    step = LONGEST_SENTENCE - OVERLAP
    last_start = max(len(words) - OVERLAP, 1)
    return [words[start : start + LONGEST_SENTENCE] for start in range(0, last_start, step)]
