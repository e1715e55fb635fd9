"""The soak: its pace is even, its visitors notice, its page does not flatter."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from benchmarks.chat.usage import Machine
from benchmarks.soak import page
from benchmarks.soak.pace import Pace
from benchmarks.soak.run import Found
from benchmarks.soak.visits import KINDS, NotAsItMustBe, Visit, kind_of
from benchmarks.soak.watch import Samples

MACHINE = Machine(cores=2, system="here", load=0.1, commit="abc")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def found(last: float, errors: Counter[tuple[str, str]], leads: int = 3) -> Found:
    samples = Samples([0, 200, 400, 600], {"web": [50, 100, 100, last], "rasa": [400.0] * 4})
    return Found(
        capacity=20,
        asked=10,
        wall=600,
        seconds=[0.01] * 6000,
        visits=Counter(screening=3, topics=5),
        errors=errors,
        samples=samples,
        leads=leads,
    )


def test_moments_are_given_out_evenly() -> None:
    clock = Clock()
    pace = Pace(10, clock)

    assert [round(pace.seconds_left(), 6) for _ in range(3)] == [0, 0.1, 0.2]


def test_what_came_late_is_not_made_up_for_in_a_rush() -> None:
    clock = Clock()
    pace = Pace(10, clock)
    pace.seconds_left()
    clock.now += 60

    assert [round(pace.seconds_left(), 6) for _ in range(2)] == [0, 0.1]


def test_the_memory_of_this_process_is_seen() -> None:
    samples = Samples()

    samples.take(0, {"this one": os.getpid()})

    assert samples.resident["this one"][0] > 10


def test_growth_before_the_warm_up_is_over_does_not_count() -> None:
    samples = found(100, Counter()).samples

    assert samples.growth()["web"] > 50
    assert samples.after(180).growth() == {"web": 0, "rasa": 0}


def test_a_process_that_grows_is_a_miss_however_little_the_others_do() -> None:
    words = page.page(found(112, Counter()), 30, MACHINE)

    assert "**missed**: web grew most" in words
    assert "errors: reached: none" in words


def test_steady_memory_and_no_error_are_said_to_be_reached() -> None:
    words = page.page(found(100, Counter()), 30, MACHINE)

    assert "reached: web grew most, by 0.0 %" in words
    assert "none lost: 3 in the database, 3 visitors came to the end" in words
    assert "## Errors" not in words


def test_errors_are_counted_by_kind_and_lost_leads_are_said() -> None:
    errors = Counter({("topics", "NoAnswer: status 503"): 2})

    words = page.page(found(100, errors, leads=2), 30, MACHINE)

    assert "errors: **missed**: 2" in words
    assert "| topics | NoAnswer: status 503 | 2 |" in words
    assert "**1 lost**: 2 in the database, 3 visitors came to the end" in words


def test_a_visit_that_is_not_served_as_it_must_be_says_what_was_missing() -> None:
    visit = Visit("http://127.0.0.1:1", Pace(1), random.Random(1))

    with pytest.raises(NotAsItMustBe) as missing:
        visit.must(False, "crisis answer")

    assert "crisis answer was missing" in kind_of(missing.value)


def test_every_hundred_visitors_are_of_all_kinds() -> None:
    assert sum(share for share, _ in KINDS.values()) == 100
