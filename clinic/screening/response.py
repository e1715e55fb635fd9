"""Answers as a FHIR R4 QuestionnaireResponse, for other systems of the clinic."""

from collections.abc import Iterable
from datetime import datetime

from clinic.screening.enabling import enabled_questions
from clinic.screening.items import Item, Value
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.states import STATES, SYSTEM


def questionnaire_response(
    questionnaire: Questionnaire, progress: Progress, authored: datetime
) -> dict[str, object]:
    """The response, with the words of each question as the visitor saw them."""
    if authored.tzinfo is None:
        raise ValueError("authored needs a time zone: FHIR refuses a time without one")
    enabled = {asked.item.link_id for asked in enabled_questions(questionnaire, progress)}
    response: dict[str, object] = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{questionnaire.url}|{progress.version}",
        "status": "completed" if progress.confirmed else "in-progress",
        "authored": authored.isoformat(timespec="seconds"),
    }
    if items := _items(questionnaire.items, progress, enabled):
        response["item"] = items  # FHIR has no empty lists
    return response


def _items(items: Iterable[Item], progress: Progress, enabled: set[str]) -> list[dict[str, object]]:
    """Answered questions only, inside their groups; a skipped one has no entry."""
    written: list[dict[str, object]] = []
    for item in items:
        entry: dict[str, object] = {"linkId": item.link_id, "text": item.text}
        if item.type == "group" and (inside := _items(item.items, progress, enabled)):
            written.append(entry | {"item": inside})
        elif item.link_id in enabled and (values := progress.values(item.link_id)):
            written.append(entry | {"answer": [_answer(item, value) for value in values]})
    return written


def _answer(item: Item, value: Value) -> dict[str, object]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    option = item.option(value)
    if option and option.coding:
        return {"valueCoding": _coding(option.coding.system, value, option.label)}
    if item.reads == "state":
        return {"valueCoding": _coding(SYSTEM, value, STATES.get(value, value))}
    return {"valueString": value}


def _coding(system: str | None, code: str, display: str) -> dict[str, str]:
    coding = {"code": code, "display": display}
    return {"system": system, **coding} if system else coding
