"""What one answer changes: itself, and whatever was only right because of the answer before."""

from dataclasses import replace

from clinic.screening.conditions import DATE, QUESTION
from clinic.screening.contradictions import Contradiction
from clinic.screening.enabling import in_order
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.progress import Answered, Progress


def applied(form: Form, progress: Progress, answer: Answered) -> Progress:
    """Progress as if the visitor had answered so at first."""
    if progress.values(answer.link_id) != answer.values:
        progress = _without_what_hung_on(form, progress, answer.link_id)
    return _settled(form, in_order(form, progress.with_answer(answer)))


def _without_what_hung_on(form: Form, progress: Progress, link_id: str) -> Progress:
    """What cleared up doubts about the old answer says nothing about the new one."""
    questions = (asked.item for asked in form.questionnaire.questions)
    cleared_up = {item.link_id for item in questions if item.confirms == link_id}
    about_it = {one.id for one in form.contradictions if _looks_at(one, link_id)}
    return replace(
        progress,
        answers=tuple(one for one in progress.answers if one.link_id not in cleared_up),
        settled=tuple(name for name in progress.settled if name not in about_it),
    )


def _looks_at(contradiction: Contradiction, link_id: str) -> bool:
    mentioned = contradiction.when.mentions()
    return link_id in contradiction.about or any(
        mention.kind in (DATE, QUESTION) and mention.name == link_id for mention in mentioned
    )


def _settled(form: Form, progress: Progress) -> Progress:
    """Only contradictions that still are some stay settled."""
    if not progress.settled:
        return progress
    facts = facts_of(form, progress, unfinished=True)
    still = (
        one.id
        for one in form.contradictions
        if one.id in progress.settled
        and all(map(progress.values, one.about))
        and one.when.holds(facts)
    )
    return replace(progress, settled=tuple(sorted(still)))
