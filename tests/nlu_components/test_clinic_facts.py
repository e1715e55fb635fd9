"""Facts of the clinic stand in answers as a person would say them, or the answer says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu_components.clinic_facts import UnknownFact, fill_in, has_all_facts, load_facts

FACTS = {"phone": "202-555-0143", "prices": "", "states_served": "Oregon and Utah"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("hours: 9 to 5", "9 to 5"),
        ("hours: '  9 to 5 '", "9 to 5"),
        ("hours:", ""),
        ("hours: []", ""),
        ("hours: [Monday]", "Monday"),
        ("hours: [Monday, Friday]", "Monday and Friday"),
        ("hours: [Monday, Tuesday, Friday]", "Monday, Tuesday and Friday"),
        ("hours: 365", "365"),
    ],
)
def test_a_fact_is_read_in_words(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "clinic.yml"
    path.write_text(written, "utf-8")

    assert load_facts(path) == {"hours": said}


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("", "Monday 9:00-12:00 and 13:00-17:00; Friday 9:00-12:00"),
        ("weekdays until five", "weekdays until five"),
    ],
)
def test_without_a_sentence_the_hours_are_told_day_by_day(
    tmp_path: Path, hours: str, said: str
) -> None:
    path = tmp_path / "clinic.yml"
    week = "{monday: [9:00-12:00, 13:00-17:00], tuesday: [], friday: 9:00-12:00}"
    path.write_text(f"hours: {hours}\nopening_hours: {week}\n", "utf-8")

    assert load_facts(path)["hours"] == said


def test_facts_are_filled_in_wherever_they_stand() -> None:
    text = "Call {clinic.phone}. In {clinic.states_served}: {clinic.phone}."

    assert fill_in(text, FACTS) == "Call 202-555-0143. In Oregon and Utah: 202-555-0143."


def test_other_braces_are_left_alone() -> None:
    assert fill_in("{name} and {clinic}", FACTS) == "{name} and {clinic}"


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("nothing to fill in", True),
        ("call {clinic.phone}", True),
        ("{clinic.phone}: {clinic.prices}", False),
    ],
)
def test_an_empty_fact_is_a_missing_one(text: str, complete: bool) -> None:
    assert has_all_facts(text, FACTS) is complete


def test_a_fact_that_has_no_line_is_named() -> None:
    with pytest.raises(UnknownFact, match=r"\{clinic\.parking\} is not a line of clinic\.yml"):
        has_all_facts("{clinic.prices} {clinic.parking}", FACTS)
