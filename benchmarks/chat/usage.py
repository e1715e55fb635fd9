"""What processes take: memory, processor time, and how busy each core is."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil

from setup.home import HOME

CLIENT = "client"
GONE = (psutil.NoSuchProcess, psutil.ZombieProcess)


def processor_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """Of each process with all that it has started, and of this one as the client."""
    return {name: _seconds(pid) for name, pid in {**pids, CLIENT: os.getpid()}.items()}


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after}


@dataclass(frozen=True)
class Memory:
    """Megabytes. `proportional` counts what processes share only once, where it can be read."""

    resident: float
    proportional: float | None


def memory(pid: int) -> Memory:
    resident, proportional, is_whole = 0, 0, True
    for process in _tree(pid):
        with suppress(*GONE):
            resident += process.memory_info().rss
            try:
                proportional += process.memory_full_info().pss
            except psutil.AccessDenied:
                is_whole = False
    return Memory(resident / 1e6, proportional / 1e6 if is_whole else None)


def resident_mb(pid: int) -> float:
    """Without the proportional share, which is slow to read: for looking often."""
    found = 0.0
    for process in _tree(pid):
        with suppress(*GONE):
            found += process.memory_info().rss / 1e6
    return found


class Cores:
    """How busy each core has been since this was made."""

    def __init__(self) -> None:
        self.before = psutil.cpu_times(percpu=True)

    def busy(self) -> list[float]:
        after = psutil.cpu_times(percpu=True)
        return [_busy(*pair) for pair in zip(self.before, after, strict=True)]


@dataclass(frozen=True)
class Machine:
    """Where and with what a run was made."""

    cores: int
    system: str
    load: float
    commit: str

    def __str__(self) -> str:
        return (
            f"{self.cores} cores, {self.system}, load average {self.load:.2f} at the start; "
            f"commit {self.commit}"
        )


def machine() -> Machine:
    return Machine(os.cpu_count() or 1, platform.machine(), os.getloadavg()[0], _commit())


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607  # git as this machine finds it
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


def _seconds(pid: int) -> float:
    found = 0.0
    for process in _tree(pid):
        with suppress(*GONE):
            times = process.cpu_times()
            found += times.user + times.system + times.children_user + times.children_system
    return found


def _tree(pid: int) -> Iterator[psutil.Process]:
    with suppress(*GONE):
        process = psutil.Process(pid)
        yield process
        if pid != os.getpid():  # what is measured was started by this process
            yield from process.children(recursive=True)


def _busy(before: object, after: object) -> float:
    idle = sum(getattr(after, name) - getattr(before, name) for name in ("idle", "iowait"))
    whole = sum(after) - sum(before)  # type: ignore[call-overload]  # named tuples of seconds
    return 100 * (1 - idle / whole) if whole else 0.0
