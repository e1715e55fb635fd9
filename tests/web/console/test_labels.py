"""Codes and times in the words staff read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from clinic.crisis_events import CATEGORIES
from clinic.questionnaires import rules
from clinic.screening.rules import RulesError, Ruleset
from web.console import labels, times


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "No call needed"),
        (1, "Normal"),
        (2, "Soon"),
        (3, "Urgent"),
        (4, "At once"),
        (9, "At once"),
    ],
)
def test_urgency_has_a_word(number: int, word: str) -> None:
    assert labels.urgency(number).word == word


def test_an_outcome_is_called_what_the_triage_table_calls_it() -> None:
    assert [labels.outcome(one.code) for one in rules().outcomes] == [
        one.label for one in rules().outcomes
    ]


def test_while_the_triage_table_is_broken_staff_see_the_codes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> Ruleset:
        raise RulesError("triage.yml: a line is wrong")

    labels.outcomes.cache_clear()
    monkeypatch.setattr(labels, "rules", broken)

    assert labels.outcome("X") == "X"
    labels.outcomes.cache_clear()


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert labels.outcome("Z9") == "Z9"
    assert labels.category("new_kind") == "New kind"
    assert labels.outcome(None) == "Callback request"


def test_every_kind_of_crisis_has_a_word() -> None:
    assert set(CATEGORIES) <= set(labels.CATEGORIES)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "under a minute"),
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_waiting_is_told_in_the_largest_unit_that_says_enough(
    passed: timedelta, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 11, 2, 9, 5, tzinfo=UTC)
    monkeypatch.setattr(times, "now", lambda: moment + passed)

    assert times.how_long(moment) == words


def test_an_exact_time_is_the_clinics_and_names_its_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    in_new_york = SimpleNamespace(zone=ZoneInfo("America/New_York"))
    monkeypatch.setattr(times, "facts", lambda: in_new_york)

    assert times.exact(datetime(2026, 11, 2, 9, 5, tzinfo=UTC)) == "Mon 2 Nov 2026, 04:05 EST"


def test_a_number_that_is_no_telephone_number_is_shown_as_it_is() -> None:
    assert labels.spaced("ask for Zoë") == "ask for Zoë"
    assert labels.dialled("+1 (202) 555-0143") == "tel:+12025550143"
    assert labels.dialled("+12025550143;ext=5") == "tel:+12025550143;ext=5"
