"""Every turn is timed by its parts and counted by what the visitor got."""

from __future__ import annotations

import pytest
from prometheus_client import REGISTRY

from tests.web.visitor.conftest import CRISIS, FakeRasa, Visitor
from web import metrics

PARTS = (metrics.BEFORE, metrics.RASA, metrics.AFTER, metrics.WEB, metrics.WHOLE)


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def timed() -> list[float]:
    return [figure("front_desk_turn_seconds_count", part=part) for part in PARTS]


@pytest.mark.parametrize("text", ["what does it cost", "I want to kill myself"])
def test_each_part_of_a_turn_is_timed_once(visitor: Visitor, rasa: FakeRasa, text: str) -> None:
    rasa.says = CRISIS
    before = timed()

    visitor.say(text)

    assert timed() == [number + 1 for number in before]


def test_the_parts_add_up_to_the_whole(visitor: Visitor) -> None:
    def seconds(part: str) -> float:
        return figure("front_desk_turn_seconds_sum", part=part)

    before = [seconds(part) for part in PARTS]
    visitor.say("what does it cost")
    first, rasa, last, web, whole = [
        now - then for now, then in zip(map(seconds, PARTS), before, strict=True)
    ]

    assert web == pytest.approx(first + last)
    assert whole == pytest.approx(web + rasa)
    assert min(first, rasa, last) > 0


def test_a_message_that_was_answered_before_is_no_turn(visitor: Visitor) -> None:
    visitor.say("what does it cost")
    before = timed()

    visitor.say("what does it cost")

    assert timed() == before


@pytest.mark.parametrize(
    ("text", "status", "outcome"),
    [
        ("what does it cost", 200, "text"),
        ("what does it cost", 500, metrics.UNAVAILABLE),
        ("/", 200, metrics.REFUSED),
        ("I want to kill myself", 500, "crisis"),
    ],
)
def test_a_turn_is_counted_by_what_the_visitor_got(
    visitor: Visitor, rasa: FakeRasa, text: str, status: int, outcome: str
) -> None:
    rasa.status = status
    before = figure("front_desk_turns_total", outcome=outcome)

    visitor.say(text)

    assert figure("front_desk_turns_total", outcome=outcome) == before + 1


@pytest.mark.parametrize(("status", "by"), [(200, metrics.BOT), (500, metrics.FIRST_HELP)])
def test_help_is_counted_by_who_gave_it(
    visitor: Visitor, rasa: FakeRasa, status: int, by: str
) -> None:
    rasa.says, rasa.status = CRISIS, status
    before = figure("front_desk_crisis_answers_total", by=by)

    visitor.say("I want to kill myself")

    assert figure("front_desk_crisis_answers_total", by=by) == before + 1
