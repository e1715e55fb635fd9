"""Search sentences for many patterns at once. Knows spaCy."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu_components.crisis.patterns import Pattern


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
    """Finds the few patterns that a sentence's words make possible.

    All patterns are looked at together: bit n of a number stands for the pattern at place n.
    """

    def __init__(self, finders: Sequence[Finder]) -> None:
        self._finders = finders
        self._rounds: list[_Round] = []
        for place, finder in enumerate(finders):
            finder.place = place
        for turn in range(max((len(finder.needs) for finder in finders), default=0)):
            self._rounds.append(_Round.of(finders, turn))

    def candidates(self, sentence: Sentence) -> list[Finder]:
        """Those of which every place that must be filled can be."""
        possible = (1 << len(self._finders)) - 1
        for fill in self._rounds:
            possible &= fill.possible_with(sentence.vocabulary)
            if not possible:
                return []
        return [self._finders[place] for place in _places(possible)]

    def finds(self, sentence: Sentence) -> bool:
        return any(finder.spans(sentence) for finder in self.candidates(sentence))


@dataclass(frozen=True)
class _Round:
    """Which patterns a word fills one place of: the first place in the first round, and so on."""

    by_word: Mapping[str, int]
    needs_none: int
    """Patterns that have no such place."""

    @classmethod
    def of(cls, finders: Sequence[Finder], turn: int) -> "_Round":
        by_word: dict[str, int] = defaultdict(int)
        needs_none = 0
        for finder in finders:
            if turn >= len(finder.needs):
                needs_none |= 1 << finder.place
                continue
            for word in finder.needs[turn]:
                by_word[word] |= 1 << finder.place
        return cls(dict(by_word), needs_none)

    def possible_with(self, vocabulary: frozenset[str]) -> int:
        possible = self.needs_none
        for word in vocabulary:
            possible |= self.by_word.get(word, 0)
        return possible


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, in order."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
