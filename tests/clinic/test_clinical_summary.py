"""What a clinician sees first: reasons, safety, scores, medicines, and what is still open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from clinic.clinical_summary import ClinicalSummary, Medicine, Reason, clinical_summary
from clinic.screening.items import Item
from clinic.screening.questionnaire import Questionnaire
from clinic.tables import Lead
from tests.clinic.screened import CLINICAL, LOINC, coded, medicine, response, screened

ASKED = Questionnaire(
    id="screening",
    url="https://clinic.example/fhir/Questionnaire/screening",
    name="Screening",
    version="2",
    title="Questions",
    status="draft",
    items=tuple(
        Item(link_id, "choice", text, short=short)
        for link_id, text, short in (
            ("age", "How old are you?", "Age"),
            ("state", "Which state?", "State"),
            ("main_reason", "What brings you here?", "Main reason"),
            ("phq9_1", "Little interest", "Interest"),
            ("phq9_9", "Better off dead", "Item 9"),
            ("suicide_now", "Thinking of it now?", "Thinking of it now"),
            ("suicide_plan", "A plan?", "A plan"),
            ("suicide_3_months", "Anything done?", "Last 3 months"),
        )
    ),
)


def summary_of(**changes: Any) -> ClinicalSummary:
    request = screened(**changes)
    kept = ("name", "contact", "outcome", "triage", "summary", "response", "clinical")
    return clinical_summary(Lead(**{name: getattr(request, name) for name in kept}), ASKED)


def item_9(*answer: str) -> dict[str, Any]:
    return coded("phq9_9", "Better off dead", *[(code, code) for code in answer], system=LOINC)


def test_reasons_keep_their_rule_and_the_visitors_words() -> None:
    assert summary_of().reasons == (
        Reason("you gave a blood pressure of 150/95", "x_numbers", "X"),
        Reason("you mentioned xanax", "r_benzo", "R"),
    )


def test_the_label_is_the_one_that_triage_gave_at_the_time() -> None:
    assert summary_of().label == "Clinician first"


def test_thoughts_of_death_come_with_what_was_asked_after_them() -> None:
    assert summary_of().safety == (
        ("Better off dead", "Several days"),
        ("Thinking of it now?", "No"),
        ("A plan?", "not answered"),
        ("Anything done?", "not answered"),
    )


@pytest.mark.parametrize("items", [(item_9("LA6568-5"),), (coded("age", "?", ("a", "a")),)])
def test_without_such_thoughts_there_is_nothing_about_safety(
    items: tuple[dict[str, Any], ...],
) -> None:
    assert summary_of(response=response(*items)).safety == ()


@pytest.mark.parametrize("code", ["LA6569-3", "LA6570-1", "LA6571-9"])
def test_any_such_thought_is_shown(code: str) -> None:
    assert summary_of(response=response(item_9(code))).safety[0] == ("Better off dead", code)


def test_a_score_shows_every_item_and_a_gap_leaves_it_without_a_total() -> None:
    phq9, gad7 = summary_of().scores

    assert (phq9.label, phq9.total, phq9.band) == ("PHQ-9", 16, "Moderately severe")
    assert [(item.question, item.points) for item in phq9.items] == [
        ("Little interest", 3),
        ("Better off dead", 1),
    ]
    assert (gad7.total, gad7.band, gad7.answered, gad7.of) == (None, None, 1, 2)
    assert gad7.items[1].answer == "not answered"


def test_medicines_that_need_a_look_come_first_and_unknown_ones_stand_apart() -> None:
    summary = summary_of()

    assert [one.generic for one in summary.medicines] == ["alprazolam", "sertraline", "lithium"]
    assert [one.said for one in summary.unrecognised] == ["the blue heart pill"]
    assert [one.said for one in summary.tried] == ["prozac", "a yellow one"]


@pytest.mark.parametrize(
    ("changes", "asks_for", "doubt"),
    [
        ({"flag": "review"}, "review", ""),
        ({"flag": "note"}, "note", ""),
        ({"flag": "none"}, "", ""),
        ({"flag": "review", "now": False}, "review", "typed as not taken now"),
        ({"flag": "review", "now": False, "counts": False}, "", "not taken now"),
        ({"flag": "review", "close": True, "counts": False}, "", "not confirmed"),
    ],
)
def test_a_medicine_says_what_it_asks_for_and_why_it_may_not_be_taken(
    changes: dict[str, Any], asks_for: str, doubt: str
) -> None:
    kept = medicine("xanax", "alprazolam", **changes)

    found: Medicine = summary_of(clinical={**CLINICAL, "medicines": [kept]}).medicines[0]

    assert (found.asks_for, found.doubt) == (asks_for, doubt)


def test_contradictions_gaps_and_the_consent_are_told() -> None:
    summary = summary_of()

    assert summary.contradictions == ("You said normal, and 150 over 95.",)
    assert summary.missing == ("Liver", "Pregnancy and breastfeeding")
    assert summary.consent is not None
    assert (summary.consent.version, summary.consent.language) == ("2", "en")
    assert summary.consent.at == summary.answered_at == datetime(2026, 11, 2, 9, 5, tzinfo=UTC)


def test_no_answer_stands_twice() -> None:
    given = [["Age", "43"], ["Interest", "Nearly every day"], ["A plan", "skipped"]]

    summary = summary_of(
        summary=[*given, ["Main reason", "Depression"], ["Best time", "Weekday mornings"]]
    )

    assert (summary.age, summary.state) == ("43", "Maryland")
    assert summary.answers == (("Main reason", "Depression"),)


def test_the_versions_say_what_sorted_the_answers() -> None:
    assert dict(summary_of().versions) == {"ruleset": "2", "questionnaire": "2", "medicines": "1"}


def test_a_lead_of_the_first_release_shows_what_it_has() -> None:
    summary = summary_of(clinical=None)

    assert not any((summary.scores, summary.medicines, summary.unrecognised, summary.missing))
    assert summary.consent is None
    assert dict(summary.versions) == {"ruleset": "2", "questionnaire": "2"}


def test_without_the_questionnaire_nothing_is_lost() -> None:
    request = screened()
    lead = Lead(contact={}, summary=request.summary, response=request.response)

    summary = clinical_summary(lead, None)

    assert summary.safety[:2] == (
        ("Better off dead", "Several days"),
        ("Thinking of it now?", "No"),
    )
    assert [list(answer) for answer in summary.answers] == request.summary


def test_a_callback_request_has_an_empty_summary() -> None:
    summary = clinical_summary(Lead(contact={}, summary=[]), ASKED)

    assert (summary.label, summary.told, summary.age) == (None, "", "")
    assert not any((summary.reasons, summary.answers, summary.versions))
