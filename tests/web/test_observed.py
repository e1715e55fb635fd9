"""A line for each request: how it went and how long it took, and nothing of who made it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from clinic.settings import settings
from web.app import create_app

MARKER = "a-marker"


@pytest.fixture
def http(database_url: str) -> Iterator[TestClient]:
    settings()
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict[str, Any]]]:
    """What was said of requests, as they end."""
    seen: list[dict[str, Any]] = []

    class Taken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append({"level": record.levelname, **record.__dict__["fields"]})

    handler, log = Taken(), logging.getLogger("web.observed")
    log.addHandler(handler)
    with caplog.at_level(logging.INFO, "web.observed"):
        yield seen
    log.removeHandler(handler)


def test_each_answer_has_a_number_of_its_own(http: TestClient) -> None:
    numbers = [http.get("/safety").headers["x-request-id"] for _ in range(2)]

    assert len(set(numbers)) == 2
    assert all(re.fullmatch(r"[0-9a-f]{16}", number) for number in numbers)


def test_a_number_that_a_stranger_sends_is_not_taken_over(http: TestClient) -> None:
    assert http.get("/safety", headers={"X-Request-Id": MARKER}).headers["x-request-id"] != MARKER


def test_a_line_says_how_it_went_and_nothing_of_what_was_sent(
    http: TestClient, lines: list[dict[str, Any]]
) -> None:
    http.post(
        f"/api/messages?q={MARKER}",
        json={"text": MARKER, "key": "key-0001"},
        headers={"Authorization": f"Bearer {MARKER}", "User-Agent": MARKER},
    )

    (line,) = lines
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/messages", 409)
    assert set(line) == {"level", "method", "route", "status", "ms"}
    assert MARKER not in str(line)


def test_an_id_in_the_address_is_not_in_the_line(
    http: TestClient, lines: list[dict[str, Any]]
) -> None:
    http.get(f"/staff/leads/{MARKER}")
    http.get(f"/{MARKER}")
    http.post("/api/feedback/question")

    routes = [line["route"] for line in lines]
    assert routes == ["/staff/leads/{lead_id}", "none", "/api/feedback/question"]


@pytest.mark.parametrize("path", ["/healthz", "/staff/static/live.js"])
def test_what_is_asked_all_the_time_says_nothing_while_it_is_well(
    http: TestClient, lines: list[dict[str, Any]], path: str
) -> None:
    assert http.get(path).status_code == 200

    assert lines == []


def test_a_fault_of_ours_stands_out(http: TestClient, lines: list[dict[str, Any]]) -> None:
    http.get("/readyz")  # nobody plays Rasa here

    assert [(line["level"], line["status"]) for line in lines] == [("WARNING", 503)]
