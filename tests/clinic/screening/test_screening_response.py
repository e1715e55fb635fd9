"""Answers leave the house as FHIR, come back the same, and are shown to visitors in plain words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from clinic.screening.engine import receive
from clinic.screening.form import Form
from clinic.screening.progress import Progress
from clinic.screening.response import progress_of, questionnaire_response
from clinic.screening.summary import summary
from tests.clinic.screening.conftest import Walk
from tests.clinic.screening.visitors import Says, outcome_of, visitor

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
LOINC = "http://loinc.org"

VISITORS: dict[str, Says] = {
    "nothing to flag": {},
    "several reasons, and a number with a label of its own": {
        "main_reason": "1, 2",
        "stops_brain": "Mania",
        "mania": "I had it in the past",
        "antidepressant_trials": "4 or more",
    },
    "much is skipped": {
        "main_reason": None,
        "duration": None,
        "antidepressant_trials": None,
        "stops_brain": None,
        "stops_body": None,
        "bp_status": None,
        "pregnancy": None,
        "medicines": None,
        "extras": None,
        "best_time": None,
    },
    "both scales and the three questions about safety": {
        "extras": "mood questions; worry questions",
        "phq9_1": 3,
        "phq9_9": 1,
        "suicide_now": "No",
        "suicide_plan": None,
        "gad7_2": 2,
    },
    "one item of a scale is skipped": {"extras": "mood questions", "phq9_5": None},
    "medicines that were cleared up": {
        "medicines": "klonipinn and lisinopril, a blue pill",
        "medicines:meant": "Klonopin (clonazepam)",
    },
    "medicines that were not meant": {
        "medicines": "klonipinn; zolofft",
        "medicines:meant": "None of these",
    },
    "medicines that nobody would clear up": {"medicines": "klonipinn", "medicines:meant": None},
    "a very high blood pressure": {"bp_status": "185/95", "bp_symptoms": "No"},
    "both numbers, and a contradiction that was kept": {
        "bp_status": "High, but controlled with treatment",
        "bp_systolic": "165/101",
    },
    "all extras": {
        "extras": "1; 2; 3; 4",
        "antidepressants_tried": "prozac, zolofft",
        "antidepressants_tried:meant": "Zoloft (sertraline)",
        "ride_home": "no",
        "insurance": "Medicare",
        "preferred_route": "Nasal spray (Spravato)",
        "referral_source": "my “therapist”; a friend <3",
    },
    "abroad": {"state": "I live outside the US"},
    "by e-mail": {"contact_method": "email"},
}


def sent(form: Form, progress: Progress) -> Progress:
    """After the visitor's yes to the review."""
    return receive(form, progress, "Yes, send it", lenient=False).progress


def answers_in(response: dict[str, object]) -> dict[str, list[object]]:
    """The answers by question, as another system reads them, out of their groups."""
    parsed = QuestionnaireResponse.model_validate(response).model_dump()
    return dict(_answers(parsed["item"]))


def _answers(items: list[dict[str, Any]]) -> list[tuple[str, list[object]]]:
    found = []
    for item in items:
        found += _answers(item.get("item", []))
        if "answer" in item:
            values = [next(iter(answer.values())) for answer in item["answer"]]
            found.append((item["linkId"], values))
    return found


# --- There and back -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", VISITORS)
def test_a_response_comes_back_as_the_same_answers_and_the_same_outcome(
    form: Form, who: str
) -> None:
    progress = sent(form, visitor(**VISITORS[who]))
    kept = json.dumps(questionnaire_response(form, progress, NOON))

    replayed = progress_of(form, json.loads(kept))

    assert replayed.answers == progress.answers
    assert replayed.confirmed
    assert replayed.version == progress.version
    assert outcome_of(replayed) == outcome_of(progress)


@pytest.mark.parametrize("who", VISITORS)
def test_every_response_is_valid_fhir(form: Form, who: str) -> None:
    progress = sent(form, visitor(**VISITORS[who]))

    answers = answers_in(questionnaire_response(form, progress, NOON))

    assert list(answers) == [one.link_id for one in progress.answers if not one.skipped]


def test_what_was_skipped_is_not_in_the_response_and_comes_back_as_skipped(form: Form) -> None:
    progress = sent(form, visitor(pregnancy=None, best_time=None))
    response = questionnaire_response(form, progress, NOON)

    replayed = progress_of(form, response)

    assert not {"pregnancy", "best_time"} & set(answers_in(response))
    assert {one.link_id for one in replayed.answers if one.skipped} == {"pregnancy", "best_time"}


def test_of_questions_that_go_on_what_has_no_answer_is_not_taken_for_skipped(form: Form) -> None:
    whole = visitor()
    half = replace(whole, answers=whole.answers[:8])

    replayed = progress_of(form, questionnaire_response(form, half, NOON))

    assert replayed.answers == half.answers
    assert not replayed.confirmed


def test_a_callback_request_comes_back_too(callback: Form) -> None:
    progress = sent(callback, visitor("callback"))

    replayed = progress_of(callback, questionnaire_response(callback, progress, NOON))

    assert replayed == progress


# --- What stands in it ----------------------------------------------------------------------------


