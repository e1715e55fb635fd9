"""The benchmark of hostile input: what is wrong is seen, and can be sent once more."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.fuzz import report
from benchmarks.fuzz.__main__ import Run
from benchmarks.fuzz.cases import PATHS, ROUTES, SHARES, Case, Keys, case_of, cases, request
from benchmarks.fuzz.judge import NO_ANSWER, Answer, faults, filled
from benchmarks.fuzz.texts import SCRIPT
from benchmarks.fuzz.wire import parsed
from setup.home import HOME
from tests.web.security.routes import ANYBODY, WHO_MAY

KEYS = Keys(["a-key-that-talks"], ["another-key"])
PLAIN = Case(1, "path", (b"GET / HTTP/1.1\r\n\r\n",))
KIND = b'{"error": {"code": "busy", "message": "Please wait. In danger call 988."}}'


def answer(status: int, body: bytes = b"", *, timed_out: bool = False, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, body, 0.1, timed_out)


def test_every_route_of_a_stranger_is_among_them() -> None:
    assert len(ROUTES) == sum(who == ANYBODY for who in WHO_MAY.values())
    assert "/api/messages" in PATHS


def test_the_same_seed_makes_the_same_cases_and_all_kinds() -> None:
    made = list(cases(1500, 1, KEYS))

    assert made == list(cases(1500, 1, KEYS))
    assert made != list(cases(1500, 2, KEYS))
    assert {case.kind for case in made} == set(SHARES)


def test_a_case_that_was_kept_is_the_same_case() -> None:
    for case in cases(300, 3, KEYS):
        assert case_of(case.as_json()) == case


def test_half_of_the_slow_ones_never_end() -> None:
    slow = [case for case in cases(3000, 1, KEYS) if case.kind == "slow"]
    whole = [case for case in slow if not case.hangs]

    assert len(whole) < len(slow)
    assert all(b"".join(case.parts).endswith(b"}") for case in whole)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(200), []),
        (answer(404), []),
        (answer(500), ["status 500"]),
        (answer(503), ["status 503"]),
        (answer(503, KIND), []),
        (answer(502, KIND), ["status 502"]),
        (answer(NO_ANSWER), ["no answer"]),
        (answer(NO_ANSWER, timed_out=True), ["no end"]),
        (answer(400, b"Traceback (most recent call last)"), ["something of the inside is shown"]),
        (answer(422, f"{HOME}/web/app.py".encode()), ["something of the inside is shown"]),
        (answer(200, x_injected="1"), ["a header was put in"]),
        (answer(200, SCRIPT.encode(), content_type="text/html"), ["a script comes back"]),
        (answer(200, SCRIPT.encode(), content_type="text/plain"), []),
        (answer(303, location="//elsewhere.example/"), ["sends people elsewhere"]),
    ],
)
def test_each_wrong_answer_is_seen(given: Answer, expected: list[str]) -> None:
    assert list(faults(PLAIN, given)) == expected


def test_what_is_no_http_may_be_hung_up_on() -> None:
    assert list(faults(Case(1, "bad HTTP", (b"\x00",)), answer(NO_ANSWER))) == []


def slot(name: str, value: object) -> dict[str, object]:
    return {"event": "slot", "name": name, "value": value}


def test_a_slot_that_a_command_filled_is_seen() -> None:
    said = {"event": "user", "text": "/slot{FUZZ}"}
    let_go = [slot("crisis_reply", "FUZZ"), slot("crisis_reply", None)]

    assert filled([said, slot("questionnaire", "FUZZ"), slot("watch", {"a": ["FUZZ"]})]) == [
        "questionnaire",
        "watch",
    ]
    assert filled([said, *let_go, slot("questionnaire", "callback")]) == []


def test_an_answer_is_read_byte_by_byte() -> None:
    raw = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>no</p>"

    assert parsed(raw) == (404, {"content-type": "text/html"}, b"<p>no</p>")
    assert parsed(b"") == (NO_ANSWER, {}, b"")
    assert parsed(b"garbage\r\n\r\n")[0] == NO_ANSWER


def test_a_request_has_one_length_and_what_is_odd_stays_odd() -> None:
    assert request("POST", "/x", b"ab").count(b"Content-Length") == 1
    assert b"Content-Length: -1" in request("POST", "/x", b"ab", [("Content-Length", "-1")])
    assert b"Content-Length" not in request("POST", "/x", b"", [("Transfer-Encoding", "chunked")])


def test_the_verdict_says_what_is_wrong() -> None:
    run = Run(
        statuses=Counter({("path", 200): 3}),
        faults=Counter({("path", "status 500"): 1}),
        seconds=[0.1, 0.2],
        before={"web": 100.0, "rasa": 100.0},
        after={"web": 150.0, "rasa": 101.0},
    )

    words = report.page(run, inputs=4, seed=1, at_once=1)

    assert "**1 answers are wrong.**" in words
    assert "processes grew by more than 10 %: web.**" in words
    assert "No slot was filled." in words
    assert not run.is_well
