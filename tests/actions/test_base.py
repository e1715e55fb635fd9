"""An action never leaks what a visitor said, never falls silent and never holds up the others."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ClinicAction, Events
from actions.say import say
from clinic.facts import facts
from tests.actions.builders import Ran, tracker


class Breaks(ClinicAction):
    """Says something, and then fails with the visitor's words in its hands."""

    def name(self) -> str:
        return "action_breaks"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        say(dispatcher, "Thank you, that is saved.")
        raise ValueError(f"cannot take {tracker.latest_message['text']}")


class Meets(ClinicAction):
    """Returns only when three of its kind are under way at the same time."""

    def __init__(self) -> None:
        self.all_here = threading.Barrier(3, timeout=5)
        self.threads: list[threading.Thread] = []

    def name(self) -> str:
        return "action_meets"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        self.threads.append(threading.current_thread())
        self.all_here.wait()
        return [{"event": "met"}]


def test_when_an_action_breaks_the_visitor_hears_so_with_988_and_911() -> None:
    ran = Ran(Breaks(), tracker("my secret"))

    assert len(ran.messages) == 1
    assert "not saved" in ran.words
    assert "988" in ran.words
    assert "911" in ran.words
    assert ran.events == []


def test_elsewhere_the_apology_names_the_numbers_of_that_country(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = facts().model_copy(update={"country": "GB"})
    monkeypatch.setattr("clinic.help_lines.facts", lambda: there)

    words = Ran(Breaks(), tracker("my secret")).words

    assert words.endswith(
        "If you are in danger, call 999. In a crisis, call Samaritans on 116 123."
    )


def test_what_was_said_before_it_broke_is_not_said() -> None:
    assert "Thank you" not in Ran(Breaks(), tracker("my secret")).words


def test_the_log_names_the_action_and_the_kind_of_error_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        Ran(Breaks(), tracker("my secret"))

    (record,) = [record for record in caplog.records if record.name == "actions.base"]
    assert record.getMessage() == "action failed name=action_breaks error=ValueError"
    assert record.exc_info is None
    assert "my secret" not in caplog.text


def test_slow_actions_do_not_wait_for_each_other() -> None:
    action = Meets()

    async def three_visitors() -> list[Events]:
        runs = [action.run(CollectingDispatcher(), tracker(), {}) for _ in range(3)]
        return await asyncio.gather(*runs)

    assert asyncio.run(three_visitors()) == [[{"event": "met"}]] * 3
    assert threading.main_thread() not in action.threads
