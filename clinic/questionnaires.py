"""The clinic's two questionnaires and its triage table, read once from `screening/`."""

from __future__ import annotations

from functools import lru_cache

from clinic.facts import facts
from clinic.screening import engine
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire, load_questionnaire
from clinic.screening.rules import RulesError, Ruleset, load_rules, unknown_words
from clinic.screening.triage import Outcome, ending, triage
from clinic.settings import HOME

SCREENING, CALLBACK = "screening", "callback"
FILES = {SCREENING: "screening/questionnaire.yml", CALLBACK: "screening/callback.yml"}


@lru_cache
def questionnaire(name: str) -> Questionnaire:
    return load_questionnaire(HOME / FILES[name])


@lru_cache
def rules() -> Ruleset:
    """The triage table, proved to speak of questions and options that exist.

    Raises:
        RulesError: the file is broken, or a rule waits for an answer that nobody can give.
    """
    path = HOME / "screening" / "triage.yml"
    ruleset = load_rules(path)
    if unknown := unknown_words(ruleset, questionnaire(SCREENING)):
        raise RulesError(path, "; ".join(unknown))
    return ruleset


def early_ending(name: str, progress: Progress) -> Outcome | None:
    """The outcome that ends the questions now: no consent, an emergency, under age, elsewhere."""
    answered = engine.answers(questionnaire(name), progress)
    return ending(rules(), answered, states_served=facts().state_codes)


def outcome(name: str, progress: Progress) -> Outcome | None:
    """What the triage table says of a finished screening; a callback request has no outcome."""
    if name != SCREENING:
        return None
    answered = engine.answers(questionnaire(name), progress)
    return triage(rules(), answered, states_served=facts().state_codes)
