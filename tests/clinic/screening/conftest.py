"""One imaginary visitor, whose answers raise no flag unless a test says so."""

from collections.abc import Callable

import pytest

from clinic import questionnaires
from clinic.screening.engine import next_question, receive, skip
from clinic.screening.form import Form
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.rules import Ruleset

Walk = Callable[..., Progress]

CALM = {
    "consent": "Yes, I agree",
    "emergency_now": "No",
    "for_whom": "About me",
    "age": "34",
    "state": "Maryland",
    "main_reason": "Anxiety",
    "duration": "2 to 12 months",
    "diagnosed_by_clinician": "Yes",
    "current_care": "Psychiatrist",
    "antidepressant_trials": "1",
    "other_treatments": "none",
    "stops_brain": "None of these",
    "stops_body": "None of these",
    "bp_status": "Normal",
    "pregnancy": "Does not apply to me",
    "substance_use": "No",
    "medicines": "none",
    "extras": "none",
    "name": "Ann Lee",
    "contact_method": "call",
    "phone": "(202) 555-0123",
    "email": "ann@example.com",
    "best_time": "Weekday mornings",
    "adult": "Yes",
}
"""What somebody types who answers everything and has nothing to flag."""


@pytest.fixture(scope="session")
def form() -> Form:
    return questionnaires.form(questionnaires.SCREENING)


@pytest.fixture(scope="session")
def questionnaire(form: Form) -> Questionnaire:
    return form.questionnaire


@pytest.fixture(scope="session")
def callback() -> Form:
    return questionnaires.form(questionnaires.CALLBACK)


@pytest.fixture(scope="session")
def ruleset() -> Ruleset:
    return questionnaires.rules()


@pytest.fixture
def walk() -> Walk:
    """Answer one question after another, up to `until`; None as a text skips the question.

    Items of a scale are answered with the option of so many points: `phq9_1=2`. Contradictions
    are left as they are.
    """

    def _walk(form: Form, until: str = "review", **said: str | int | None) -> Progress:
        texts: dict[str, str | int | None] = {**CALM, **said}
        progress = Progress.start(form.questionnaire)
        while (question := next_question(form, progress)) and question.link_id != until:
            text = _text(question.link_id, texts)
            received = (
                skip(form, progress)
                if text is None
                else receive(form, progress, _label(form, question.link_id, text), lenient=True)
            )
            assert received.problem is None, (question.link_id, received.problem)
            progress = received.progress
        return progress

    return _walk


def _text(link_id: str, texts: dict[str, str | int | None]) -> str | int | None:
    if link_id.startswith("contradiction:"):
        return "Both are right"
    if link_id.startswith(("phq9_", "gad7_")) and link_id != "phq9_difficulty":
        return texts.get(link_id, 0)
    return texts[link_id]


def _label(form: Form, link_id: str, text: str | int) -> str:
    """The words of the option with so many points."""
    item = form.questionnaire.item(link_id)
    if isinstance(text, str) or item is None:
        return str(text)
    return next(option.label for option in item.options if option.points == text)
