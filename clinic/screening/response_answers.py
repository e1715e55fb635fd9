"""Read a FHIR QuestionnaireResponse: what was answered to which question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clinic.screening.dates import day_of, in_words
from clinic.screening.items import Value


@dataclass(frozen=True)
class Answer:
    """One question as the visitor saw it, with codes or numbers and with the words chosen."""

    link_id: str
    question: str
    values: tuple[Value, ...]
    words: tuple[str, ...]

    @property
    def number(self) -> int | None:
        """The first value, if it is a number."""
        value = self.values[0]
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def answers(response: Mapping[str, Any] | None) -> dict[str, Answer]:
    """Every answered question by its linkId, in the order of the questionnaire."""
    return {answer.link_id: answer for answer in _answers(response or {})}


def _answers(holder: Mapping[str, Any]) -> Iterator[Answer]:
    for item in holder.get("item", ()):
        given = [_value_and_words(answer) for answer in item.get("answer", ())]
        if given:
            yield Answer(
                link_id=item["linkId"],
                question=item.get("text", ""),
                values=tuple(value for value, _ in given),
                words=tuple(words for _, words in given),
            )
        yield from _answers(item)


def _value_and_words(answer: Mapping[str, Any]) -> tuple[Value, str]:
    kind, value = next((key, value) for key, value in answer.items() if key.startswith("value"))
    if kind == "valueCoding":
        return value["code"], value.get("display", value["code"])
    if isinstance(value, bool):
        return value, "Yes" if value else "No"
    if kind == "valueDate" and (day := day_of(value)):
        return value, in_words(day)
    return value, str(value)
