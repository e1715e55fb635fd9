"""A question about a date: read without guessing, kept as a day, compared, and shown in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic import questionnaires
from clinic.facts import facts
from clinic.screening.changes import find_change
from clinic.screening.condition_file import condition_from
from clinic.screening.dates import LocalDates, in_words
from clinic.screening.engine import carried_over, next_question, receive, skip
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.hand_written import Entry
from clinic.screening.items import Item
from clinic.screening.progress import Answered, Progress
from clinic.screening.questionnaire import QuestionnaireError, load_questionnaire
from clinic.screening.reading import read
from clinic.screening.response import progress_of, questionnaire_response
from clinic.screening.response_answers import answers
from clinic.screening.rules import load_rules
from clinic.screening.summary import summary
from clinic.screening.triage import triage, unknown_words
from tests.clinic.screening.test_screening_response import answers_in

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
US = LocalDates(month_first=True, today=lambda: TODAY)
ELSEWHERE = LocalDates(month_first=False, today=lambda: TODAY)

HEAD = """\
resourceType: Questionnaire
id: dates
url: https://clinic.example/fhir/Questionnaire/dates
name: Dates
version: "1"
title: With a date
status: draft
item:
"""
DOSE = """\
  - linkId: last_dose
    type: date
    short: Last dose
    text: When was your last dose?
    why: Staff plan with it.
    earliest: 2020-01-01
    latest: today
"""
COUNT = """\
  - linkId: doses
    type: integer
    reads: number
    short: Doses
    text: How many were there?
    why: Staff plan with it.
    enableWhen: [{question: last_dose, operator: ">=", answerDate: 2026-01-01}]
"""
RULES = """\
version: "1"
outcomes:
  R: {urgency: 20, contact_within: 1 open day, label: Look, text: "Because {reasons}, we look."}
  G: {urgency: 10, contact_within: never, label: General, text: Thank you.}
rules:
  - {id: lately, code: R, when: {answer: last_dose, within_days: 14}, reason: it was lately}
  - {id: all, code: G, when: {always: true}, reason: you answered}
