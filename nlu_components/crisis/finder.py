"""Search sentences for many patterns at once. Knows spaCy."""

from collections import defaultdict
from collections.abc import Sequence

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu_components.crisis.patterns import COMMON, Pattern


class Sentence:
    """The words of a sentence, ready to be searched."""

    def __init__(self, vocab: Vocab, words: tuple[str, ...]) -> None:
        self.words = words
        self.vocabulary = frozenset(words)
        self._vocab = vocab
        self._doc: Doc | None = None

    @property
    def doc(self) -> Doc:
        if self._doc is None:  # most sentences are never searched
            self._doc = Doc(self._vocab, words=list(self.words))
        return self._doc


class Finder:
    """One pattern, ready to be looked for."""

    def __init__(
        self, vocab: Vocab, pattern: Pattern, category: str = "", outcome: str = ""
    ) -> None:
        self.pattern = pattern
        self.category = category
        self.outcome = outcome
        self.place = 0
        """Its place among all patterns: the plainest and most urgent come first."""
        self.needs = pattern.needs
        self._matcher = Matcher(vocab, validate=False)
        self._matcher.add("it", pattern.token_patterns())

    def spans(self, sentence: Sentence) -> list[tuple[int, int]]:
        return [(start, end) for _, start, end in self._matcher(sentence.doc)]


class Index:
    """Finds the few patterns that a sentence's words make possible."""

    def __init__(self, finders: Sequence[Finder]) -> None:
        self._by_word: dict[str, list[Finder]] = defaultdict(list)
        for place, finder in enumerate(finders):
            finder.place = place
            for word in _rarest(finder.needs):
                self._by_word[word].append(finder)

    def candidates(self, sentence: Sentence) -> list[Finder]:
        """Those of which every place that must be filled can be."""
        possible = {
            finder.place: finder
            for word in sentence.vocabulary
            if word in self._by_word
            for finder in self._by_word[word]
        }
        return [
            possible[place]
            for place in sorted(possible)
            if not any(needed.isdisjoint(sentence.vocabulary) for needed in possible[place].needs)
        ]

    def finds(self, sentence: Sentence) -> bool:
        return any(finder.spans(sentence) for finder in self.candidates(sentence))


def _rarest(needs: tuple[frozenset[str], ...]) -> frozenset[str]:
    """The place of the pattern that the fewest sentences fill."""
    return min(needs, key=lambda words: (len(words & COMMON), len(words)))
