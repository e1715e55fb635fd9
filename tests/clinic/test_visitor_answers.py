"""Visitors can take with them what they told us: all of it, and nothing of anybody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from sqlalchemy.orm import Session

from clinic import interviews
from clinic.facts import facts
from clinic.questionnaires import CALLBACK, SCREENING, form
from clinic.screening.progress import Answered, Progress, ProgressError
from clinic.tables import Lead, QuestionnaireProgress
from clinic.visitor_answers import as_fhir, as_json, as_text, kept_answers

C = "a-conversation"
NOON = datetime(2026, 1, 31, 17, 5, tzinfo=UTC)
CONSENT, NAME = Answered("consent", ("yes",)), Answered("name", ("Ann Example",))
REVIEW = {
    "code": "R",
    "label": "for staff only",
    "text": "You may still be considered.",
    "ruleset": "1",
    "reasons": [
        {"rule": "r-1", "code": "R", "text": "you have sleep apnea"},
        {"rule": "g-1", "code": "G", "text": "of a weaker outcome"},
    ],
}


def keep(
    session: Session,
    *answers: Answered,
    name: str = CALLBACK,
    status: str = "in-progress",
    conversation_id: str = C,
) -> QuestionnaireProgress:
    asked = form(name).questionnaire
    finished = status == "completed"
    progress = Progress(asked.id, asked.version, (CONSENT, *answers), confirmed=finished)
    row = QuestionnaireProgress(
        conversation_id=conversation_id,
        questionnaire=name,
        version=asked.version,
        status=status,
        progress=progress.to_json(),
        consented_at=NOON,
    )
    session.add(row)
    session.flush()
    return row


def keep_lead(session: Session) -> None:
    session.add(Lead(conversation_id=C, urgency=2, name="Ann Example", triage=REVIEW))
    session.flush()


def text(session: Session) -> str:
    return as_text(kept_answers(session, C), NOON)


def test_answers_are_read_with_their_labels(session: Session) -> None:
    keep(session, NAME)

    (one,) = kept_answers(session, C)

    label = form(CALLBACK).questionnaire.item("name")
    assert label is not None
    assert (label.short, "Ann Example") in one.answers


def test_where_nothing_is_kept_there_is_nothing(session: Session) -> None:
    keep(session, NAME, conversation_id="of-somebody-else")

    assert kept_answers(session, C) == []


def test_what_was_erased_is_gone(session: Session) -> None:
    keep(session, NAME)
    interviews.erase(session, C)

    assert kept_answers(session, C) == []


def test_both_questionnaires_are_there_in_the_order_they_were_begun(session: Session) -> None:
    keep(session, NAME, status="completed")
    keep(session, name=SCREENING)

    forms = as_json(kept_answers(session, C))["forms"]

    assert [(one["questionnaire"], one["status"]) for one in forms] == [
        (CALLBACK, "completed"),
        (SCREENING, "in-progress"),
    ]
    assert forms[0]["consented_at"] == "2026-01-31T17:05:00+00:00"
    assert ["Name", "Ann Example"] in forms[0]["answers"]


def test_answers_to_a_question_that_is_no_longer_asked_are_shown_too(session: Session) -> None:
    keep(session, Answered("favorite_season", ("fall", "spring")), Answered("pets", (), True))

    answers = dict(kept_answers(session, C)[0].answers)

    assert answers["Favorite season"] == "fall; spring"
    assert answers["Pets"] == "skipped"


def test_what_cannot_be_read_is_said_and_not_guessed(session: Session) -> None:
    keep(session).progress = {"answers": "what?"}
    session.flush()

    with pytest.raises(ProgressError):
        kept_answers(session, C)


def test_the_text_says_whose_it_is_when_and_what_it_is_not(session: Session) -> None:
    keep(session, NAME)

    page = text(session)

    assert facts().name in page
    assert "Downloaded on January 31, 2026, 12:05 PM EST" in page
    assert "Name: Ann Example" in page
    assert "not a diagnosis" in page
    assert "“delete my answers”" in page
    assert facts().phone in page
    assert "988" in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("in-progress", "have not sent these answers"),
        ("completed", "You sent these answers"),
        ("ended", "ended these questions early"),
    ],
)
def test_the_text_says_whether_staff_have_the_answers(
    session: Session, status: str, words: str
) -> None:
    keep(session, NAME, status=status)

    assert words in text(session)


def test_the_text_repeats_what_was_told_and_no_reason_that_was_not(session: Session) -> None:
    keep(session, NAME, name=SCREENING, status="completed")
    keep_lead(session)

    page = text(session)

    assert "What we told you\nYou may still be considered.\n- you have sleep apnea" in page
    assert "of a weaker outcome" not in page
    assert "for staff only" not in page


def test_a_new_start_does_not_repeat_what_was_told_of_the_old_answers(session: Session) -> None:
    keep(session, NAME, name=SCREENING)
    keep_lead(session)

    assert "What we told you" not in text(session)


def test_lines_of_an_answer_stay_inside_it(session: Session) -> None:
    keep(session, Answered("name", ("Ann\n- Phone: 1",)))

    assert "- Name: Ann\n  - Phone: 1\n" in text(session)


@pytest.mark.parametrize("status", ["in-progress", "completed"])
def test_one_questionnaire_is_a_valid_fhir_response(session: Session, status: str) -> None:
    keep(session, NAME, status=status)

    fhir = as_fhir(kept_answers(session, C))

    QuestionnaireResponse.model_validate(fhir)
    assert fhir["status"] == status


def test_two_are_a_valid_bundle_of_responses(session: Session) -> None:
    keep(session, NAME, status="completed")
    keep(session, name=SCREENING)

    fhir = as_fhir(kept_answers(session, C))

    Bundle.model_validate(fhir)
    assert [entry["resource"]["status"] for entry in fhir["entry"]] == ["completed", "in-progress"]
