"""What visitors do during the soak, by kind; each says when it was not served as it must be."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from benchmarks.chat import talk
from benchmarks.chat.connection import Connection
from benchmarks.chat.visitors import NoAnswer, OurVisitor
from benchmarks.soak.pace import Pace

ANSWERS: Mapping[str, str] = {
    "consent": "Yes, I agree",
    "emergency_now": "No",
    "for_whom": "About me",
    "age": "thirty four",
    "state": "Maryland",
    "main_reason": "depression and anxiety",
    "duration": "2 to 12 months",
    "diagnosed_by_clinician": "Yes",
    "current_care": "Psychiatrist",
    "antidepressant_trials": "3",
    "other_treatments": "none",
    "stops_brain": "None of these",
    "stops_body": "None of these",
    "bp_status": "Normal",
    "pregnancy": "Does not apply to me",
    "substance_use": "No",
    "medicines": "none",
    "extras": "none",
    "name": "Ann Example",
    "contact_method": "call",
    "email": "ann@example.com",
    "best_time": "in the mornings",
    "adult": "Yes",
    "review": "Yes, send it",
}
MOST_QUESTIONS = 60
OUT_OF_THE_WAY: Sequence[str] = (
    "which bus goes to the zoo?",
    "asdf jkl",
    "how tall is the eiffel tower",
)
SECONDS_WITH_A_STREAM = 5.0


class NotAsItMustBe(Exception):
    """There was an answer, but not this one; the message says which was missing."""


class Visit:
    """One visitor from the first message to the last, at the pace of all."""

    def __init__(self, url: str, pace: Pace, chance: random.Random) -> None:
        self.url, self.pace, self.chance = url, pace, chance
        self.visitor = OurVisitor(url)
        self.seconds: list[float] = []

    async def begin(self) -> None:
        await self.pace.turn()
        await self.visitor.begin()

    async def say(self, *texts: str) -> None:
        for text in texts:
            await self.pace.turn()
            self.seconds.append(await self.visitor.say(text))

    async def asks_about_topics(self) -> None:
        await self.begin()
        await self.say("hello", *self.chance.sample(talk.FAQ, 6), talk.ANSWERED)
        self.must("answer" in self.visitor.types, "answer")
        await self.say("thanks")

    async def asks_what_nobody_knows(self) -> None:
        await self.begin()
        await self.say(talk.UNKNOWN)
        self.must("fallback" in self.visitor.types, "honest word")
        await self.say(*self.chance.sample(OUT_OF_THE_WAY, 2))

    async def is_screened(self) -> None:
        await self.begin()
        await self.say("start the questions")
        number = self.chance.randrange(10_000_000)
        answers = {**ANSWERS, "phone": f"(202) {200 + number % 700}-{number // 1000:04}"}
        for _ in range(MOST_QUESTIONS):
            field = self.field()
            if field is None:
                break
            await self.say(answers[field])
        self.must("outcome" in self.visitor.types, "outcome")

    async def is_in_danger(self) -> None:
        await self.begin()
        await self.say("hi", talk.DANGER)
        self.must("crisis" in self.visitor.types, "crisis answer")
        self.must(talk.HELP_LINE in str(self.visitor.heard), talk.HELP_LINE)

    async def reloads_the_page(self) -> None:
        await self.begin()
        await self.say(*self.chance.sample(talk.FAQ, 2))
        for _ in range(3):
            await self.pace.turn()
            await self.visitor.reload()
            self.must(len(self.visitor.shown) >= 4, "conversation after a reload")
        await self.say("thanks")

    async def waits_for_a_person(self) -> None:
        """With a stream open, as the widget has it; then goes back to the assistant."""
        await self.begin()
        await self.say("hello", "can I talk to a person")
        stream = Connection(self.url)
        watching = asyncio.create_task(stream.get("/api/events", self.visitor.headers))
        await asyncio.sleep(SECONDS_WITH_A_STREAM)
        self.must(not watching.done(), "open stream")
        line = Connection(self.url)
        await line.post("/api/handoff/end", {}, self.visitor.headers)
        seen = await watching
        self.must(b"waiting" in seen.body, "state in the stream")
        await self.say("how much does it cost?")
        await stream.close()
        await line.close()

    def field(self) -> str | None:
        payloads: list[dict[str, Any]] = [one["payload"] or {} for one in self.visitor.heard]
        fields = [one["field"] for one in payloads if one.get("type") == "question"]
        return str(fields[-1]) if fields else None

    def must(self, so: bool, what: str) -> None:
        if not so:
            said = ", ".join(self.visitor.types)
            raise NotAsItMustBe(f"{what} was missing; there was: {said}")


KINDS: Mapping[str, tuple[int, Callable[[Visit], Awaitable[None]]]] = {
    "topics": (40, Visit.asks_about_topics),
    "screening": (15, Visit.is_screened),
    "unknown": (15, Visit.asks_what_nobody_knows),
    "reload": (15, Visit.reloads_the_page),
    "stream": (10, Visit.waits_for_a_person),
    "danger": (5, Visit.is_in_danger),
}
"""Of a hundred visitors so many are of each kind."""

TROUBLE = (NotAsItMustBe, NoAnswer, OSError, TimeoutError)


def kind_of(error: BaseException) -> str:
    """An error as it is counted: what happened, never what was said."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
