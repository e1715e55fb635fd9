"""A visitor's answers in plain words, in the order of the questionnaire."""

import phonenumbers

from clinic.screening import dates
from clinic.screening.enabling import enabled_questions
from clinic.screening.form import Form
from clinic.screening.items import Item, Value
from clinic.screening.progress import Answered, Progress
from clinic.screening.states import STATES

SKIPPED = "skipped"


def summary(form: Form, progress: Progress) -> list[tuple[str, str]]:
    """Label and answer for every answered question; a skipped one says so."""
    lines = []
    for asked in enabled_questions(form, progress):
        answer = progress.answered(asked.item.link_id)
        if answer:
            lines.append((asked.item.short, in_words(asked.item, answer)))
    return lines


def in_words(item: Item, answer: Answered) -> str:
    if answer.skipped:
        return SKIPPED
    return "; ".join(_value_in_words(item, value) for value in answer.values)


def _value_in_words(item: Item, value: Value) -> str:
    option = item.option(value)
    if option:
        return option.label
    if item.reads == "state":
        return STATES.get(str(value), str(value))
    if item.reads == "phone":
        return _phone_in_words(str(value))
    if item.type == "date" and (day := dates.day_of(value)):
        return dates.in_words(day)
    return str(value)


def _phone_in_words(number: str) -> str:
    parsed = phonenumbers.parse(number)
    is_us = parsed.country_code == 1
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if is_us else style.INTERNATIONAL)
