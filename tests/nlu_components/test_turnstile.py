"""Few turns are at work at a time, in the order in which they came; nobody waits for long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from nlu_components import turnstile
from nlu_components.turnstile import AT_WORK, Turnstile


class Turns:
    """Turns that wait inside until they are let go on, and what happened, in its order."""

    def __init__(self) -> None:
        self.turnstile = Turnstile()
        self.log: list[str] = []
        self.over = asyncio.Event()

    async def stay(self, name: str) -> None:
        async with self.turnstile.inside():
            self.log.append(name)
            await self.over.wait()

    async def call(self, name: str, answer: asyncio.Event) -> None:
        async with self.turnstile.inside():
            self.log.append(name)
            async with self.turnstile.outside():
                await answer.wait()
            self.log.append(f"{name} goes on")

    async def fill(self) -> list[asyncio.Task[None]]:
        return await self.begin(*(f"at work {number}" for number in range(AT_WORK)))

    async def begin(self, *names: str) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self.stay(name)) for name in names]
        await let_all_run()
        return tasks


async def let_all_run() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def trying(deed: Callable[[Turns], Awaitable[None]]) -> Turns:
    async def run() -> Turns:
        turns = Turns()
        await deed(turns)
        return turns

    return asyncio.run(run())


def test_who_comes_when_enough_are_at_work_waits_and_the_first_goes_first() -> None:
    async def deed(turns: Turns) -> None:
        at_work = await turns.fill()
        waiting = await turns.begin("first", "second")
        assert len(turns.log) == AT_WORK
        turns.over.set()
        await asyncio.gather(*at_work, *waiting)

    assert trying(deed).log[AT_WORK:] == ["first", "second"]


def test_who_waits_for_another_server_holds_nobody_up_and_goes_on_at_once() -> None:
    async def deed(turns: Turns) -> None:
        answer = asyncio.Event()
        calls = [asyncio.create_task(turns.call("calls", answer)) for _ in range(AT_WORK)]
        await let_all_run()
        at_work = await turns.fill()
        late = await turns.begin("late")
        answer.set()
        await asyncio.gather(*calls)
        turns.log.append("all have gone on")
        turns.over.set()
        await asyncio.gather(*at_work, *late)

    log = trying(deed).log
    assert log[: 2 * AT_WORK] == ["calls"] * AT_WORK + [f"at work {n}" for n in range(AT_WORK)]
    assert log[2 * AT_WORK :] == ["calls goes on"] * AT_WORK + ["all have gone on", "late"]


def test_nobody_waits_for_longer_than_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "LONGEST_WAIT", 0.01)

    async def deed(turns: Turns) -> None:
        at_work = await turns.fill()
        impatient = asyncio.create_task(turns.stay("impatient"))
        async with asyncio.timeout(5):
            while "impatient" not in turns.log:
                await asyncio.sleep(0)
        turns.over.set()
        await asyncio.gather(*at_work, impatient)

    trying(deed)


def test_whoever_goes_away_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "LONGEST_WAIT", 60.0)

    async def deed(turns: Turns) -> None:
        at_work = await turns.fill()
        gone, let_in_and_gone, stays = await turns.begin("gone", "let in and gone", "stays")
        gone.cancel()
        await let_all_run()
        at_work[0].cancel()  # its place is the next one's, who goes away before knowing it
        let_in_and_gone.cancel()
        await let_all_run()
        assert turns.log[AT_WORK:] == ["stays"]
        turns.over.set()
        await asyncio.gather(*at_work, gone, let_in_and_gone, stays, return_exceptions=True)
        await turns.fill()  # all places are free again

    assert len(trying(deed).log) == 2 * AT_WORK + 1


def test_a_turn_that_fails_makes_room() -> None:
    async def deed(turns: Turns) -> None:
        for _ in range(2 * AT_WORK):
            with pytest.raises(ZeroDivisionError):
                async with turns.turnstile.inside(), turns.turnstile.outside():
                    raise ZeroDivisionError
        await turns.fill()

    assert len(trying(deed).log) == AT_WORK
