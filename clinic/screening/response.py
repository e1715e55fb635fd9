"""Answers as a FHIR R4 QuestionnaireResponse, for other systems of the clinic."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from clinic.screening.enabling import enabled_questions, in_order
from clinic.screening.form import Form
from clinic.screening.items import Item, Value
from clinic.screening.progress import Answered, Progress
from clinic.screening.response_answers import answers
from clinic.screening.states import STATES, SYSTEM


def questionnaire_response(
    form: Form, progress: Progress, authored: datetime, *, stopped: bool = False
) -> dict[str, object]:
    """The response, with the words of each question as the visitor saw them.

    Args:
        stopped: an answer ended the questions early.
    """
    if authored.tzinfo is None:
        raise ValueError("authored needs a time zone: FHIR refuses a time without one")
    questionnaire = form.questionnaire
    enabled = {asked.item.link_id: asked.item for asked in enabled_questions(form, progress)}
    response: dict[str, object] = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{questionnaire.url}|{progress.version}",
        "language": questionnaire.language,
        "status": _status(progress, stopped=stopped),
        "authored": authored.isoformat(timespec="seconds"),
    }
    if items := _items(questionnaire.items, progress, enabled):
        response["item"] = items  # FHIR has no empty lists
    return response


def _status(progress: Progress, *, stopped: bool) -> str:
    if progress.confirmed:
        return "completed"
    return "stopped" if stopped else "in-progress"


def progress_of(form: Form, response: Mapping[str, object]) -> Progress:
    """Progress as a response tells it: a question that was asked and has no entry was skipped.

    With it a response can be sorted again by the same rules.
    """
    version = str(response.get("questionnaire", "")).partition("|")[2]
    given = tuple(Answered(one.link_id, one.values) for one in answers(response).values())
    progress = Progress(form.questionnaire.id, version, given)
    if response.get("status") != "completed":
        return in_order(form, progress)
    while missing := [
        asked.item.link_id
        for asked in enabled_questions(form, progress)
        if progress.answered(asked.item.link_id) is None
    ]:
        # One after the other: what was skipped decides what else was asked.
        progress = progress.with_answer(Answered(missing[0], (), skipped=True))
    return replace(in_order(form, progress), confirmed=True)


def _items(
    items: Iterable[Item], progress: Progress, enabled: Mapping[str, Item]
) -> list[dict[str, object]]:
    """Answered questions only, inside their groups; a skipped one has no entry."""
    written: list[dict[str, object]] = []
    for item in items:
        entry: dict[str, object] = {"linkId": item.link_id, "text": item.text}
        if item.type == "group" and (inside := _items(item.items, progress, enabled)):
            written.append(entry | {"item": inside})
        elif item.link_id in enabled and (values := progress.values(item.link_id)):
            asked = enabled[item.link_id]  # with the options it was asked with
            written.append(entry | {"answer": [_answer(asked, value) for value in values]})
    return written


def _answer(item: Item, value: Value) -> dict[str, object]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    if item.type == "date":
        return {"valueDate": value}
    option = item.option(value)
    if option and (option.coding or item.confirms):
        system = option.coding.system if option.coding else None
        return {"valueCoding": _coding(system, value, option.label)}
    if item.reads == "state":
        return {"valueCoding": _coding(SYSTEM, value, STATES.get(value, value))}
    return {"valueString": value}


def _coding(system: str | None, code: str, display: str) -> dict[str, str]:
    coding = {"code": code, "display": display}
    return {"system": system, **coding} if system else coding
