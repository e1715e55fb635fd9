"""In one conversation turns follow each other; conversations do not wait for each other."""

from __future__ import annotations

import asyncio

import pytest

from web.visitor.turns import Turns


def test_a_second_message_waits_for_the_first_and_they_keep_their_order() -> None:
    said: list[str] = []

    async def turn(turns: Turns, name: str) -> None:
        async with turns.of("c"):
            said.append(f"{name} begins")
            await asyncio.sleep(0)
            said.append(f"{name} ends")

    async def three() -> None:
        turns = Turns()
        await asyncio.gather(*(turn(turns, name) for name in "abc"))

    asyncio.run(three())

    assert said == [f"{name} {what}" for name in "abc" for what in ("begins", "ends")]


def test_another_conversation_does_not_wait() -> None:
    async def both() -> None:
        turns = Turns()
        async with turns.of("one"), asyncio.timeout(1), turns.of("other"):
            pass

    asyncio.run(both())


def test_a_turn_that_fails_or_is_given_up_lets_the_next_one_in() -> None:
    async def after_trouble() -> None:
        turns = Turns()
        with pytest.raises(ValueError, match="broken"):
            async with turns.of("c"):
                raise ValueError("broken")
        async with turns.of("c"):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01), turns.of("c"):
                    pass
        async with asyncio.timeout(1), turns.of("c"):
            pass

    asyncio.run(after_trouble())


def test_nothing_is_remembered_of_conversations_that_are_quiet() -> None:
    turns = Turns()

    async def several() -> None:
        async with turns.of("a"), turns.of("b"):
            pass

    asyncio.run(several())

    assert turns._locks == {}
