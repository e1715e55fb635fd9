"""Whatever fails, and however, no line of a log repeats what a person said or is called."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from clinic import logs

MARKER = "Ann-Marker-5551234"
log = logging.getLogger("web.of_this_test")
library = logging.getLogger("some.library")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged, as a program reads it, in a process that logs as ours do."""
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, sys.unraisablehook)
    thread_hook, tells = threading.excepthook, logging.raiseExceptions
    logs.configure("web")
    yield lambda: [json.loads(line) for line in stderr.getvalue().splitlines()]
    logging.captureWarnings(False)
    structlog.reset_defaults()
    root.handlers[:], root.level, sys.excepthook, sys.unraisablehook = before
    threading.excepthook, logging.raiseExceptions = thread_hook, tells


def broken_statement() -> None:
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": MARKER})


def caused() -> None:
    try:
        broken_statement()
    except SQLAlchemyError as error:
        raise RuntimeError(MARKER) from error


def unreachable() -> None:
    httpx.get(f"http://127.0.0.1:1/{MARKER}?q={MARKER}", trust_env=False)


def unreadable() -> None:
    json.loads(f'{{"text": "{MARKER}')


def not_utf8() -> None:
    MARKER.encode().join([b"\xff"] * 2).decode()


def said_by_us() -> None:
    raise ValueError(MARKER)


FAILURES = [broken_statement, caused, unreachable, unreadable, not_utf8, said_by_us]


@pytest.mark.parametrize("fails", FAILURES, ids=lambda fails: fails.__name__)
@pytest.mark.parametrize("who", [log, library], ids=["ours", "a library's"])
def test_a_failure_is_logged_by_class_and_place_only(
    lines: Callable[[], list[dict[str, Any]]], who: logging.Logger, fails: Callable[[], None]
) -> None:
    try:
        fails()
    except Exception as error:
        who.exception("something failed here")
        kind = type(error).__name__

    (line,) = lines()
    assert MARKER not in json.dumps(line)
    assert line["error"] == kind
    assert ".py:" in line["at"]


@pytest.mark.parametrize(
    "say",
    [
        lambda: library.error(f"could not deliver to {MARKER}"),
        lambda: library.error("could not deliver to %s", MARKER),
        lambda: library.error("could not deliver", extra={"to": MARKER}),
        lambda: library.error(RuntimeError(MARKER)),
        lambda: library.error("bad number of arguments", MARKER, MARKER),
        lambda: library.error("what happened: %s", RuntimeError(MARKER), stack_info=True),
        lambda: library.error(MARKER[:7]),
        lambda: structlog.get_logger("some.library").error(f"no room for {MARKER}", to=MARKER),
        lambda: structlog.get_logger("some.library").error("no room for anyone", to=MARKER),
        lambda: warnings.warn(MARKER, stacklevel=1),
    ],
)
def test_of_a_librarys_words_only_those_in_its_code_are_repeated(
    lines: Callable[[], list[dict[str, Any]]], say: Callable[[], None]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        say()

    (line,) = lines()
    assert MARKER[:7] not in json.dumps(line)


def test_what_stands_in_a_librarys_own_code_is_told(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    library.error("could not deliver to %s", MARKER)

    assert lines()[0]["event"] == "could not deliver to %s"
    assert lines()[0]["said_at"].startswith("tests/clinic/test_logs.py:")


def test_a_task_that_nobody_waited_for_is_no_leak(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    async def fails() -> None:
        raise RuntimeError(MARKER)

    async def forget() -> None:
        task = asyncio.ensure_future(fails())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    asyncio.run(forget())

    (line,) = lines()
    assert MARKER not in json.dumps(line)
    assert line["error"] == "RuntimeError"


def test_what_nobody_caught_is_told_by_class_and_place(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    thread = threading.Thread(target=said_by_us)
    thread.start()
    thread.join()
    try:
        said_by_us()
    except ValueError:
        sys.excepthook(*sys.exc_info())

    first, second = lines()
    assert first["error"] == second["error"] == "ValueError"
    assert MARKER not in json.dumps([first, second])


def test_our_own_words_become_fields(lines: Callable[[], list[dict[str, Any]]]) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        log.error("message not kept kinds=%d error=%s", 2, "OperationalError")

    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "message not kept",
        "kinds": 2,
        "error": "OperationalError",
        "level": "error",
        "logger": "web.of_this_test",
        "process": "web",
        "request_id": "abc",
    }


def test_our_own_words_are_shown_without_what_does_not_fit_in(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    log.error("not kept at all", MARKER)
    log.error("not kept: %s", MARKER)

    assert MARKER not in json.dumps(lines())


def test_libraries_speak_only_of_trouble(lines: Callable[[], list[dict[str, Any]]]) -> None:
    library.info("all is well here")
    log.info("all is well here")

    assert [line["logger"] for line in lines()] == ["web.of_this_test"]


def test_in_a_terminal_a_person_reads_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    formatter = logs._formatter("web", is_terminal=True)
    record = logging.LogRecord("web.x", 40, __file__, 1, "not kept error=%s", ("OSError",), None)

    assert "not kept" in formatter.format(record)
    assert not formatter.format(record).startswith("{")
