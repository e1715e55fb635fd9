"""Answers leave the house as FHIR, and are shown to the visitor in plain words."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from clinic.screening.engine import receive
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.response import questionnaire_response
from clinic.screening.summary import summary

Walk = Callable[..., Progress]

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def answers_in(response: dict[str, object]) -> dict[str, list[object]]:
    parsed = QuestionnaireResponse.model_validate(response).model_dump()
    return {
        item["linkId"]: [next(iter(answer.values())) for answer in item["answer"]]
        for item in parsed["item"]
    }


def test_a_finished_questionnaire_is_valid_fhir(questionnaire: Questionnaire, walk: Walk) -> None:
    reviewing = walk(questionnaire, main_reason="PTSD; OCD")
    sent = receive(questionnaire, reviewing, "Yes, send it", lenient=False).progress

    response = questionnaire_response(questionnaire, sent, NOON)

    answers = answers_in(response)
    assert response["status"] == "completed"
    assert response["questionnaire"] == f"{questionnaire.url}|{questionnaire.version}"
    assert answers["age"] == [34]
    assert answers["main_reason"] == [
        {"code": "ptsd", "display": "PTSD"},
        {"code": "ocd", "display": "OCD"},
    ]
    assert answers["state"] == [
        {"system": "https://www.usps.com/", "code": "MD", "display": "Maryland"}
    ]
    assert answers["phone"] == ["+12025550123"]


def test_an_unfinished_one_is_valid_too(questionnaire: Questionnaire, walk: Walk) -> None:
    for until in ("consent", "age", "phone"):
        response = questionnaire_response(questionnaire, walk(questionnaire, until=until), NOON)

        QuestionnaireResponse.model_validate(response)
        assert response["status"] == "in-progress"


def test_what_was_skipped_is_not_in_the_response(questionnaire: Questionnaire, walk: Walk) -> None:
    progress = walk(questionnaire, pregnancy=None, best_time=None)

    answers = answers_in(questionnaire_response(questionnaire, progress, NOON))

    assert "pregnancy" not in answers
    assert "best_time" not in answers


def test_a_time_without_a_zone_is_refused(questionnaire: Questionnaire) -> None:
    start = Progress.start(questionnaire)

    with pytest.raises(ValueError, match="time zone"):
        questionnaire_response(questionnaire, start, NOON.replace(tzinfo=None))


def test_the_summary_is_in_the_visitors_words(questionnaire: Questionnaire, walk: Walk) -> None:
    progress = walk(
        questionnaire, main_reason="1, 5", antidepressant_trials="4 or more", pregnancy=None
    )

    lines = dict(summary(questionnaire, progress))

    assert lines["Main reason"] == "Depression; OCD"
    assert lines["Antidepressants tried"] == "4 or more"
    assert lines["State"] == "Maryland"
    assert lines["Phone"] == "(202) 555-0123"
    assert lines["Pregnancy"] == "skipped"
    assert "E-mail" not in lines
