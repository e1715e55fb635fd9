"""What visitors say: to ours as to a clinic's front desk, to the starter what it was made for.

Every conversation has as many turns as every other, whoever is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice

TURNS = 10

OURS: Sequence[Sequence[str]] = (
    (
        "hi",
        "what is ketamine therapy?",
        "how much does it cost?",
        "does it hurt?",
        "what are the side effects",
        "is it covered by insurance?",
        "can i drive home afterwards?",
        "how long does a session take",
        "thanks",
        "bye",
    ),
    (
        "hello there",
        "do you treat depression?",
        "can i keep taking zoloft",
        "how tall is the eiffel tower",
        "how many sessions will i need",
        "are you a real person?",
        "I would like to start the pre-screening",
        "Yes, I agree",
        "No",
        "About me",
    ),
    (
        "good morning",
        "is ketamine addictive?",
        "what does it feel like",
        "how much does it cost and do you take insurance?",
        "my cat ate the remote control",
        "can my wife come with me",
        "what should i eat before a session",
        "is it legal?",
        "ok thank you",
        "goodbye",
    ),
    (
        "hey",
        "start the questions",
        "Yes, I agree",
        "No",
        "why do you ask that?",
        "About me",
        "thirty four",
        "what if i have high blood pressure?",
        "Maryland",
        "thanks",
    ),
)
"""Greetings, topics, two questions at once, what no clinic answers, and screening, a few answers
long, with a topic asked in between."""

STARTER: Sequence[Sequence[str]] = (
    (
        "hey",
        "i am feeling sad",
        "not really",
        "hello there",
        "very good",
        "are you a bot?",
        "good morning",
        "perfect",
        "am I talking to a human?",
        "bye",
    ),
    (
        "hi",
        "I am so sad",
        "yes",
        "good evening",
        "I am feeling very good",
        "are you a human?",
        "hello",
        "great",
        "are you a bot?",
        "see you later",
    ),
)
"""Its own intents, in the order of its own stories."""

FAQ: Sequence[str] = (
    "how much does it cost?",
    "what are the side effects",
    "is it covered by insurance?",
    "can i drive home afterwards?",
    "how long does a session take",
    "is ketamine addictive?",
    "what does it feel like",
    "how many sessions will i need",
    "can my wife come with me",
    "what should i eat before a session",
)
MIXED: Sequence[str] = (
    "how much does it cost?",
    "how tall is the eiffel tower",
    "start the questions",
    "Yes, I agree",
    "is it legal?",
    "stop",
    "hello",
    "what are the side effects",
    "my cat ate the remote control",
    "thanks",
)
"""Topics, greetings, what nothing answers, and the way in and out of the questions."""

ANSWERED, UNKNOWN = "is it legal?", "my cat ate the remote control"
"""What surely has an answer, and what surely has none."""
DANGER = "i want to kill myself"
HELP_LINE = "988"


def endless(sentences: Sequence[str], turns: int) -> list[str]:
    """The sentences over and over, for a conversation of so many turns."""
    return list(islice(cycle(sentences), turns))
