"""Answers are read as they were meant; what could mean two things is asked again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.items import Item
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.reading import LONGEST, read

CASES = yaml.safe_load((Path(__file__).parent / "answers.yml").read_text(encoding="utf-8"))


def cases(*kinds: str) -> Iterator[tuple[str, str, object]]:
    for link_id, table in CASES.items():
        for kind in kinds:
            for text, value in table.get(kind, {}).items():
                yield link_id, text, tuple(value) if isinstance(value, list) else (value,)


def asks_again() -> Iterator[tuple[str, str]]:
    for link_id, table in CASES.items():
        for text in table.get("asks_again", []):
            yield link_id, text


def item(questionnaire: Questionnaire, link_id: str) -> Item:
    found = questionnaire.item(link_id)
    assert found is not None
    return found


@pytest.mark.parametrize(("link_id", "text", "values"), list(cases("clear")))
def test_a_clear_answer_is_read_strictly(
    questionnaire: Questionnaire, link_id: str, text: str, values: object
) -> None:
    reading = read(item(questionnaire, link_id), text, lenient=False)

    assert (reading.values, reading.problem) == (values, None)


@pytest.mark.parametrize(("link_id", "text", "values"), list(cases("clear", "lenient")))
def test_an_answer_is_read_leniently(
    questionnaire: Questionnaire, link_id: str, text: str, values: object
) -> None:
    reading = read(item(questionnaire, link_id), text, lenient=True)

    assert (reading.values, reading.problem) == (values, None)


@pytest.mark.parametrize(("link_id", "text", "values"), list(cases("lenient")))
def test_what_needs_a_lenient_ear_is_not_taken_strictly(
    questionnaire: Questionnaire, link_id: str, text: str, values: object
) -> None:
    reading = read(item(questionnaire, link_id), text, lenient=False)

    assert reading.problem is not None


@pytest.mark.parametrize(("link_id", "text"), list(asks_again()))
def test_what_could_be_wrong_is_asked_again(
    questionnaire: Questionnaire, link_id: str, text: str
) -> None:
    for lenient in (False, True):
        reading = read(item(questionnaire, link_id), text, lenient=lenient)

        assert reading.values == ()
        assert reading.problem is not None


@pytest.mark.parametrize(
    "text", ["", "   ", "\n", "🙂🙂", "...", "x" * (LONGEST + 1), "no " * 5_000]
)
def test_empty_huge_and_wordless_texts_get_a_kind_line(
    questionnaire: Questionnaire, text: str
) -> None:
    for asked in questionnaire.questions:
        reading = read(asked.item, text, lenient=True)

        assert reading.values == ()
        assert reading.problem is not None


def test_every_label_and_code_is_a_clear_answer(questionnaire: Questionnaire) -> None:
    for asked in questionnaire.questions:
        for option in asked.item.options:
            for text in (option.label, option.code, option.label.upper(), *option.also):
                reading = read(asked.item, text, lenient=False)

                assert reading.values == (option.value,), (asked.item.link_id, text)


def test_every_option_has_its_number(questionnaire: Questionnaire) -> None:
    for asked in questionnaire.questions:
        if asked.item.type == "choice":
            for number, option in enumerate(asked.item.options, start=1):
                assert read(asked.item, str(number), lenient=False).values == (option.value,)


@settings(deadline=None)
@given(st.text(max_size=200), st.booleans())
def test_no_text_breaks_the_reading_and_no_problem_repeats_it(
    questionnaire: Questionnaire, text: str, lenient: bool
) -> None:
    for asked in questionnaire.questions:
        reading = read(asked.item, text, lenient=lenient)

        assert (reading.problem is None) == bool(reading.values)
