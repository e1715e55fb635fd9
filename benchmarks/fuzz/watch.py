"""What is looked at while hostile input comes in: memory, and whether others are still answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import psutil

from tests.front_desk import FrontDesk

EVERY = 3.0
QUESTION = "what is ketamine?"
CRISIS = "i want to kill myself"
HELP_LINE = "988"


def memory(desk: FrontDesk) -> dict[str, float]:
    """Megabytes that each process holds, its children included."""
    return {name: _megabytes(one.running.pid) for name, one in desk.processes.items()}


def _megabytes(pid: int) -> float:
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in family) / 2**20


def growth(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """In percent."""
    return {name: 100 * (after[name] / before[name] - 1) for name in before}


@dataclass
class Bystander:
    """An ordinary visitor in the middle of it all: asks, and is once in a while in danger."""

    url: str
    answered: list[float] = field(default_factory=list)
    helped: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    async def talk_for_ever(self) -> None:
        """Cancel it."""
        async with httpx.AsyncClient(base_url=self.url, timeout=20, trust_env=False) as http:
            number = 0
            while True:
                number += 1
                await self._talk(http, number)
                await asyncio.sleep(EVERY)

    async def _talk(self, http: httpx.AsyncClient, number: int) -> None:
        try:
            begun = await http.post("/api/conversation", json={})
            headers = {"Authorization": f"Bearer {begun.json()['key']}"}
            for text, seconds in ((QUESTION, self.answered), (CRISIS, self.helped)):
                at = time.perf_counter()
                body = {"text": text, "key": f"bystander-{number}-{len(text)}"}
                answer = await http.post("/api/messages", json=body, headers=headers)
                seconds.append(time.perf_counter() - at)
                self._look_at(text, answer.status_code, answer.json())
        except (httpx.HTTPError, KeyError, ValueError) as error:
            self.problems.append(type(error).__name__)

    def _look_at(self, text: str, status: int, said: Any) -> None:
        if status != httpx.codes.OK:
            self.problems.append(f"status {status}")
        elif text == CRISIS and HELP_LINE not in str(said):
            self.problems.append("danger without 988")
        elif text == QUESTION and "answer" not in str(said):
            self.problems.append("a question without its answer")
