"""Which questions are asked, given the answers so far: by FHIR's `enableWhen`, and by doubts."""

from dataclasses import replace
from datetime import date

from clinic.screening.dates import day_of
from clinic.screening.form import Form
from clinic.screening.items import Condition, EnableWhen, Item, Value
from clinic.screening.medicines.doubts import doubtful, options_for
from clinic.screening.progress import Answered, Progress
from clinic.screening.questionnaire import Asked


def enabled_questions(form: Form, progress: Progress) -> tuple[Asked, ...]:
    """A question waits only for earlier ones, so one walk from the first to the last is enough."""
    return progress.once("enabled", form, lambda: _enabled(form, progress))


def _enabled(form: Form, progress: Progress) -> tuple[Asked, ...]:
    open_so_far: set[str] = set()
    enabled = []
    for asked in form.questionnaire.questions:
        if not all(_holds(when, progress, open_so_far) for when in asked.enable_when):
            continue
        if asked.item.confirms:
            cleared_up = _about_doubts(form, progress, asked, open_so_far)
            if cleared_up is None:
                continue
            asked = cleared_up
        open_so_far.add(asked.item.link_id)
        enabled.append(asked)
    return tuple(enabled)


def in_order(form: Form, progress: Progress) -> Progress:
    """The answers to what is asked, in the questionnaire's order.

    Answers to questions no longer asked are dropped: we keep nothing that we have no use for.
    """
    enabled = enabled_questions(form, progress)
    given = (_still_offered(asked.item, progress) for asked in enabled)
    return replace(progress, answers=tuple(answer for answer in given if answer))


def _still_offered(item: Item, progress: Progress) -> Answered | None:
    answer = progress.answered(item.link_id)
    if answer is None or not item.confirms:
        return answer
    offered = {option.value for option in item.options}
    return answer if offered.issuperset(answer.values) else None


def _about_doubts(
    form: Form, progress: Progress, asked: Asked, open_so_far: set[str]
) -> Asked | None:
    """The question with its options, or nothing: only doubtful words are asked about."""
    about = asked.item.confirms or ""
    if form.medicines is None or about not in open_so_far:
        return None
    of = form.questionnaire.item(about)
    doubts = doubtful(form.medicines, of, progress.values(about)) if of else ()
    if not doubts:
        return None
    return replace(asked, item=replace(asked.item, options=options_for(doubts)))


def _holds(when: EnableWhen, progress: Progress, open_so_far: set[str]) -> bool:
    results = (_is_met(condition, progress, open_so_far) for condition in when.conditions)
    return any(results) if when.behavior == "any" else all(results)


def _is_met(condition: Condition, progress: Progress, open_so_far: set[str]) -> bool:
    asked = condition.question in open_so_far
    values = progress.values(condition.question) if asked else ()
    if condition.operator == "exists":
        return bool(values) == condition.answer
    return any(_compares(value, condition.operator, condition.answer) for value in values)


def _compares(value: Value, operator: str, expected: Value | date) -> bool:
    if isinstance(expected, date):
        day = day_of(value)
        return day is not None and _compares(day.toordinal(), operator, expected.toordinal())
    if operator == "=":
        return value == expected
    if operator == "!=":
        return value != expected
    if isinstance(value, str) or isinstance(expected, str):
        return False  # only numbers are more or less than each other
    if operator == ">":
        return value > expected
    if operator == "<":
        return value < expected
    return value >= expected if operator == ">=" else value <= expected
