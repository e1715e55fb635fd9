"""Answers are read as they were meant; what could mean two things is asked again."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.items import Item
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.reading import LONGEST, read
from clinic.screening.reading.options import is_scale
from clinic.screening.review import CHANGE, SEND, review_item

LINES = [("Age", "34")]
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
        if asked.item.type == "choice" and not is_scale(asked.item):
            for number, option in enumerate(asked.item.options, start=1):
                assert read(asked.item, str(number), lenient=False).values == (option.value,)


def test_a_bare_number_is_no_answer_of_a_form_that_counts_from_zero(
    questionnaire: Questionnaire,
) -> None:
    of_forms = [asked.item for asked in questionnaire.questions if is_scale(asked.item)]

    assert len(of_forms) == 9 + 1 + 7
    for asked in of_forms:
        for text in ("0", "1", "2.", "#3", "(3)", "number 2", "two", "4", "7"):
            for lenient in (False, True):
                reading = read(asked, text, lenient=lenient)

                assert reading.values == (), (asked.link_id, text)
                assert "one of the four answers, so that" in str(reading.problem)
        for place, option in enumerate(asked.options, start=1):
            assert read(asked, f"option {place}", lenient=False).values == (option.value,)


def test_a_list_that_is_not_understood_names_what_was(questionnaire: Questionnaire) -> None:
    reading = read(item(questionnaire, "current_care"), "a therapist and Zorblax", lenient=True)

    assert reading.values == ()
    assert reading.problem == (
        "I read “Therapist or counselor”, and I am not sure about the rest."
        " Please choose all that fit."
    )


def test_a_thumb_up_is_no_yes_where_somebody_may_be_in_danger(
    questionnaire: Questionnaire,
) -> None:
    for link_id in (
        *("emergency_now", "suicide_now", "suicide_plan", "suicide_3_months", "bp_symptoms"),
        *("phq9_1", "phq9_9"),
    ):
        for thumb in ("👍", "👍🏽", "👍👍", "👍!"):
            assert read(item(questionnaire, link_id), thumb, lenient=True).values == ()

    assert read(item(questionnaire, "suicide_now"), "👎", lenient=True).values == ()
    assert read(item(questionnaire, "emergency_now"), "👎", lenient=True).values == ("no",)
    assert read(item(questionnaire, "ride_home"), "👍", lenient=True).values == ("yes",)


@pytest.mark.parametrize(
    "text", ["Yes, send it", "looks good, send it", "yes please send", "all correct, send it", "👍"]
)
def test_plain_words_send_what_was_looked_over(text: str) -> None:
    for lenient in (False, True):
        assert read(review_item(LINES), text, lenient=lenient).values == (SEND,)


@pytest.mark.parametrize(
    "text",
    [
        *("let me correct the answer about who I see", "yes but change my phone", "not correct"),
        *("my age is wrong, send it", "yes, except my name", "don't send it", "is that correct?"),
        *("correct my age", "I need to edit something", "fix my name", "that's not right"),
    ],
)
def test_words_of_change_never_send(text: str) -> None:
    assert read(review_item(LINES), text, lenient=False).values in ((), (CHANGE,))
    assert read(review_item(LINES), text, lenient=True).values == (CHANGE,)


@pytest.mark.parametrize(
    "text", ["send it to my doctor", "yes I guess", "send it?", "ok, wait", "sure, after I sleep"]
)
def test_more_than_plain_words_do_not_send(text: str) -> None:
    for lenient in (False, True):
        assert SEND not in read(review_item(LINES), text, lenient=lenient).values


def test_one_text_is_read_in_no_time(questionnaire: Questionnaire) -> None:
    texts = ("sober from alcohol 5 years but I smoke weed", "not at all", "anxiety and ocd " * 12)
    items = [asked.item for asked in questionnaire.questions]
    for asked in items:
        read(asked, "the names of the options are now laid out", lenient=True)

    begin = perf_counter()
    for asked in items:
        for text in texts:
            read(asked, text, lenient=True)

    assert perf_counter() - begin < 0.005 * len(items) * len(texts)


@settings(deadline=None)
@given(st.text(max_size=200), st.booleans())
def test_no_text_breaks_the_reading_and_no_problem_repeats_it(
    questionnaire: Questionnaire, text: str, lenient: bool
) -> None:
    for asked in questionnaire.questions:
        reading = read(asked.item, text, lenient=lenient)

        assert (reading.problem is None) == bool(reading.values)
