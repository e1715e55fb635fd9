"""`make fuzz`: hostile requests to every route a stranger reaches; nothing may break, leak or run.

Other numbers can be tried; only a run of the usual size is written to results.md. What was answered
wrongly is kept in var/benchmarks/fuzz/ and sent once more with --again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.fuzz import browser, report
from benchmarks.fuzz.cases import Case, Keys, case_of, cases
from benchmarks.fuzz.judge import Answer, faults, filled
from benchmarks.fuzz.watch import Bystander, growth, memory
from benchmarks.fuzz.wire import send
from clinic import conversations
from setup.dotenv import fernet_key
from setup.home import HOME
from tests.front_desk import FrontDesk
from tests.running.rasas_memory import events

HERE = Path(__file__).parent
FOUND = HOME / "var" / "benchmarks" / "fuzz"
INPUTS, SEED, AT_ONCE = 20_000, 2026, 24
TALKERS, OTHERS, LEFT_BEHIND = 40, 40, 30
WARM_UP = 0.2
"""After this part of all inputs memory is measured for the first time."""
SLOW = "slow"
SETTINGS = {
    "CLINIC_ACTION_TOKEN": "-",
    "CLINIC_SEARCH_KEY": "a key that lives as long as the benchmark",
}


@dataclass
class Run:
    """What came of it."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    bystander: Bystander = field(default_factory=lambda: Bystander(""))
    before: dict[str, float] = field(default_factory=dict)
    after: dict[str, float] = field(default_factory=dict)
    slots: list[str] = field(default_factory=list)
    looked_at: int = 0
    pages: int = 0
    ran: list[str] = field(default_factory=list)
    took: float = 0.0

    @property
    def growth(self) -> dict[str, float]:
        return growth(self.before, self.after)

    @property
    def is_well(self) -> bool:
        is_late = any(one > report.IN_TIME for one in self.bystander.helped)
        grows = any(percent > report.STEADY for percent in self.growth.values())
        broken = self.faults or self.slots or self.ran or self.bystander.problems
        return not (broken or is_late or grows)


def main() -> None:
    asked = _asked()
    # Who ends the run early finds no server left running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before its time"))
    os.environ.update(SETTINGS, CLINIC_ENCRYPTION_KEYS=fernet_key())
    with front_desk() as desk:
        if asked.again:
            _again(desk, asked.again)
            return
        run = measure(desk, asked)
    words = report.page(run, inputs=asked.inputs, seed=asked.seed, at_once=asked.at_once)
    if asked.inputs >= INPUTS:
        (HERE / "results.md").write_text(words, "utf-8")
    print(words)
    sys.exit(0 if run.is_well else 1)


def _asked() -> argparse.Namespace:
    line = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    line.add_argument("--inputs", type=int, default=INPUTS)
    line.add_argument("--seed", type=int, default=SEED)
    line.add_argument("--at-once", type=int, default=AT_ONCE)
    line.add_argument("--no-browser", action="store_true", help="open no pages in Chromium")
    line.add_argument("--again", type=Path, help="send one kept case and show the answer")
    return line.parse_args()


@contextmanager
def front_desk() -> Iterator[FrontDesk]:
    """The product on ports of its own, with a database that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        desk = FrontDesk(
            Path(folder),
            CLINIC_MESSAGES_PER_MINUTE="100000",
            CLINIC_CONVERSATIONS_PER_HOUR="1000000",
        )
        _say("starting the product")
        try:
            desk.start()
            yield desk
        finally:
            desk.stop()


def measure(desk: FrontDesk, asked: argparse.Namespace) -> Run:
    shutil.rmtree(FOUND, ignore_errors=True)
    FOUND.mkdir(parents=True)
    run = Run(bystander=Bystander(desk.url))
    keys = Keys(_open(desk, TALKERS), _open(desk, OTHERS))
    begun = time.monotonic()
    asyncio.run(_send_all(desk, asked, keys, run))
    run.took = time.monotonic() - begun
    run.after = memory(desk)
    run.slots, run.looked_at = _slots_filled(desk, keys.talk)
    if not asked.no_browser:
        _say("opening what was left behind in Chromium")
        count = min(LEFT_BEHIND, 2 + asked.inputs // 500)
        left = browser.leave_behind(desk, asked.seed, count)
        run.pages, run.ran = browser.scripts_that_ran(desk, [*left, *keys.talk[:5]])
    return run


def _open(desk: FrontDesk, count: int) -> list[str]:
    with httpx.Client(base_url=desk.url, trust_env=False, timeout=20) as http:
        return [str(http.post("/api/conversation", json={}).json()["key"]) for _ in range(count)]


async def _send_all(desk: FrontDesk, asked: argparse.Namespace, keys: Keys, run: Run) -> None:
    """All cases, so many at once. The slow ones wait beside the others, not before them."""
    place = urlsplit(desk.url)
    host, port = str(place.hostname), int(place.port or 80)
    coming = cases(asked.inputs, asked.seed, keys)
    slow: set[asyncio.Task[None]] = set()

    async def one(case: Case) -> None:
        _write_down(run, case, await send(host, port, case))

    async def one_after_the_other() -> None:
        for case in coming:
            if case.number == int(asked.inputs * WARM_UP):
                run.before = memory(desk)
            if case.number % 1000 == 0:
                _say(f"{case.number} of {asked.inputs} inputs, {sum(run.faults.values())} faults")
            if case.kind != SLOW:
                await one(case)
                continue
            task = asyncio.create_task(one(case))
            slow.add(task)
            task.add_done_callback(slow.discard)

    talking = asyncio.create_task(run.bystander.talk_for_ever())
    await asyncio.gather(*(one_after_the_other() for _ in range(asked.at_once)))
    await asyncio.gather(*slow)
    talking.cancel()


def _write_down(run: Run, case: Case, answer: Answer) -> None:
    run.statuses[case.kind, answer.status] += 1
    run.seconds.append(answer.seconds)
    found = list(faults(case, answer))
    for fault in found:
        run.faults[case.kind, fault] += 1
    if found:
        (FOUND / f"{case.number}.json").write_text(case.as_json(), "utf-8")
        words = ", ".join(found)
        (FOUND / f"{case.number}.txt").write_bytes(words.encode() + b"\n\n" + answer.body[:4000])


def _slots_filled(desk: FrontDesk, keys: Sequence[str]) -> tuple[list[str], int]:
    """Slots that a visitor's command filled, and how many conversations were looked at."""
    kept = [events(desk, conversations.id_of(key)) for key in keys]
    return [name for one in kept for name in filled(one)], sum(bool(one) for one in kept)


def _again(desk: FrontDesk, kept: Path) -> None:
    case = case_of(kept.read_text("utf-8"))
    place = urlsplit(desk.url)
    answer = asyncio.run(send(str(place.hostname), int(place.port or 80), case))
    print(b"\n".join(case.parts)[:2000])
    print(answer, list(faults(case, answer)), sep="\n")


def _say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
