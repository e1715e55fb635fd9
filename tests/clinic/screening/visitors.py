"""Visitors who answer like the one with nothing to flag, and say something else here and there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from clinic import questionnaires
from clinic.questionnaires import SCREENING
from clinic.screening.conditions import Facts
from clinic.screening.enabling import in_order
from clinic.screening.engine import next_question, receive, skip
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.progress import Progress
from clinic.screening.triage import Outcome, triage
from tests.clinic.screening.conftest import CALM

Said = str | int | None
Says = Mapping[str, Said]
"""By question what is typed; a number is the option of so many points, None skips the question."""

SERVED = frozenset({"MD", "DC"})
_ELSE_ASKED = {
    "phq9_difficulty": "Somewhat difficult",
    "suicide_now": "No",
    "suicide_plan": "No",
    "suicide_3_months": "No",
    "bp_symptoms": "No",
}


@cache
def visitor(name: str = SCREENING, **says: Said) -> Progress:
    """All answers up to the review. Whoever says the same walks once: walking takes time."""
    form = questionnaires.form(name)
    progress = Progress.start(form.questionnaire)
    if says:
        same = tuple(one for one in visitor(name).answers if one.link_id not in says)
        progress = in_order(form, replace(progress, answers=same))
    while (question := next_question(form, progress)) and question.link_id != "review":
        progress = _after(form, progress, question.link_id, says)
    return progress


def up_to(progress: Progress, link_id: str) -> Progress:
    """Progress as it stood when the visitor had just answered this question."""
    names = [answer.link_id for answer in progress.answers]
    return replace(progress, answers=progress.answers[: names.index(link_id) + 1])


def facts(progress: Progress, *, unfinished: bool = False) -> Facts:
    form = questionnaires.form(progress.questionnaire)
    return facts_of(form, progress, states_served=SERVED, unfinished=unfinished)


def outcome_of(progress: Progress) -> Outcome:
    """What the triage table says of a finished screening."""
    outcome = triage(questionnaires.rules(), facts(progress))
    assert outcome is not None
    return outcome


def fired(outcome: Outcome) -> set[str]:
    """The rules that fired, without the one that always does."""
    return {reason.rule for reason in outcome.reasons} - {"g_general"}


def _after(form: Form, progress: Progress, link_id: str, says: Says) -> Progress:
    said = _said(link_id, says)
    if said is None:
        received = skip(form, progress)
    else:
        received = receive(form, progress, _words(form, link_id, said), lenient=True)
    assert received.problem is None, (link_id, said, received.problem)
    return received.progress


def _said(link_id: str, says: Says) -> Said:
    if link_id in says:
        return says[link_id]
    if link_id.startswith("contradiction:"):
        return "Both are right"
    return {**CALM, **_ELSE_ASKED}.get(link_id, 0)  # what else is asked counts points


def _words(form: Form, link_id: str, said: str | int) -> str:
    item = form.questionnaire.item(link_id)
    if isinstance(said, str) or item is None:
        return str(said)
    return next(option.label for option in item.options if option.points == said)
