"""One imaginary visitor, whose answers raise no flag unless a test says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clinic.screening.engine import next_question, receive, skip
from clinic.screening.items import Value
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire, load_questionnaire
from clinic.screening.triage import Ruleset, load_rules

SCREENING = Path(__file__).parents[3] / "screening"

Answers = dict[str, tuple[Value, ...]]
Walk = Callable[..., Progress]


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return load_questionnaire(SCREENING / "questionnaire.yml")


@pytest.fixture(scope="session")
def callback() -> Questionnaire:
    return load_questionnaire(SCREENING / "callback.yml")


@pytest.fixture(scope="session")
def ruleset() -> Ruleset:
    return load_rules(SCREENING / "triage.yml")


@pytest.fixture(scope="session")
def calm_texts() -> dict[str, str]:
    """What a visitor types who answers everything and has nothing to flag."""
    return {
        "consent": "Yes, I agree",
        "emergency_now": "No",
        "age": "34",
        "state": "Maryland",
        "main_reason": "Anxiety",
        "ketamine_allergy": "No",
        "aneurysm_avm_brain_bleed": "No",
        "bp_status": "Normal",
        "heart": "None of these",
        "stroke_ic_pressure": "None of these",
        "psychosis": "Never",
        "mania": "No",
        "pregnancy": "No",
        "substance_use": "No",
        "liver": "No",
        "thyroid": "No",
        "antidepressant_trials": "1",
        "diagnosed_by_clinician": "Yes",
        "name": "Ann Lee",
        "phone": "(202) 555-0123",
        "email": "ann@example.com",
        "leave_message_ok": "Yes",
        "best_time": "Weekday mornings",
    }


@pytest.fixture
def walk(calm_texts: dict[str, str]) -> Walk:
    """Answer one question after another, up to `until`; None as a text skips the question."""

    def _walk(questionnaire: Questionnaire, until: str = "review", **texts: str | None) -> Progress:
        said: dict[str, str | None] = {**calm_texts, **texts}
        progress = Progress.start(questionnaire)
        while (question := next_question(questionnaire, progress)) and question.link_id != until:
            text = said[question.link_id]
            received = (
                skip(questionnaire, progress)
                if text is None
                else receive(questionnaire, progress, text, lenient=True)
            )
            assert received.problem is None, (question.link_id, received.problem)
            progress = received.progress
        return progress

    return _walk


@pytest.fixture
def calm_answers() -> Answers:
    """The same visitor's answers, as triage sees them."""
    return {
        "consent": ("yes",),
        "emergency_now": ("no",),
        "age": (34,),
        "state": ("MD",),
        "main_reason": ("anxiety",),
        "ketamine_allergy": ("no",),
        "aneurysm_avm_brain_bleed": ("no",),
        "bp_status": ("normal",),
        "heart": ("none",),
        "stroke_ic_pressure": ("none",),
        "psychosis": ("never",),
        "mania": ("no",),
        "pregnancy": ("no",),
        "substance_use": ("none",),
        "liver": ("none",),
        "thyroid": ("none",),
        "antidepressant_trials": (1,),
        "diagnosed_by_clinician": ("yes",),
        "name": ("Ann Lee",),
        "phone": ("+12025550123",),
        "leave_message_ok": ("yes",),
        "best_time": ("Weekday mornings",),
    }
