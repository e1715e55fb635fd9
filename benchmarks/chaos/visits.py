"""What a visitor does in the chat window, from the first word to the last."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence

from benchmarks.chaos.ledger import Bubble, Ledger, Sent, Taken, open_field, says_sent, types
from benchmarks.chaos.visitors import Kind, Visitor
from benchmarks.chaos.widget import GaveUp, Widget
from clinic.questionnaires import CALLBACK, SCREENING

BEGINS = {SCREENING: "start the questions", CALLBACK: "call me back"}
GO_ON = "continue the questions"
SAFE = "I'm safe, back to my question"
MOST_TURNS = 120
MOST_SILENCE = 40
"""So often in a row a visitor looks for the way back to the questions."""
LOOKS_AGAIN_AFTER = (2.0, 6.0)
EVERY_FIFTH = 5
"""Who finds no way back with one wish tries another, now and then."""
THINKS = (0.05, 0.6)
INTO_AN_OUTAGE = (0.0, 4.0)


class Visit:
    """One visitor in one chat window."""

    def __init__(self, visitor: Visitor, widget: Widget, ledger: Ledger) -> None:
        self.visitor, self.widget, self.ledger = visitor, widget, ledger
        self.dice: random.Random = visitor.chance("visit")

    async def go(self) -> None:
        """Everything this visitor came for; a visitor who gave up is written down as stuck."""
        await self._to_the_end(self._go())

    async def go_in_danger(self, outage: Callable[[], Awaitable[bool]]) -> None:
        """The window is open, all is well; then something breaks, and just now help is needed.

        Args:
            outage: waits for the next one, and says whether there is any.
        """
        await self._to_the_end(self._go_in_danger(outage))

    async def _to_the_end(self, visit: Coroutine[None, None, None]) -> None:
        try:
            await visit
        except GaveUp as reason:
            self.ledger.stuck.append((self.visitor.number, str(reason)))
        finally:
            await self.widget.close()

    async def _go(self) -> None:
        match self.visitor.kind:
            case Kind.FAQ:
                await self._ask(self.visitor.questions)
            case Kind.CRISIS:
                await self._ask(self.visitor.questions[:2])
                await self._cry_for_help()
                await self._ask(self.visitor.questions[2:])
            case Kind.CALLBACK:
                await self._ask(self.visitor.questions[:1])
                await self._answer_all(CALLBACK)
            case Kind.SCREENING:
                await self._answer_all(SCREENING)
            case Kind.SCREENING_WITH_CRISIS:
                await self._answer_all(SCREENING, crisis_at=self.visitor.in_crisis_at)

    async def _go_in_danger(self, outage: Callable[[], Awaitable[bool]]) -> None:
        await self._ask(self.visitor.questions[:1])
        if await outage():
            await asyncio.sleep(self.dice.uniform(*INTO_AN_OUTAGE))
            await self._cry_for_help()

    async def _say(self, text: str, *, danger: bool = False) -> Sequence[Bubble]:
        await asyncio.sleep(self.dice.uniform(*THINKS))
        return await self.widget.say(text, danger=danger)

    async def _ask(self, questions: Sequence[str]) -> None:
        for question in questions:
            await self._say(question)

    async def _cry_for_help(self) -> Sequence[Bubble]:
        return await self._say(self.visitor.crisis, danger=True)

    async def _answer_all(self, form: str, *, crisis_at: int | None = None) -> None:
        """Answer whatever is asked until staff are said to have it."""
        reply = await self._say(BEGINS[form])
        answered = silence = 0
        for _ in range(MOST_TURNS):
            if says_sent(reply):
                return
            asked = open_field(reply)
            if asked is None:
                silence += 1
                reply = await self._find_the_way_back(form, silence)
                continue
            silence = 0
            if answered == crisis_at:
                crisis_at = None
                await self._cry_for_help()
                reply = await self._say(SAFE)
                continue
            reply = await self._say(self.visitor.answers[asked])
            if self._was_taken(reply, asked):
                answered += 1
                self._note(form, asked, reply)
        raise GaveUp(f"the questions of {form} go round in circles")

    async def _find_the_way_back(self, form: str, silence: int) -> Sequence[Bubble]:
        if silence > MOST_SILENCE:
            got = ", ".join(types(self.widget.bubbles))
            raise GaveUp(f"no way back to the questions of {form}, only: {got}")
        self.ledger.count("times a visitor had to ask for the questions again")
        if silence > 1:  # “please try again in a moment”
            await asyncio.sleep(self.dice.uniform(*LOOKS_AGAIN_AFTER))
        return await self._say(BEGINS[form] if silence % EVERY_FIFTH == 0 else GO_ON)

    def _was_taken(self, reply: Sequence[Bubble], asked: str) -> bool:
        if not self.ledger.said[-1].acknowledged:
            return False
        return says_sent(reply) or open_field(reply) not in (None, asked)

    def _note(self, form: str, asked: str, reply: Sequence[Bubble]) -> None:
        conversation = self.widget.conversation
        if asked != "review":
            self.ledger.taken.append(Taken(conversation, form, asked))
        if says_sent(reply):
            self.ledger.sent.append(Sent(conversation, form, self.visitor.number))