"""

PARTS = [
    *("5", "05", "31", "24", "'24", "2024", "5th", "3/5/2024", "3/", "2024-02-30", ".", ",", "-"),
    *("~", "the", "of", "on", "March", "mar", "may", "feb", "tue", "sat", "today", "not", "or"),
]
"""Of dates, in any order: they reach deeper than letters by chance."""

LAST_DOSE = Item(
    "last_dose", "date", "When was your last dose?", reads="date", short="Last dose", dates=US
)

Written = Callable[[str], Form]


@pytest.fixture
def form_of(tmp_path: Path) -> Written:
    def load(items: str) -> Form:
        path = tmp_path / "dates.yml"
        path.write_text(HEAD + items, "utf-8")
        return Form(load_questionnaire(path, US))

    return load


@pytest.fixture
def form(form_of: Written) -> Form:
    return form_of(DOSE + COUNT)


def said(text: str, *, dates: LocalDates = US, lenient: bool = True) -> object:
    reading = read(replace(LAST_DOSE, dates=dates), text, lenient=lenient)
    return reading.values[0] if reading.values else None


def line(text: str, item: Item = LAST_DOSE) -> str:
    """What is said to a text that is no answer; strictly and leniently the same."""
    strict, lenient = (read(item, text, lenient=lenient) for lenient in (False, True))
    assert strict.values == lenient.values == ()
    assert lenient.problem
    return lenient.problem


def heard(form: Form, *texts: str) -> Progress:
    progress = Progress.start(form.questionnaire)
    for text in texts:
        received = receive(form, progress, text, lenient=True)
        assert received.problem is None, text
        progress = received.progress
    return progress


# --- Reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dates", [US, ELSEWHERE])
@pytest.mark.parametrize(
    "text",
    [
        *("2024-03-05", "2024/03/05", "2024-3-5", "5 March 2024", "5 march 2024", "5 mar 2024"),
        *(
            "March 5, 2024",
            "March 5 2024",
            "Mar. 5, 2024",
            "march 5th, 2024",
            "March the 5th, 2024",
        ),
        *(
            "the 5th of March 2024",
            "5th of March, 2024",
            "5-Mar-2024",
            "5Mar2024",
            "05 MARCH 2024.",
        ),
        *("Tuesday, March 5, 2024", "Tue 5 March 2024", "2024 March 5", "  5 March 2024 !  "),
    ],
)
def test_a_whole_date_is_read_in_every_country(text: str, dates: LocalDates) -> None:
    assert said(text, dates=dates, lenient=False) == "2024-03-05"
    assert said(text, dates=dates) == "2024-03-05"


@pytest.mark.parametrize("text", ["03/05/2024", "3/5/2024", "3.5.2024", "03-05-2024"])
def test_numbers_are_read_in_the_order_of_the_country(text: str) -> None:
    assert said(text, dates=US, lenient=False) == "2024-03-05"
    assert said(text, dates=ELSEWHERE, lenient=False) == "2024-05-03"


@pytest.mark.parametrize(
    ("text", "day"),
    [("today", "2026-11-22"), ("Yesterday.", "2026-11-21"), ("tomorrow", "2026-11-23")],
)
def test_a_day_is_named_by_how_near_it_is(text: str, day: str) -> None:
    assert said(text, lenient=False) == day


@pytest.mark.parametrize(
    "text",
    [
        *("it was on March 5, 2024", "My last dose was on 5 March 2024", "I took it on 3/5/2024"),
        *("I think it was 5 March 2024", "ok, 2024-03-05, thanks", "that was Tuesday 5 March 2024"),
    ],
)
def test_a_date_is_read_out_of_a_sentence_that_says_nothing_else(text: str) -> None:
    assert said(text) == "2024-03-05"
    assert said(text, lenient=False) is None


@pytest.mark.parametrize(
    "text",
    [
        *("before March 5, 2024", "around 5 March 2024", "not 5 March 2024", "maybe yesterday"),
        *(
            "the day before yesterday",
            "my mother's was 5 March 2024",
            "about 3/5/2024",
            "~3/5/2024",
        ),
        *("I turned 30 on 5 March 2024", "5, 6 March 2024", "2024-03-05T10:00", "5 March 20244"),
        *("20240305", "last week", "three days ago", "never", "I feel fine today", "tuesday"),
        *("3/5/2024-3/7/2024", "between 5 March 2024 and now", "after 5 March 2024", "until today"),
        *(
            "4 or 5 March 2024",
            "5/6 March 2024",
            "<3/5/2024",
            "~3/5/2024",
            "2024-03/05",
            "5 marches 2024",
        ),
    ],
)
def test_what_may_be_another_day_is_asked_again(text: str) -> None:
    assert "for example 5 March 2024" in line(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("March 2024", "the whole date, with day, month and year"),
        ("5 March", "the whole date, with day, month and year"),
        ("in March", "the whole date, with day, month and year"),
        ("2024", "the whole date, with day, month and year"),
        ("3/5", "the whole date, with day, month and year"),
        ("03/2024", "the whole date, with day, month and year"),
        ("5 mar 24", "check the year, and write it with four digits"),
        ("03/05/24", "check the year, and write it with four digits"),
        ("March 5, '24", "check the year, and write it with four digits"),
        ("0024-03-05", "check the year, and write it with four digits"),
        ("5 March 1204", "check the year, and write it with four digits"),
        ("31 April 2024", "no such day in the calendar"),
        ("February 29, 2023", "no such day in the calendar"),
        ("2024-02-30", "no such day in the calendar"),
        ("0 March 2024", "no such day in the calendar"),
        ("2024-13-05", "there is no such month"),
        ("25/03/2024", "I read the month first, and there is no such month"),
    ],
)
def test_half_odd_and_impossible_dates_get_a_line_that_shows_an_example(
    text: str, words: str
) -> None:
    assert words in line(text)
    assert "for example 5 March 2024" in line(text)


def test_outside_the_us_the_day_is_read_first() -> None:
    assert "I read the day first" in line("03/25/2024", replace(LAST_DOSE, dates=ELSEWHERE))


def test_a_day_of_the_week_must_be_that_of_the_date() -> None:
    assert "another day of the week" in line("Monday, March 5, 2024")


def test_of_two_dates_neither_is_taken() -> None:
    assert said("5 March 2024, 6 March 2024") is None
    assert "more than one date" in line("5 March 2024, 6 March 2024")
    assert said("today, 22 November 2026") == "2026-11-22"


def test_a_question_is_no_answer() -> None:
    assert "sounds like a question" in line("is it 5 March 2024?")


def test_only_who_may_skip_is_told_so() -> None:
    assert "you can skip this question" in line("no idea")
    assert "skip" not in line("no idea", replace(LAST_DOSE, required=True))


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from([US, ELSEWHERE]))
def test_every_day_is_read_as_itself_however_it_is_written(day: date, dates: LocalDates) -> None:
    numbers = f"{day:%m/%d/%Y}" if dates.month_first else f"{day:%d/%m/%Y}"

    for text in (in_words(day), day.isoformat(), f"{day:%B %d, %Y}", f"{day:%d %b %Y}", numbers):
        assert said(text, dates=dates, lenient=False) == day.isoformat()


@given(st.text(max_size=80) | st.lists(st.sampled_from(PARTS), max_size=8).map(" ".join))
def test_a_kinder_ear_hears_no_other_day(text: str) -> None:
    strict, lenient = (read(LAST_DOSE, text, lenient=lenient) for lenient in (False, True))

    assert not strict.values or strict == lenient
    assert bool(lenient.values) != bool(lenient.problem)
    for value in lenient.values:
        assert 1900 <= date.fromisoformat(str(value)).year <= 2100


# --- Limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "text", "words"),
    [
        ({"latest": "today"}, "tomorrow", "not after 22 November 2026"),
        ({"earliest": "today"}, "yesterday", "not before 22 November 2026"),
        ({"earliest": date(2020, 1, 1)}, "31 December 2019", "not before 1 January 2020"),
        (
            {"earliest": date(2020, 1, 1), "latest": "today"},
            "2027-01-01",
            "from 1 January 2020 to 22 November 2026",
        ),
    ],
)
def test_a_day_outside_its_limits_is_told_them(
    limits: dict[str, object], text: str, words: str
) -> None:
    assert words in line(text, replace(LAST_DOSE, **limits))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["2020-01-01", "today"])
def test_the_limits_are_days_that_may_be_given(form: Form, text: str) -> None:
    assert heard(form, text).value("last_dose")


def test_the_example_is_a_day_that_may_be_given() -> None:
    ahead, long_ago = (
        replace(LAST_DOSE, earliest="today"),
        replace(LAST_DOSE, latest=date(1999, 1, 2)),
    )

    for item in (ahead, long_ago):
        example = line("soon", item).partition("for example ")[2].partition(".")[0]
        assert read(item, example, lenient=False).values


def test_the_question_carries_its_limits_as_of_today(form: Form) -> None:
    question = next_question(form, Progress.start(form.questionnaire))

    assert question is not None
    assert question.kind == "date"
    assert (question.earliest, question.latest) == (date(2020, 1, 1), TODAY)


# --- In the file ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("latest: today", "latest: soon", "question 'last_dose': 'latest' must be a date such as"),
        ("2020-01-01", "2020-02-30x", "'earliest' must be a date such as"),
        ("2020-01-01", "2020", "'earliest' must be a date such as"),
        ("latest: today", "latest: 2019-12-31", "'earliest' is after 'latest'"),
        ("type: date", "type: string\n    reads: text", "'earliest' does nothing here"),
        ("latest: today", "repeats: true", "does not fit the type"),
        (
            "latest: today",
            "answerOption: [{valueInteger: 1}, {valueInteger: 2}]",
            "'answerOption' does nothing here",
        ),
        ("answerDate: 2026-01-01", "answerDate: lately", "'answerDate' must be a date such as"),
        ("answerDate: 2026-01-01", "answerInteger: 3", "belong together"),
        ("answerDate: 2026-01-01", "answerString: '2026-01-01'", "belong together"),
    ],
)
def test_a_mistake_about_dates_is_named(
    form_of: Written, before: str, after: str, message: str
) -> None:
    written = DOSE + COUNT
    assert before in written

    with pytest.raises(QuestionnaireError) as error:
        form_of(written.replace(before, after, 1))

    assert message in str(error.value)


def test_an_iso_date_may_stand_in_quotes(form_of: Written) -> None:
    form = form_of(DOSE.replace("2020-01-01", '"2020-01-01"'))

    assert form.questionnaire.questions[0].item.earliest == date(2020, 1, 1)


def test_screening_has_no_clock_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "dates.yml"
    path.write_text(HEAD + DOSE, "utf-8")
    form = Form(load_questionnaire(path))

    with pytest.raises(LookupError, match="which day it is"):
        next_question(form, Progress.start(form.questionnaire))


def test_no_date_is_asked_for_by_the_files_we_ship() -> None:
    """Which one to ask is for a clinician to say."""
    for name in (questionnaires.SCREENING, questionnaires.CALLBACK):
        asked = questionnaires.form(name).questionnaire.questions
        assert "date" not in {one.item.type for one in asked}


@pytest.mark.parametrize(("country", "month_first"), [("US", True), ("GB", False), ("DE", False)])
def test_the_order_is_that_of_the_clinics_country(
    monkeypatch: pytest.MonkeyPatch, country: str, month_first: bool
) -> None:
    elsewhere = facts().model_copy(update={"country": country})
    monkeypatch.setattr(questionnaires, "facts", lambda: elsewhere)

    assert questionnaires.local_dates().month_first is month_first


def test_the_day_changes_at_the_clinics_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2026, 11, 23, 3, tzinfo=UTC)  # still the evening before in New York
    monkeypatch.setattr(questionnaires, "now", lambda: late)

    assert questionnaires.local_dates().today() == TODAY


# --- What becomes of it ---------------------------------------------------------------------------


def test_the_summary_writes_the_month_as_a_word(form: Form) -> None:
    progress = heard(form, "03/05/2024")

    assert dict(summary(form, progress))["Last dose"] == "5 March 2024"
    review = next_question(form, progress)
    assert review is not None
    assert "- Last dose: 5 March 2024" in review.text


def test_it_leaves_as_a_fhir_date_and_comes_back_as_the_same_answer(form: Form) -> None:
    progress = heard(form, "yesterday", "3")

    response = questionnaire_response(form, progress, NOON)

    assert response["item"][0]["answer"] == [{"valueDate": "2026-11-21"}]  # type: ignore[index]
    assert answers_in(response)["last_dose"] == [date(2026, 11, 21)]
    assert progress_of(form, response).answers == progress.answers
    assert answers(response)["last_dose"].words == ("21 November 2026",)
    assert answers(response)["last_dose"].number is None


def test_it_is_kept_and_read_again(form: Form) -> None:
    progress = heard(form, "5 March 2024")

    assert Progress.from_json(progress.to_json()) == progress


@pytest.mark.parametrize(
    ("text", "next_one"), [("2026-01-01", "doses"), ("31 December 2025", "review")]
)
def test_other_questions_wait_for_a_day(form: Form, text: str, next_one: str) -> None:
    question = next_question(form, heard(form, text))

    assert question is not None
    assert question.link_id == next_one


def test_it_may_be_skipped_and_nothing_is_made_up(form: Form) -> None:
    progress = skip(form, Progress.start(form.questionnaire)).progress

    assert dict(summary(form, progress)) == {"Last dose": "skipped"}
    assert "item" not in questionnaire_response(form, progress, NOON)


def test_words_kept_from_when_it_was_a_text_are_not_taken_for_a_day(form: Form) -> None:
    older = Progress("dates", "0", (Answered("last_dose", ("in spring",)),))

    assert carried_over(form, older).answers == ()


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("sorry, I meant March 6, 2024", "March 6, 2024"),
        ("change my last dose to 6 March 2024", "6 March 2024"),
        ("6 March 2024, not 5 March 2024", "6 March 2024"),
    ],
)
def test_it_can_be_changed(form: Form, said: str, text: str) -> None:
    change = find_change(said, (form.questionnaire.questions[0].item,), None)

    assert change is not None
    assert change.link_ids == ("last_dose",)
    assert change.text is not None
    assert change.text.strip(" ,") == text


def test_a_day_said_by_the_way_changes_nothing(form: Form) -> None:
    assert find_change("actually, yesterday", (form.questionnaire.questions[0].item,), None) is None


# --- Rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"before": date(2026, 11, 9)}, True),
        ({"before": date(2026, 11, 8)}, False),
        ({"since": date(2026, 11, 8)}, True),
        ({"since": "2026-11-09"}, False),
        ({"within_days": 14}, True),
        ({"within_days": 13}, False),
    ],
)
def test_rules_look_at_a_day(form: Form, when: dict[object, object], holds: bool) -> None:
    condition = condition_from(Entry({"answer": "last_dose", **when}, "rules.yml"))

    assert condition.holds(facts_of(form, heard(form, "8 November 2026"))) is holds
    assert not condition.holds(facts_of(form, Progress.start(form.questionnaire)))


def test_a_rule_fires_by_the_day_on_which_it_looks(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    path.write_text(RULES, "utf-8")
    ruleset = load_rules(path)
    lately, long_ago = (heard(form, text) for text in ("last dose was yesterday", "5 March 2024"))

    outcomes = [triage(ruleset, facts_of(form, one)) for one in (lately, long_ago)]

    assert [outcome.code for outcome in outcomes if outcome] == ["R", "G"]
    assert unknown_words(ruleset, (form,)) == ()


def test_a_rule_about_days_needs_a_question_about_a_date(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    path.write_text(RULES.replace("answer: last_dose", "answer: doses"), "utf-8")

    (problem,) = unknown_words(load_rules(path), (form,))

    assert problem == "rule 'lately': 'doses' is not asked for a date"
