"""`make bench-chat` and `make bench-growth`: measure, and write the pages of this folder anew.

A quick run shows that everything can be measured; its figures mean nothing and are not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.chat import (
    beside,
    beside_page,
    growth_page,
    length,
    replicas,
    replicas_page,
    stored,
    topics,
    usage,
)
from benchmarks.chat.desks import Desk, make_keys, running, servers, stop_all_when_told_to
from setup.home import HOME, QUIET, python_of

HERE = Path(__file__).parent
RAW = HOME / "var" / "benchmarks"


def main() -> None:
    line = argparse.ArgumentParser(prog="python -m benchmarks.chat", description=__doc__)
    line.add_argument("questions", nargs="+", choices=QUESTIONS)
    line.add_argument("--quick", action="store_true", help="smallest numbers, nothing is kept")
    asked = line.parse_args()
    make_keys()
    stop_all_when_told_to()
    for question in asked.questions:
        _say(question)
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            print(QUESTIONS[question](Path(folder), asked.quick), flush=True)


def beside_the_starter(folder: Path, quick: bool) -> str:
    machine, size = usage.machine(), beside.QUICK if quick else beside.USUAL
    with servers() as around:
        found = beside.measure(folder, around, size)
    words = beside_page.page(found, size, machine)
    if not quick:
        _keep("results.md", words)
        _plot("beside", beside_page.summary(found))
    return words


def two_replicas(folder: Path, quick: bool) -> str:
    machine, size = usage.machine(), replicas.QUICK if quick else replicas.USUAL
    with servers() as around:
        found = replicas.measure(folder, around, size)
    words = replicas_page.page(found, size, machine)
    if not quick:
        _keep("replicas.md", words)
    return words


def growth(folder: Path, quick: bool) -> str:
    machine = usage.machine()
    size = growth_page.Size(
        length.QUICK if quick else length.USUAL, stored.QUICK if quick else stored.USUAL
    )
    with running(Desk(folder / "long")) as desk:
        lengths = length.measure(desk, size.length)
    with servers() as around:
        full = stored.measure(folder, around, size.stored)
    found = growth_page.Found(lengths, full, None if quick else topics.measure(folder))
    words = growth_page.page(found, size, machine)
    if not quick:
        _keep("growth.md", words)
        _plot("growth", growth_page.summary(found))
    return words


QUESTIONS: Mapping[str, Callable[[Path, bool], str]] = {
    "beside": beside_the_starter,
    "replicas": two_replicas,
    "growth": growth,
}


def _keep(name: str, words: str) -> None:
    (HERE / name).write_text(words, "utf-8")


def _plot(which: str, shown: Mapping[str, object]) -> None:
    """Drawn in the other environment, which has what it takes."""
    RAW.mkdir(parents=True, exist_ok=True)
    raw = RAW / f"chat-{which}.json"
    raw.write_text(json.dumps(shown, indent=1), "utf-8")
    command = [str(python_of("rasa")), "-m", "benchmarks.chat.plots", which, str(raw)]
    subprocess.run(command, cwd=HOME, env={**os.environ, **QUIET}, check=True)


def _say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
