"""The page of what grows: ratios of medians, and nothing claimed that was not measured."""

from __future__ import annotations

from benchmarks.chat import growth_page, length, stored
from benchmarks.chat.length import Long
from benchmarks.chat.measures import Round
from benchmarks.chat.topics import Trial
from benchmarks.chat.usage import Machine

MACHINE = Machine(cores=2, system="here", load=0.1, commit="abc")
SIZE = growth_page.Size(length.USUAL, stored.USUAL)


def found(late: float, full: float, topics: float | None) -> growth_page.Found:
    long = Long([0.010, 0.010, 0.5], [late, late, 0.5], {1: 0.01}, {"rasa": 8}, {"rasa": 10})
    trials = None
    if topics is not None:
        trials = (Trial(100, 900, [2.0] * 9, 500, 60), Trial(1000, 9000, [topics] * 9, 900, 200))
    rounds = {
        0: [Round([0.01] * 20, 1, {}, (1, 1), {})],
        1000: [Round([full] * 20, 1, {}, (1, 1), {})],
    }
    return growth_page.Found({"topics": long}, rounds, trials)


def test_growth_within_the_goals_is_said_to_be() -> None:
    page = growth_page.page(found(0.011, 0.012, 2.5), SIZE, MACHINE)

    assert "a turn late in a conversation: reached: 1.10 ×" in page
    assert "a turn with a full database: reached: 1.20 ×" in page
    assert "ten times the topics: reached: 1.25 ×" in page
    assert "| topics | 10.0 | 11.0 | 1.10 | 8.0 | 10.0 | 1.25 |" in page


def test_growth_above_the_goals_is_a_miss() -> None:
    page = growth_page.page(found(0.020, 0.015, 4.0), SIZE, MACHINE)

    assert page.count("**missed**") == 3


def test_topics_that_were_not_measured_are_not_claimed() -> None:
    page = growth_page.page(found(0.011, 0.012, None), SIZE, MACHINE)

    assert "reading a message with ten times the topics: not measured" in page
    assert "Not measured: the public messages are not there" in page