def test_answers_are_written_with_what_the_visitor_saw(form: Form) -> None:
    progress = visitor(
        main_reason="PTSD; OCD", antidepressant_trials="4 or more", medicines="Zoloft 50 mg"
    )

    response = questionnaire_response(form, sent(form, progress), NOON)

    answers = answers_in(response)
    assert response["status"] == "completed"
    assert response["questionnaire"] == f"{form.questionnaire.url}|{form.questionnaire.version}"
    assert response["language"] == "en"
    assert response["authored"] == "2026-01-31T12:00:00+00:00"
    assert answers["age"] == [34]
    assert answers["antidepressant_trials"] == [4]
    assert answers["main_reason"] == [
        {"code": "ptsd", "display": "PTSD"},
        {"code": "ocd", "display": "OCD"},
    ]
    assert answers["state"] == [
        {"system": "https://www.usps.com/", "code": "MD", "display": "Maryland"}
    ]
    assert answers["medicines"] == ["Zoloft 50 mg"]
    assert answers["phone"] == ["+12025550123"]


def test_an_option_beside_free_text_is_written_as_an_option(form: Form) -> None:
    progress = visitor(medicines="none", state="I live outside the US")

    answers = answers_in(questionnaire_response(form, progress, NOON))

    assert answers["medicines"] == [{"code": "none", "display": "I take none"}]
    assert answers["state"] == [{"code": "outside_us", "display": "I live outside the US"}]


def test_answers_of_a_scale_stand_in_their_group_with_their_codes(form: Form) -> None:
    progress = visitor(extras="mood questions", phq9_9=1, suicide_plan=None)

    response: Any = questionnaire_response(form, progress, NOON)

    groups = {item["linkId"]: item["item"] for item in response["item"] if "item" in item}
    assert list(groups) == ["phq9", "suicide_followup"]
    assert [item["linkId"] for item in groups["suicide_followup"]] == [
        "suicide_now", "suicide_3_months",
    ]  # fmt: skip
    assert groups["phq9"][8] == {
        "linkId": "phq9_9",
        "text": "Thoughts that you would be better off dead or of hurting yourself in some way",
        "answer": [
            {"valueCoding": {"system": LOINC, "code": "LA6569-3", "display": "Several days"}}
        ],
    }


def test_medicines_that_were_meant_are_written_by_their_names(form: Form) -> None:
    progress = visitor(
        **{
            "medicines": "klonipinn and zolofft",
            "medicines:meant": "Klonopin (clonazepam); Zoloft (sertraline)",
        }
    )

    answers = answers_in(questionnaire_response(form, progress, NOON))

    assert answers["medicines"] == ["klonipinn and zolofft"]
    assert answers["medicines:meant"] == [
        {"code": "clonazepam", "display": "Klonopin (clonazepam)"},
        {"code": "sertraline", "display": "Zoloft (sertraline)"},
    ]


def test_every_entry_has_the_words_of_its_question(form: Form) -> None:
    response: Any = questionnaire_response(form, visitor(), NOON)

    for entry in response["item"]:
        item = form.questionnaire.item(entry["linkId"])
        assert item is not None
        assert entry["text"] == item.text


@pytest.mark.parametrize("until", ["consent", "age", "bp_status", "phone"])
def test_unfinished_questions_are_valid_too(form: Form, walk: Walk, until: str) -> None:
    response = questionnaire_response(form, walk(form, until=until), NOON)

    QuestionnaireResponse.model_validate(response)
    assert response["status"] == "in-progress"


def test_questions_that_an_emergency_ended_are_stopped(form: Form, walk: Walk) -> None:
    ended = walk(form, until="for_whom", emergency_now="Yes")

    response = questionnaire_response(form, ended, NOON, stopped=True)

    QuestionnaireResponse.model_validate(response)
    assert response["status"] == "stopped"
    assert progress_of(form, response).answers == ended.answers


def test_a_time_without_a_zone_is_refused(form: Form) -> None:
    start = Progress.start(form.questionnaire)

    with pytest.raises(ValueError, match="time zone"):
        questionnaire_response(form, start, NOON.replace(tzinfo=None))


# --- In plain words -------------------------------------------------------------------------------


def test_the_summary_is_in_the_visitors_words(form: Form) -> None:
    progress = visitor(
        **{
            "main_reason": "1, 5",
            "antidepressant_trials": "4 or more",
            "bp_status": "128/82",
            "pregnancy": None,
            "medicines": "zolofft",
            "medicines:meant": "Zoloft (sertraline)",
            "contact_method": "call",
        }
    )

    lines = dict(summary(form, progress))

    assert lines["Main reason"] == "Depression; OCD"
    assert lines["Number of antidepressants"] == "4 or more"
    assert lines["State"] == "Maryland"
    assert lines["Blood pressure, upper number"] == "128"
    assert lines["Medicines"] == "zolofft"
    assert lines["Medicines I meant"] == "Zoloft (sertraline)"
    assert lines["Phone"] == "(202) 555-0123"
    assert lines["Pregnancy and breastfeeding"] == "skipped"
    assert "E-mail" not in lines


def test_the_summary_stands_in_the_order_of_the_questions(form: Form) -> None:
    progress = visitor(extras="mood questions", main_reason="Depression")
    names = {asked.item.short: asked.item.link_id for asked in form.questionnaire.questions}

    lines = summary(form, progress)

    assert [names[label] for label, _ in lines] == [one.link_id for one in progress.answers]
