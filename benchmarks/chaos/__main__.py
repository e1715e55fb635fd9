"""`make chaos`: visitors talk while every process is killed and frozen; the books are compared.

Other numbers can be tried; only a run of the usual size is written to results.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.chaos import report
from benchmarks.chaos.books import BROKEN_AUDIT, Gap, Meant, gaps
from benchmarks.chaos.faults import Outage, Storm
from benchmarks.chaos.kept import kept
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.servers import Ours, Postgres, Server, redis_server
from benchmarks.chaos.visitors import MOST_VISITORS, Visitor, meant, visitors
from benchmarks.chaos.visits import Visit
from benchmarks.chaos.widget import Widget
from clinic.database import open_engine
from clinic.questionnaires import form
from clinic.screening.summary import summary
from setup.dotenv import fernet_key
from setup.home import HOME, QUIET, python_of
from tests.front_desk import FrontDesk
from tests.postgres_server import postgres_server
from tests.receivers import Webhook, webhook_server

HERE = Path(__file__).parent
RAW = HOME / "var" / "benchmarks" / "chaos.json"
WATCHFUL = 4
"""So many more sit there with an open window, and need help as soon as something breaks."""
CONVERSATIONS, AT_ONCE, SEED, GAP, MINUTES = 300, 12, 2026, 10.0, 40.0
OURS = ("rasa", "actions", "web")
SETTINGS = {
    "CLINIC_ACTION_TOKEN": "-",
    "CLINIC_SEARCH_KEY": "a key that lives as long as the benchmark",
}


@dataclass(frozen=True)
class Clinic:
    """The running product, and all that it stands on."""

    desks: Sequence[FrontDesk]
    servers: Sequence[Server]
    engine: Engine
    hook: Webhook


@dataclass(frozen=True)
class Run:
    """What came of it."""

    ledger: Ledger
    outages: Sequence[Outage]
    gaps: Sequence[Gap]
    facts: Mapping[str, str]
    seconds: float


def main() -> None:
    asked = _asked()
    # Who ends the run early finds no server left running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before its time"))
    os.environ.update(SETTINGS, CLINIC_ENCRYPTION_KEYS=fernet_key())
    _say(f"seed {asked.seed}, {asked.conversations} conversations, {asked.at_once} at once")
    with clinic(asked.replicas, Path(tempfile.mkdtemp(prefix="chaos-"))) as place:
        run = measure(place, asked)
    words = report.page(
        run.ledger,
        run.outages,
        run.gaps,
        facts={
            "conversations": str(asked.conversations),
            "beside them, open windows that wait for an outage": str(WATCHFUL),
            "visitors at once": str(asked.at_once),
            "seed": str(asked.seed),
            "replicas of rasa, actions and web": str(asked.replicas),
            "seconds": f"{run.seconds:.0f}",
            **run.facts,
        },
    )
    if asked.conversations >= CONVERSATIONS:
        (HERE / "results.md").write_text(words, "utf-8")
    keep_and_plot(run, HERE if asked.conversations >= CONVERSATIONS else RAW.parent)
    print(words)
    sys.exit(1 if run.gaps or run.ledger.stuck else 0)


def _asked() -> argparse.Namespace:
    line = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    line.add_argument("--conversations", type=int, default=CONVERSATIONS)
    line.add_argument("--at-once", type=int, default=AT_ONCE)
    line.add_argument("--seed", type=int, default=SEED)
    line.add_argument("--gap", type=float, default=GAP, help="seconds between faults, on average")
    line.add_argument("--minutes", type=float, default=MINUTES, help="then nothing breaks any more")
    line.add_argument("--replicas", type=int, default=1, choices=(1, 2))
    line.add_argument("--only", nargs="+", help="break only these, such as: web postgres")
    return line.parse_args()


@contextmanager
def clinic(replicas: int, folder: Path) -> Iterator[Clinic]:
    """PostgreSQL and Redis for all; each replica of web has its own rasa, and that its actions."""
    with ExitStack() as stack:
        postgres = stack.enter_context(postgres_server())
        redis = stack.enter_context(redis_server(folder))
        hook = stack.enter_context(webhook_server())
        postgres.psql("CREATE DATABASE tracker;")
        url = postgres.get_uri(driver="psycopg")
        settings = {
            "CLINIC_DATABASE_URL": url,
            "RASA_TRACKER_URL": postgres.get_uri(database="tracker", driver="psycopg2"),
            "CLINIC_REDIS_URL": redis.url,
            "CLINIC_NOTICE_URLS": hook.address,
            "CLINIC_MESSAGES_PER_MINUTE": "100000",
            "CLINIC_CONVERSATIONS_PER_HOUR": "100000",
        }
        desks: list[FrontDesk] = []
        servers: list[Server] = [Postgres(postgres), redis]
        for number in range(replicas):
            (folder / str(number)).mkdir()
            desk = FrontDesk(folder / str(number), **settings)
            stack.callback(desk.stop)
            _say(f"starting replica {number + 1}; logs are in {desk.folder}")
            desk.start()
            desks.append(desk)
            names = {one: one if not number else f"{one} {number + 1}" for one in OURS}
            servers += [Ours(desk, one, name) for one, name in names.items()]
        engine = open_engine(url)
        stack.callback(engine.dispose)
        yield Clinic(desks, servers, engine, hook)


def measure(place: Clinic, asked: argparse.Namespace) -> Run:
    people = visitors(MOST_VISITORS, asked.seed)
    broken = [one for one in place.servers if not asked.only or one.name.split()[0] in asked.only]
    begun = time.monotonic()
    storm = Storm(broken, asked.seed, asked.gap, begun)
    urls = [desk.url for desk in place.desks]
    ledger, conversations = asyncio.run(_visits(people, urls, storm, asked))
    seconds = time.monotonic() - begun
    found = kept(place.engine)
    expected = {
        (conversation, name): Meant(
            {one.link_id: one.values for one in meant(who, name).answers},
            tuple(summary(form(name), meant(who, name))),
        )
        for conversation, who in conversations.items()
        for name in ("screening", "callback")
    }
    facts = {
        "messages answered": str(len(ledger.said)),
        "answers shown as taken": str(len(ledger.taken)),
        "leads said to be with staff": str(len(ledger.sent)),
        "notices that arrived": str(len(place.hook.taken)),
        "notices noted as sent": str(found.deliveries),
    }
    missing = [*gaps(ledger, found, expected), *_gaps_of_the_audit(place.desks[0])]
    return Run(ledger, storm.outages, missing, facts, seconds)


def _gaps_of_the_audit(desk: FrontDesk) -> Iterator[Gap]:
    try:
        desk.clinic("audit", "verify")
    except subprocess.CalledProcessError:
        yield Gap(BROKEN_AUDIT, "")


async def _visits(
    people: Sequence[Visitor], urls: Sequence[str], storm: Storm, asked: argparse.Namespace
) -> tuple[Ledger, dict[str, Visitor]]:
    ledger, conversations = Ledger(), dict[str, Visitor]()
    usual, watchful = iter(people[: asked.conversations]), iter(people[asked.conversations :])

    @asynccontextmanager
    async def visit_of(who: Visitor) -> AsyncIterator[Visit]:
        widget = Widget(urls, ledger, who.chance("widget"), storm.begun)
        yield Visit(who, widget, ledger)
        conversations.update(dict.fromkeys(widget.had, who))

    async def one_after_the_other() -> None:
        for who in usual:
            async with visit_of(who) as visit:
                await visit.go()
            _say(f"visitor {who.number + 1} of {asked.conversations} is done: {who.kind}")

    async def wait_for_an_outage() -> None:
        for who in watchful:
            async with visit_of(who) as visit:
                await visit.go_in_danger(storm.next_outage)
            if storm.is_over:
                return

    raging = asyncio.create_task(storm.rage(60 * asked.minutes))
    watching = [asyncio.create_task(wait_for_an_outage()) for _ in range(WATCHFUL)]
    await asyncio.gather(*(one_after_the_other() for _ in range(asked.at_once)))
    raging.cancel()
    await storm.calm()
    await asyncio.gather(*watching)
    return ledger, conversations


def keep_and_plot(run: Run, folder: Path) -> None:
    """The plot is drawn in the other environment, which has what it takes."""
    RAW.parent.mkdir(parents=True, exist_ok=True)
    said = {
        "seconds": run.seconds,
        "outages": [asdict(one) for one in run.outages],
        "answers": run.ledger.answers,
        "dangers": [{**asdict(one), "shown": one.shown} for one in run.ledger.dangers],
        "gaps": [asdict(one) for one in run.gaps],
        "stuck": run.ledger.stuck,
        "said": [asdict(one) for one in run.ledger.said],
        "counts": run.ledger.counts,
    }
    RAW.write_text(json.dumps(said, indent=1), "utf-8")
    picture = folder / "timeline.png"
    command = [str(python_of("rasa")), "-m", "benchmarks.chaos.plots", str(RAW), str(picture)]
    subprocess.run(command, cwd=HOME, env={**os.environ, **QUIET}, check=True)


def _say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
