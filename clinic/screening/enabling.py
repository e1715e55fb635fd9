"""Which questions are asked, given the answers so far: FHIR's `enableWhen`."""

from dataclasses import replace

from clinic.screening.items import Condition, EnableWhen, Value
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Asked, Questionnaire


def enabled_questions(questionnaire: Questionnaire, progress: Progress) -> tuple[Asked, ...]:
    """A question waits only for earlier ones, so one walk from the first to the last is enough."""
    open_so_far: set[str] = set()
    enabled = []
    for asked in questionnaire.questions:
        if all(_holds(when, progress, open_so_far) for when in asked.enable_when):
            open_so_far.add(asked.item.link_id)
            enabled.append(asked)
    return tuple(enabled)


def without_disabled(questionnaire: Questionnaire, progress: Progress) -> Progress:
    """Drop answers to questions no longer asked: we keep nothing that we have no use for."""
    enabled = {asked.item.link_id for asked in enabled_questions(questionnaire, progress)}
    kept = tuple(answer for answer in progress.answers if answer.link_id in enabled)
    return replace(progress, answers=kept)


def _holds(when: EnableWhen, progress: Progress, open_so_far: set[str]) -> bool:
    results = [_is_met(condition, progress, open_so_far) for condition in when.conditions]
    return any(results) if when.behavior == "any" else all(results)


def _is_met(condition: Condition, progress: Progress, open_so_far: set[str]) -> bool:
    asked = condition.question in open_so_far
    values = progress.values(condition.question) if asked else ()
    if condition.operator == "exists":
        return bool(values) == condition.answer
    return any(_compares(value, condition.operator, condition.answer) for value in values)


def _compares(value: Value, operator: str, expected: Value) -> bool:
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
