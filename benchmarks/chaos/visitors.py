"""Who visits, what each of them wants, and what they answer. The same seed brings the same people.

No two visitors share a name, a number or a mail address, so an answer that strayed to another
visitor, or a lead that came twice, is seen.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache

from clinic.questionnaires import early_ending, form
from clinic.screening import engine
from clinic.screening.progress import Progress
from tests.clinic.screening.conftest import CALM
from tests.running.test_crisis import SENTENCES

FIRST = ("Ann", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gail", "Hugo", "Iris", "Jon")
LAST = ("Abbot", "Baker", "Carter", "Dawson", "Ellis", "Foster", "Graham", "Hughes", "Irving")
LAST_PARTS = ("", "son", "man", "field", "ford", "wood", "well", "worth", "ley", "by")
AREAS = ("202", "303", "404", "505", "602", "702", "801", "901", "206", "512")
STATES = ("Oregon", "Maryland", "Texas", "Ohio", "Utah", "Maine")
TOPICS = (
    "what is ketamine therapy?",
    "how much does it cost?",
    "does it hurt?",
    "what are the side effects?",
    "is it covered by insurance?",
    "can I drive home afterwards?",
    "how long does a session take?",
    "are you a bot?",
    "is it legal?",
    "how many sessions do I need?",
)
CRISES = tuple(SENTENCES.values())
MOST_VISITORS = len(FIRST) * len(LAST) * len(LAST_PARTS)


class Kind(StrEnum):
    """What somebody comes for."""

    FAQ = auto()
    SCREENING = auto()
    CALLBACK = auto()
    CRISIS = auto()
    SCREENING_WITH_CRISIS = auto()


SHARES = {
    Kind.FAQ: 30,
    Kind.SCREENING: 30,
    Kind.CALLBACK: 15,
    Kind.CRISIS: 10,
    Kind.SCREENING_WITH_CRISIS: 15,
}
"""Of a hundred visitors."""


@dataclass(frozen=True)
class Visitor:
    """Somebody with a wish, and with an answer to everything that may be asked."""

    number: int
    seed: int

    def chance(self, of: str) -> random.Random:
        """Dice of their own, so that one more throw here changes nothing there."""
        return random.Random(f"{self.seed} {self.number} {of}")

    @property
    def kind(self) -> Kind:
        (kind,) = self.chance("kind").choices(list(SHARES), list(SHARES.values()))
        return kind

    @property
    def name(self) -> str:
        rest, first = divmod(self.number, len(FIRST))
        part, last = divmod(rest, len(LAST))
        return f"{FIRST[first]} {LAST[last]}{LAST_PARTS[part]}"

    @property
    def phone(self) -> str:
        return f"({AREAS[self.number // 100]}) 555-01{self.number % 100:02}"

    @property
    def answers(self) -> dict[str, str]:
        """Calm answers, and what tells this visitor from all others."""
        dice = self.chance("answers")
        return {
            **CALM,
            "age": str(dice.randint(19, 79)),
            "state": dice.choice(STATES),
            "main_reason": dice.choice(("Anxiety", "Depression", "depression and anxiety")),
            "antidepressant_trials": str(dice.randint(1, 4)),
            "name": self.name,
            "phone": self.phone,
            "email": f"visitor{self.number}@example.com",
            "best_time": dice.choice(("in the mornings", "after five", "Weekday mornings")),
            "review": "Yes, send it",
        }

    @property
    def questions(self) -> list[str]:
        dice = self.chance("questions")
        return dice.sample(TOPICS, dice.randint(3, 7))

    @property
    def crisis(self) -> str:
        return self.chance("crisis").choice(CRISES)

    @property
    def in_crisis_at(self) -> int:
        """After so many answers of a screening."""
        return self.chance("crisis at").randint(2, 12)


def visitors(count: int, seed: int) -> list[Visitor]:
    if count > MOST_VISITORS:
        raise ValueError(f"there are names for {MOST_VISITORS} visitors only")
    return [Visitor(number, seed) for number in range(count)]


@cache
def meant(visitor: Visitor, name: str) -> Progress:
    """What must be kept of this visitor's answers: the same words, heard without any server."""
    asked, progress = form(name), Progress.start(form(name).questionnaire)
    while (question := engine.next_question(asked, progress)) is not None:
        said = visitor.answers[question.link_id]
        received = engine.receive(asked, progress, said, lenient=True)
        if received.problem is not None or early_ending(name, received.progress):
            raise ValueError(f"{question.link_id} of visitor {visitor.number} is not taken")
        progress = received.progress
    return progress
