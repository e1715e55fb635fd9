"""How far one visitor has come through one questionnaire. Never changed, only replaced."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from clinic.screening.items import Value
from clinic.screening.questionnaire import Questionnaire

Found = TypeVar("Found")


class ProgressError(ValueError):
    """What was kept of a visitor's progress cannot be read. The message holds no answers."""


@dataclass(frozen=True)
class Answered:
    """The answer to one question; a skipped one has no values."""

    link_id: str
    values: tuple[Value, ...]
    skipped: bool = False


@dataclass(frozen=True)
class Progress:
    """Answers in the order of the questionnaire, whatever the order in which they came.

    `settled` names the contradictions that the visitor says are none. `asking` is set while the
    visitor changes an answer.
    """

    questionnaire: str
    version: str
    answers: tuple[Answered, ...] = ()
    settled: tuple[str, ...] = ()
    asking: str | None = None
    confirmed: bool = False

    @classmethod
    def start(cls, questionnaire: Questionnaire) -> "Progress":
        return cls(questionnaire.id, questionnaire.version)

    @cached_property
    def _by_link_id(self) -> dict[str, Answered]:
        return {answer.link_id: answer for answer in self.answers}

    @cached_property
    def _worked_out(self) -> dict[Hashable, tuple[object, Any]]:
        return {}

    def once(self, what: Hashable, form: object, work_out: Callable[[], Found]) -> Found:
        """What follows from these answers to this form. One message asks a dozen times for it.

        It is kept with the answers and goes when they go.
        """
        known = self._worked_out.get(what)
        if known is None or known[0] is not form:
            known = self._worked_out[what] = form, work_out()
        found: Found = known[1]
        return found

    def answered(self, link_id: str) -> Answered | None:
        return self._by_link_id.get(link_id)

    def values(self, link_id: str) -> tuple[Value, ...]:
        answer = self.answered(link_id)
        return answer.values if answer else ()

    def value(self, link_id: str) -> Value | None:
        values = self.values(link_id)
        return values[0] if values else None

    def with_answer(self, answer: Answered) -> "Progress":
        """The answer takes the place of an older one; the engine puts them in order."""
        others = tuple(other for other in self.answers if other.link_id != answer.link_id)
        return replace(self, answers=(*others, answer), asking=None)

    def to_json(self) -> dict[str, object]:
        return {
            "questionnaire": self.questionnaire,
            "version": self.version,
            "answers": [
                {
                    "link_id": answer.link_id,
                    "values": list(answer.values),
                    "skipped": answer.skipped,
                }
                for answer in self.answers
            ],
            "settled": list(self.settled),
            "asking": self.asking,
            "confirmed": self.confirmed,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> "Progress":
        answers, asking, confirmed = kept.get("answers"), kept.get("asking"), kept.get("confirmed")
        settled = kept.get("settled", [])  # not kept by the first release
        if not isinstance(answers, list) or not isinstance(confirmed, bool):
            raise ProgressError("progress: answers or confirmed are not as they were kept")
        if not isinstance(settled, list) or not all(isinstance(name, str) for name in settled):
            raise ProgressError("progress: settled is not a list of names")
        if asking is not None and not isinstance(asking, str):
            raise ProgressError("progress: asking is not a name")
        return cls(
            questionnaire=_text(kept, "questionnaire"),
            version=_text(kept, "version"),
            answers=tuple(_answered(answer) for answer in answers),
            settled=tuple(settled),
            asking=asking,
            confirmed=confirmed,
        )


def _answered(kept: object) -> Answered:
    if not isinstance(kept, Mapping):
        raise ProgressError("progress: an answer is not as it was kept")
    values, skipped = kept.get("values"), kept.get("skipped")
    if not isinstance(values, list) or not isinstance(skipped, bool):
        raise ProgressError("progress: an answer is not as it was kept")
    if not all(isinstance(value, str | int) for value in values):
        raise ProgressError("progress: an answer holds something else than text and numbers")
    return Answered(_text(kept, "link_id"), tuple(values), skipped)


def _text(kept: Mapping[str, object], key: str) -> str:
    found = kept.get(key)
    if not isinstance(found, str):
        raise ProgressError(f"progress: {key} is not text")
    return found
