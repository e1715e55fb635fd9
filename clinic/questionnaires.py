"""The clinic's two questionnaires and its triage table, read once from `screening/`."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from clinic.clock import now
from clinic.facts import facts
from clinic.first_line import CATEGORIES
from clinic.screening.conditions import Facts
from clinic.screening.contradictions import load_contradictions
from clinic.screening.dates import LocalDates
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.medicines import load_medicines
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import (
    Questionnaire,
    QuestionnaireError,
    load_questionnaire,
)
from clinic.screening.rules import RulesError, Ruleset, load_rules
from clinic.screening.scores import ScoresError, load_scales, unknown_items
from clinic.screening.triage import Outcome, ending, triage, unknown_words
from clinic.settings import HOME

SCREENING, CALLBACK = "screening", "callback"
FOLDER = HOME / "screening"


@lru_cache
def form(name: str) -> Form:
    """A questionnaire with its scores, medicines and contradictions.

    Raises:
        UnusableFileError: a file is broken, or scores name questions that do not exist.
    """
    if name == CALLBACK:
        callback = _questionnaire("callback.yml")
        if callback.contact_within is None:
            raise QuestionnaireError(f"{FOLDER / 'callback.yml'}: 'contact_within' is missing.")
        return Form(callback)
    questionnaire = _questionnaire("questionnaire.yml")
    scales = load_scales(FOLDER / "scores.yml")
    if unknown := unknown_items(scales, questionnaire):
        raise ScoresError(f"{FOLDER / 'scores.yml'}: {'; '.join(unknown)}")
    return Form(
        questionnaire,
        scales=scales,
        medicines=load_medicines(FOLDER / "medicines.yml"),
        contradictions=load_contradictions(FOLDER / "contradictions.yml"),
    )


def _questionnaire(file: str) -> Questionnaire:
    """A questionnaire that begins with a consent, and asks for help lines that there are."""
    questionnaire = load_questionnaire(FOLDER / file, local_dates())
    if questionnaire.consent is not questionnaire.questions[0].item:
        raise QuestionnaireError(
            f"{FOLDER / file}: the first question is the consent; it needs 'textVersion'."
        )
    for asked in questionnaire.questions:
        if asked.help is not None and asked.help not in CATEGORIES:
            raise QuestionnaireError(
                f"{FOLDER / file}: 'help: {asked.help}' is not one of: {', '.join(CATEGORIES)}."
            )
    return questionnaire


def local_dates() -> LocalDates:
    """How dates are written in the clinic's country; among ours only the US begins with the month.

    The day changes at the clinic's midnight: a visitor's own is not known.
    """
    return LocalDates(month_first=facts().country == "US", today=_today)


def _today() -> date:
    return now().astimezone(facts().zone).date()


@lru_cache
def rules() -> Ruleset:
    """The triage table, proved to speak of questions and options that exist.

    Raises:
        RulesError: the file is broken, or a rule waits for an answer that nobody can give.
    """
    ruleset = load_rules(FOLDER / "triage.yml")
    if unknown := unknown_words(ruleset, (form(SCREENING), form(CALLBACK))):
        raise RulesError(f"{FOLDER}: {'; '.join(unknown)}")
    return ruleset


def early_ending(name: str, progress: Progress) -> Outcome | None:
    """The outcome that ends the questions now: no consent, an emergency, under age, elsewhere."""
    return ending(rules(), _facts(name, progress, unfinished=True))


def standing(name: str, progress: Progress) -> Outcome | None:
    """What the answers so far come to, before the questions end; None if nothing yet."""
    return triage(rules(), _facts(name, progress, unfinished=True))


def outcome(name: str, progress: Progress) -> Outcome | None:
    """What the triage table says of a finished screening; a callback request has no outcome."""
    if name != SCREENING:
        return None
    return triage(rules(), _facts(name, progress, unfinished=False))


def _facts(name: str, progress: Progress, *, unfinished: bool) -> Facts:
    return facts_of(form(name), progress, states_served=facts().state_codes, unfinished=unfinished)
