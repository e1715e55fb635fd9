"""A wish to change an answer is heard, and which one; what only sounds like it is not."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.changes import LONGEST, Change, find_change
from clinic.screening.items import Item, Option
from clinic.screening.reading import read

SAID = yaml.safe_load((Path(__file__).parent / "changes.yml").read_text(encoding="utf-8"))
NEWEST = "trials"

YES_NO_UNSURE = (Option("no", "No"), Option("yes", "Yes"), Option("unsure", "I'm not sure"))
NONE = Option("none", "None of these", exclusive=True)


def question(
    link_id: str, short: str, reads: str, *options: Option, named: tuple[str, ...] = ()
) -> Item:
    """An answered question, as a questionnaire file would have it."""
    whole = reads in ("age", "number", "blood_pressure")
    return Item(
        link_id,
        "integer" if whole else "choice",
        "?",
        options=options,
        reads=reads,
        short=short,
        named=named,
        min_value={"age": 0, "number": 0, "blood_pressure": 60}.get(reads),
        max_value={"age": 120, "number": 30, "blood_pressure": 260}.get(reads),
    )


ITEMS = (
    question("age", "Age", "age", named=("my age", "how old I am")),
    question("state", "State", "state", named=("my state", "where I live")),
    question(
        "main_reason",
        "Main reason",
        "multiple",
        *(Option(code, code.capitalize()) for code in ("depression", "anxiety", "ptsd", "ocd")),
    ),
    question(
        "trials", "Antidepressants tried", "number", *(Option(n, str(n)) for n in range(5))
    ),
    question("brain", "Brain and mind", "multiple", Option("stroke", "Stroke"), NONE),
    question("heart", "Heart", "multiple", Option("angina", "Angina"), NONE, named=("my heart",)),
    question(
        "liver",
        "Liver",
        "choice",
        *(Option(code, f"Yes, {code}", (code,)) for code in ("mild", "moderate", "severe")),
        Option("unsure", "I'm not sure"),
    ),
    question(
        "bp_status",
        "Blood pressure",
        "choice",
        Option("normal", "Normal"),
        Option("high_controlled", "High, but controlled"),
        Option("numbers", "I know the numbers", takes="bp_systolic"),
        named=("my blood pressure", "bp"),
    ),
    question("bp_systolic", "Blood pressure, upper number", "blood_pressure"),
    question("pregnancy", "Pregnancy", "choice", *YES_NO_UNSURE),
    question(
        "substance_use",
        "Alcohol and drugs",
        "multiple",
        Option("now_alcohol", "Now: alcohol"),
        Option("none", "No", exclusive=True),
        named=("alcohol", "drugs", "my drinking"),
    ),
    question(
        "medicines", "Medicines", "medicines", Option("none", "None"),
        named=("my medicines", "my medications", "my meds"),
    ),
    question("phq9_3", "Sleep (PHQ-9)", "choice", *YES_NO_UNSURE),
    question("mood", "Mood", "choice", *YES_NO_UNSURE),
    question("route", "Route", "choice", Option("iv", "IV"), Option("any", "No preference")),
    question("insurance", "Insurance", "choice", Option("private", "Private"), Option("va", "VA")),
    question("name", "Name", "name", named=("my name",)),
    question("phone", "Phone", "phone"),
    question("email", "E-mail", "email"),
    question("best_time", "Best time", "text"),
)  # fmt: skip
LINK_IDS = {item.link_id for item in ITEMS}


@pytest.mark.parametrize("case", SAID["changes"], ids=lambda case: case["said"])
def test_a_wish_to_change_an_answer_is_heard(case: dict[str, object]) -> None:
    change = find_change(str(case["said"]), ITEMS, str(case.get("newest", NEWEST)))

    assert change is not None
    assert (list(change.link_ids), change.text) == (case["change"], case.get("to"))


@pytest.mark.parametrize("text", SAID["none"])
def test_what_only_sounds_like_a_change_is_none(text: str) -> None:
    assert find_change(text, ITEMS, NEWEST) is None


def test_at_least_150_sentences_prove_it() -> None:
    assert len(SAID["changes"]) >= 75
    assert len(SAID["none"]) >= 75


@pytest.mark.parametrize("case", SAID["changes"], ids=lambda case: case["said"])
def test_new_words_are_read_by_their_question(case: dict[str, object]) -> None:
    change = find_change(str(case["said"]), ITEMS, str(case.get("newest", NEWEST)))
    if change is None or change.text is None:
        return

    (item,) = [one for one in ITEMS if one.link_id in change.link_ids]

    assert read(item, change.text, lenient=True).values


def test_an_answer_that_fits_several_questions_names_them_all() -> None:
    change = find_change("correction: 2", ITEMS, "name")

    assert change is not None
    assert {"trials", "liver", "pregnancy"} <= set(change.link_ids)
    assert change.text == "2"


@pytest.mark.parametrize("text", ["sorry, 20", "actually 20", "wait, twenty"])
def test_a_bare_number_may_answer_the_open_question_unless_the_newest_takes_it(text: str) -> None:
    newest = find_change(text, ITEMS, "trials")

    assert newest is not None
    assert newest.link_ids == ("trials",)
    assert find_change(text, ITEMS, "pregnancy") is None


def test_no_bare_number_turns_anybody_into_a_child() -> None:
    for text in ("correction: 12", "I meant two", "no wait, 17", "*9"):
        change = find_change(text, ITEMS, "name")

        assert change is None or "age" not in change.link_ids

    assert find_change("actually I'm 17", ITEMS, "name") == Change(("age",), "I'm 17")
    assert find_change("no wait, 17", ITEMS, "age") == Change(("age",), "17")


def test_other_words_for_an_option_may_as_well_answer_the_open_question() -> None:
    for_whom = question("for_whom", "For whom", "choice", Option("else", "Else", ("a friend",)))
    items = (for_whom, *ITEMS)

    assert find_change("actually a friend", items, "trials") is None
    assert find_change("I meant a friend", items, "trials") == Change(("for_whom",), "a friend")
    assert find_change("actually a friend", items, "for_whom") == Change(("for_whom",), "a friend")


def test_the_newest_answer_comes_first() -> None:
    assert find_change("correction: 2", ITEMS, "liver") == Change(("liver",), "2")


def test_two_questions_of_one_name_are_both_meant() -> None:
    twins = (question("one", "Head", "choice"), question("two", "Head", "choice"))

    assert find_change("change the head answer", twins, None) == Change(("one", "two"), None)


def test_only_answered_questions_are_changed() -> None:
    only_age = ITEMS[:1]

    assert find_change("change my phone", only_age, "age") is None
    assert find_change("sorry, I meant Ohio", only_age, "age") is None
    assert find_change("change my phone", (), None) is None


def test_without_a_newest_answer_the_last_one_is_not_known() -> None:
    assert find_change("change my last answer", ITEMS, None) == Change((), None)


def test_a_long_story_is_no_wish_to_change() -> None:
    assert find_change("change my phone " + "and so on " * LONGEST, ITEMS, NEWEST) is None


@settings(deadline=None)
@given(
    st.sampled_from(["", "change my ", "actually ", "I meant ", "my phone is wrong, ", "oops "]),
    st.text(max_size=80),
    st.sampled_from([None, "age", "trials", "name"]),
)
def test_no_text_breaks_it_and_only_answered_questions_are_named(
    begin: str, text: str, newest: str | None
) -> None:
    change = find_change(begin + text, ITEMS, newest)

    assert change is None or LINK_IDS.issuperset(change.link_ids)
