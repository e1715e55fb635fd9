"""Judge one message: plain danger, a hint of it, or neither. Knows nothing of Rasa.

Phrases and classifier are united: each hears what the other misses. The classifier may turn
a plain phrase into a hint where it hears nothing at all; neither can silence the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from nlu_components.crisis.answers import UNCLEAR
from nlu_components.crisis.classifier import CrisisClassifier
from nlu_components.crisis.detector import CrisisDetector, Finding
from nlu_components.crisis.language import ENGLISH, SPANISH, Languages
from nlu_components.crisis.replies import SAFE, YES, SafetyReplies
from nlu_components.crisis.sentences import HARD, NONE, SOFT


@dataclass(frozen=True)
class Thresholds:
    """How likely the classifier must find danger, from 0 to 1.

    hard, soft: plain danger, and danger or a hint, where no phrase was found.
    spanish_soft: a hint in a Spanish message; the encoder was made for English and is less sure.
    watched_soft: a hint, in the ten turns after danger or a hint was heard.
    doubt: a plain phrase in what is less likely a crisis than this is only a hint.
    """

    hard: float
    soft: float
    spanish_soft: float
    watched_soft: float
    doubt: float


@dataclass(frozen=True)
class Judgement:
    """What was heard in a message. Never its words.

    `reply` is `yes` or `safe` where the message answers our own safety question. `only_likely`
    marks a hint that no phrase stands for: the classifier alone found it likely.
    """

    outcome: str
    category: str
    language: str
    reply: str = ""
    only_likely: bool = False


@dataclass(frozen=True)
class Situation:
    """What the conversation knows: whether we watch, and what our last check-in was about."""

    watched: bool = False
    checked_in_on: str = ""
    """The category of the check-in that this message answers; empty if it answers none."""
    unanswered_check_in_on: str = ""
    """The category of a check-in some messages ago that was not answered yet."""
    language: str = ENGLISH
    """The language of the conversation so far: a “no” by itself has none."""


NOTHING_KNOWN = Situation()


class CrisisJudge:
    """Unites phrases, classifier and the conversation."""

    def __init__(
        self,
        detector: CrisisDetector,
        replies: SafetyReplies,
        classifier: CrisisClassifier,
        languages: Languages,
        thresholds: Thresholds,
    ) -> None:
        self._detector = detector
        self._replies = replies
        self._classifier = classifier
        self._languages = languages
        self._thresholds = thresholds

    def judge(self, text: str, situation: Situation = NOTHING_KNOWN) -> Judgement:
        """Hear one message.

        Args:
            text: as the visitor typed it, any length, any characters.
            situation: what the conversation knows.
        """
        language = self._languages.of(text, otherwise=situation.language)
        reply = self._reply(text, situation)
        if reply == SAFE:
            return Judgement(NONE, "", language, reply)
        found = self._detector.find(text)
        enough = self._enough_for_a_hint(language, situation)
        outcome, category = self._hear(text, found, enough)
        if reply == YES:
            asked_on = situation.checked_in_on or situation.unanswered_check_in_on
            named = category if outcome == HARD else asked_on
            return Judgement(HARD, named, language, reply)
        if outcome == SOFT and situation.checked_in_on:
            outcome = HARD  # asked whether they are safe, they gave another hint
        return Judgement(outcome, category, language, only_likely=outcome == SOFT and not found)

    def _reply(self, text: str, situation: Situation) -> str:
        if situation.checked_in_on or not situation.unanswered_check_in_on:
            return self._replies.read(text, after_check_in=bool(situation.checked_in_on))
        late = self._replies.read(text, after_check_in=True)
        # A late yes is believed; a late no may well be the answer to something else.
        return late if late == YES else self._replies.read(text, after_check_in=False)

    def _enough_for_a_hint(self, language: str, situation: Situation) -> float:
        if situation.watched:
            return self._thresholds.watched_soft
        return self._thresholds.spanish_soft if language == SPANISH else self._thresholds.soft

    def _hear(self, text: str, found: Finding | None, enough_for_a_hint: float) -> tuple[str, str]:
        likely = self._classifier.likelihood(text)
        limits = self._thresholds
        if found is not None:
            sure = found.outcome == HARD and likely.crisis >= limits.doubt
            return (HARD if sure or likely.hard >= limits.hard else SOFT), found.category
        category = likely.category or UNCLEAR
        if likely.hard >= limits.hard:
            return HARD, category
        if likely.crisis >= enough_for_a_hint:
            return SOFT, category
        return NONE, ""
