"""`make bench-screening`: simulated visitors talk to the running bot; what is kept is judged."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.screening.bots import EngineBot, Kept, RunningBot, kept_by_conversation
from benchmarks.screening.measures import MISSING, STATUS, WRONG, Result, by_field, judge
from benchmarks.screening.report import page
from benchmarks.screening.simulate import Talk
from benchmarks.screening.visitors import SEED, visitors
from benchmarks.screening.visits import Visit
from benchmarks.screening.wordings import SETS, TEST, use
from setup.dotenv import fernet_key
from setup.home import HOME, QUIET, python_of
from tests.front_desk import FrontDesk

HERE = Path(__file__).parent
RAW = HOME / "var" / "benchmarks" / "screening.json"
VISITORS = 200


def main() -> None:
    line = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__)
    line.add_argument("--visitors", type=int, default=VISITORS)
    line.add_argument("--seed", type=int, default=SEED)
    line.add_argument(
        "--engine", action="store_true", help="the bare engine: seconds, without Rasa, only shown"
    )
    line.add_argument(
        "--wordings", choices=SETS, default=TEST, help="only test measures; the other is only shown"
    )
    asked = line.parse_args()
    use(asked.wordings)
    run = with_the_engine if asked.engine else with_the_product
    results = run(asked.visitors, asked.seed)
    bot = "the engine alone, without Rasa" if asked.engine else "the running product"
    text = page(results, seed=asked.seed, bot=bot, wordings=asked.wordings)
    keep(results, raw(asked.engine, asked.wordings))
    if not asked.engine and asked.wordings == TEST:
        (HERE / "results.md").write_text(text, "utf-8")
        plot()
    print(text)


def with_the_engine(count: int, seed: int) -> list[Result]:
    results = []
    for who in visitors(count, seed):
        bot = EngineBot()
        visit = _shown(Talk(who, bot), who.number, count)
        results.append(judge(visit, bot.kept()))
    return results


def with_the_product(count: int, seed: int) -> list[Result]:
    """One visitor after the other, so that a turn takes as long as it takes one visitor."""
    visits: list[tuple[str, Visit]] = []
    with front_desk() as desk:
        for who in visitors(count, seed):
            bot = RunningBot(desk)
            visit = _shown(Talk(who, bot), who.number, count)
            visits.append((bot.conversation_id, visit))
            bot.close()
        kept = kept_by_conversation(desk)
    return [judge(visit, _of_the_screening(kept.get(name))) for name, visit in visits]


@contextmanager
def front_desk() -> Iterator[FrontDesk]:
    """The product on ports of its own, with a database that is gone afterwards."""
    os.environ["CLINIC_ENCRYPTION_KEYS"] = fernet_key()
    with tempfile.TemporaryDirectory() as folder:
        desk = FrontDesk(
            Path(folder),
            CLINIC_MESSAGES_PER_MINUTE="100000",
            CLINIC_CONVERSATIONS_PER_HOUR="100000",
        )
        print("… starting the product", file=sys.stderr, flush=True)
        try:
            desk.start()
            yield desk
        finally:
            desk.stop()


def raw(engine: bool, wordings: str) -> Path:
    """Where a run is kept: the one that measures has the plain name."""
    parts = (RAW.stem, "engine" if engine else "", "" if wordings == TEST else wordings)
    return RAW.with_stem("-".join(filter(None, parts)))


def keep(results: Sequence[Result], path: Path) -> None:
    """Everything that was said, for a closer look and for the plot."""
    fields = [
        {"field": one.link_id, "meant": one.meant, **{s: one.by_status[s] for s in STATUS}}
        for one in by_field(results)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {"fields": fields, "visits": [_as_json(result) for result in results]}
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")


def plot() -> None:
    command = [str(python_of("rasa")), "-m", "benchmarks.screening.plots", str(RAW)]
    subprocess.run(command, cwd=HOME, env={**os.environ, **QUIET}, check=True)


def _of_the_screening(kept: Kept | None) -> Kept | None:
    return kept if kept and kept.response.get("status") == "completed" else None


def _shown(talk: Talk, number: int, count: int) -> Visit:
    started = time.monotonic()
    visit = talk.go()
    took = time.monotonic() - started
    how = visit.stuck or visit.ended or "-"
    line = f"… visitor {number} of {count}: {how}, {len(visit.turns)} turns in {took:.1f} s"
    print(line, file=sys.stderr, flush=True)
    return visit


def _as_json(result: Result) -> dict[str, object]:
    visit = result.visit
    return {
        "visitor": visit.who.number,
        "kind": visit.who.kind,
        "ended": visit.ended,
        "stuck": visit.stuck,
        "expected": result.expected.outcome,
        "turns": [[turn.deed, turn.field, turn.text, turn.then] for turn in visit.turns],
        "asked_again": visit.refused,
        "not_as_meant": [
            [one.field, one.status, one.said, one.meant, one.got]
            for one in result.filled
            if one.status in (WRONG, MISSING)
        ],
    }


if __name__ == "__main__":
    main()
