"""The way through a questionnaire: what to ask next, and what an answer changes. All pure."""

from dataclasses import dataclass, replace

from clinic.screening.enabling import enabled_questions, without_disabled
from clinic.screening.items import Item, Value
from clinic.screening.progress import Answered, Progress
from clinic.screening.questionnaire import Asked, Questionnaire
from clinic.screening.reading import read
from clinic.screening.review import CHANGE, SEND, change_item, review_item
from clinic.screening.summary import summary

_KINDS = {
    "choice": "choice",
    "multiple": "multiple",
    "age": "number",
    "number": "number",
    "phone": "contact",
    "email": "contact",
}


@dataclass(frozen=True)
class Question:
    """What the visitor sees next. `number` of `of` tells how far they are."""

    link_id: str
    text: str
    kind: str
    options: tuple[str, ...]
    number: int
    of: int
    why: str | None
    optional: bool


@dataclass(frozen=True)
class Received:
    """What became of a text: new progress, or the old one and a line that helps."""

    progress: Progress
    problem: str | None = None


def next_question(questionnaire: Questionnaire, progress: Progress) -> Question | None:
    """The question to ask now; None once the visitor has confirmed the review."""
    item = _current(questionnaire, progress)
    if item is None:
        return None
    enabled = enabled_questions(questionnaire, progress)
    places = {asked.item.link_id: number for number, asked in enumerate(enabled, start=1)}
    return Question(
        link_id=item.link_id,
        text="\n\n".join((*_said_before(enabled, item), item.text)),
        kind=_KINDS.get(item.reads, "text"),
        options=tuple(option.label for option in item.options),
        number=places.get(item.link_id, len(enabled)),
        of=len(enabled),
        why=item.why,
        optional=not item.required,
    )


def receive(
    questionnaire: Questionnaire, progress: Progress, text: str, *, lenient: bool
) -> Received:
    """Read a text as the answer to the question now asked.

    A strict reading takes only what can be nothing else, so it may be tried on any message;
    a lenient one is for a message that nothing else has claimed.
    """
    item = _current(questionnaire, progress)
    if item is None:
        return Received(progress, "These questions are finished, and your answers are complete.")
    reading = read(item, text, lenient=lenient)
    if reading.problem:
        return Received(progress, reading.problem)
    return Received(_after(questionnaire, progress, item, reading.values))


def skip(questionnaire: Questionnaire, progress: Progress) -> Received:
    item = _current(questionnaire, progress)
    if item is None:
        return Received(progress, "These questions are finished, there is nothing to skip.")
    if item.required:
        return Received(progress, "This one cannot be skipped, sorry: we need it to go on.")
    answered = progress.with_answer(Answered(item.link_id, (), skipped=True))
    return Received(without_disabled(questionnaire, answered))


def go_back(questionnaire: Questionnaire, progress: Progress) -> Progress:
    """Take back the newest answer and ask its question again; while changing, leave the change."""
    if progress.confirmed:
        return progress
    if progress.asking == CHANGE:
        return replace(progress, asking=None)
    if progress.asking is not None:
        return replace(progress, asking=CHANGE)
    return without_disabled(questionnaire, replace(progress, answers=progress.answers[:-1]))


def answers(questionnaire: Questionnaire, progress: Progress) -> dict[str, tuple[Value, ...]]:
    """Values by question, of those that are asked and were not skipped."""
    enabled = enabled_questions(questionnaire, progress)
    given = {asked.item.link_id: progress.values(asked.item.link_id) for asked in enabled}
    return {link_id: values for link_id, values in given.items() if values}


def _current(questionnaire: Questionnaire, progress: Progress) -> Item | None:
    if progress.confirmed:
        return None
    enabled = enabled_questions(questionnaire, progress)
    if progress.asking == CHANGE:
        return change_item(enabled, progress)
    for asked in enabled:
        if asked.item.link_id == progress.asking:
            return asked.item
    for asked in enabled:
        if progress.answered(asked.item.link_id) is None:
            return asked.item
    return review_item(summary(questionnaire, progress))


def _after(
    questionnaire: Questionnaire, progress: Progress, item: Item, values: tuple[Value, ...]
) -> Progress:
    if item.link_id == "change":
        return replace(progress, asking=str(values[0]))
    if item.link_id == "review" and values == (SEND,):
        return replace(progress, confirmed=True)
    if item.link_id == "review":
        return replace(progress, asking=CHANGE)
    return without_disabled(questionnaire, progress.with_answer(Answered(item.link_id, values)))


def _said_before(enabled: tuple[Asked, ...], item: Item) -> tuple[str, ...]:
    found = (asked.said_before for asked in enabled if asked.item.link_id == item.link_id)
    return next(found, ())
