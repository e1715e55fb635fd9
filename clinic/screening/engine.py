"""The way through a questionnaire: what to ask next, and what an answer changes. All pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from clinic.screening.consequences import applied
from clinic.screening.contradictions import Contradiction
from clinic.screening.dates import day_of
from clinic.screening.enabling import enabled_questions, in_order
from clinic.screening.evidence import facts_of, given
from clinic.screening.form import Form
from clinic.screening.items import Item, Value
from clinic.screening.progress import Answered, Progress
from clinic.screening.questionnaire import Asked
from clinic.screening.reading import Reading, read
from clinic.screening.review import (
    BOTH,
    CHANGE,
    KEEP,
    SEND,
    change_item,
    choosing_among,
    contradiction_item,
    contradiction_of,
    is_choosing,
    keeps,
    review_item,
)
from clinic.screening.summary import in_words, summary

_KINDS = {
    "choice": "choice",
    "duration": "choice",
    "multiple": "multiple",
    "age": "number",
    "number": "number",
    "blood_pressure": "number",
    "date": "date",
    "phone": "contact",
    "email": "contact",
}


@dataclass(frozen=True)
class Question:
    """What the visitor sees next. `number` of `of` tells how far they are; a check has no number.

    `was` is the answer they gave before, where they are asked again on purpose; `help` the kind of
    help lines to show before it. A date may not be before `earliest` or after `latest`.
    """

    link_id: str
    text: str
    kind: str
    options: tuple[str, ...]
    number: int | None
    of: int | None
    why: str | None
    optional: bool
    exclusive: tuple[str, ...] = ()
    section: str | None = None
    help: str | None = None
    about_safety: bool = False
    was: str | None = None
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True)
class Received:
    """What became of a text: new progress, or the old one and a line that helps.

    `said` is a line that tells what was changed.
    """

    progress: Progress
    problem: str | None = None
    said: str | None = None


def next_question(form: Form, progress: Progress) -> Question | None:
    """The question to ask now; None once the visitor has confirmed the review."""
    asked = _current(form, progress)
    if asked is None:
        return None
    item = asked.item
    enabled = enabled_questions(form, progress)
    places = {one.item.link_id: number for number, one in enumerate(enabled, start=1)}
    number = len(enabled) if item.link_id == "review" else places.get(item.link_id)
    before = progress.answered(item.link_id)
    return Question(
        link_id=item.link_id,
        text="\n\n".join((*asked.said_before, *filter(None, (asked.stem,)), item.text)),
        kind=_KINDS.get(item.reads, "text"),
        options=tuple(option.label for option in item.options),
        number=number,
        of=len(enabled) if number else None,
        why=item.why,
        optional=not item.required,
        exclusive=tuple(option.label for option in item.options if option.exclusive),
        section=asked.section,
        help=asked.help,
        about_safety=asked.about_safety,
        was=in_words(item, before) if before else None,
        earliest=item.dates.day(item.earliest),
        latest=item.dates.day(item.latest),
    )


def receive(form: Form, progress: Progress, text: str, *, lenient: bool) -> Received:
    """Read a text as the answer to the question now asked.

    A strict reading takes only what can be nothing else, so it may be tried on any message;
    a lenient one is for a message that nothing else has claimed.
    """
    asked = _current(form, progress)
    if asked is None:
        return Received(progress, "These questions are finished, and your answers are complete.")
    item = asked.item
    if progress.answered(item.link_id) and keeps(text):
        return Received(replace(progress, asking=None))
    reading = read(item, text, lenient=lenient)
    if reading.problem:
        return _at_once(form, progress, item, text, lenient=lenient) or Received(
            progress, reading.problem
        )
    return Received(_after(form, progress, item, reading))


def skip(form: Form, progress: Progress) -> Received:
    asked = _current(form, progress)
    if asked is None:
        return Received(progress, "These questions are finished, there is nothing to skip.")
    if asked.item.required:
        return Received(progress, "This one cannot be skipped, sorry: we need it to go on.")
    return Received(applied(form, progress, Answered(asked.item.link_id, (), skipped=True)))


def go_back(form: Form, progress: Progress) -> Progress:
    """Ask the question before again; its answer stands until there is another."""
    if progress.confirmed:
        return progress
    if is_choosing(progress):
        return replace(progress, asking=None)
    current = _current(form, progress)
    before = None
    for asked in enabled_questions(form, progress):
        if current and asked.item.link_id == current.item.link_id:
            break
        if progress.answered(asked.item.link_id):
            before = asked.item.link_id
    return replace(progress, asking=before) if before else progress


def change(form: Form, progress: Progress, link_ids: Sequence[str], text: str | None) -> Received:
    """Change an earlier answer: at once if the text says to what, else its question is asked.

    Args:
        link_ids: what may be meant; if that is not one, the visitor is asked which.
        text: the words that hold the new answer, if there are any.
    """
    answered = {item.link_id: item for item in answered_items(form, progress)}
    meant = [answered[link_id] for link_id in link_ids if link_id in answered]
    if len(meant) != 1:
        asking = choosing_among(item.link_id for item in meant)
        return Received(replace(progress, asking=asking) if answered else progress)
    item = meant[0]
    reading = read(item, text, lenient=True) if text else Reading()
    if reading.values:
        changed = _with_reading(form, progress, item, reading)
        return Received(changed, said=_changed(item, Answered(item.link_id, reading.values)))
    at_once = _at_once(form, progress, item, text, lenient=True) if text else None
    if at_once:
        chosen = at_once.progress.answered(item.link_id)
        return replace(at_once, said=_changed(item, chosen) if chosen else None)
    return Received(replace(progress, asking=item.link_id), reading.problem)


def carried_over(form: Form, progress: Progress) -> Progress:
    """Progress through an older version of the questionnaire, as far as it fits this one."""
    start = Progress.start(form.questionnaire)
    kept = tuple(answer for answer in progress.answers if _fits(form, answer))
    return in_order(form, replace(start, answers=kept, settled=progress.settled))


def answers(form: Form, progress: Progress) -> dict[str, tuple[Value, ...]]:
    """Values by question, of those that are asked and were not skipped."""
    return given(enabled_questions(form, progress), progress)


def answered_items(form: Form, progress: Progress) -> tuple[Item, ...]:
    """The questions that have an answer or were skipped, in order."""
    enabled = enabled_questions(form, progress)
    return tuple(one.item for one in enabled if progress.answered(one.item.link_id))


def kept_contradictions(form: Form, progress: Progress) -> tuple[Contradiction, ...]:
    """Those the visitor was asked about and says are none."""
    facts = facts_of(form, progress, unfinished=True)
    return tuple(
        one for one in form.contradictions if one.id in progress.settled and one.when.holds(facts)
    )


def _current(form: Form, progress: Progress) -> Asked | None:
    if progress.confirmed:
        return None
    enabled = enabled_questions(form, progress)
    if is_choosing(progress):
        return Asked(change_item(enabled, progress))
    for asked in enabled:
        if asked.item.link_id == progress.asking:
            return asked
    contradiction = _contradiction(form, progress)
    if contradiction:
        return Asked(contradiction_item(contradiction, form.questionnaire))
    for asked in enabled:
        if progress.answered(asked.item.link_id) is None:
            return asked
    return Asked(review_item(summary(form, progress)))


def _contradiction(form: Form, progress: Progress) -> Contradiction | None:
    """The first one that holds now, is not settled, and whose questions were all answered."""
    open_ones = [
        one
        for one in form.contradictions
        if one.id not in progress.settled and all(map(progress.values, one.about))
    ]
    if not open_ones:
        return None
    facts = facts_of(form, progress, unfinished=True)
    return next((one for one in open_ones if one.when.holds(facts)), None)


def _after(form: Form, progress: Progress, item: Item, reading: Reading) -> Progress:
    value = reading.values[0]
    if item.link_id == "change":
        return replace(progress, asking=str(value))
    if item.link_id == "review":
        return replace(progress, confirmed=value == SEND, asking=None if value == SEND else CHANGE)
    contradiction = contradiction_of(item)
    if contradiction and value == BOTH:
        return replace(progress, settled=tuple(sorted({*progress.settled, contradiction})))
    if contradiction:
        return replace(progress, asking=str(value))
    return _with_reading(form, progress, item, reading)


def _with_reading(form: Form, progress: Progress, item: Item, reading: Reading) -> Progress:
    progress = applied(form, progress, Answered(item.link_id, reading.values))
    if reading.also and item.with_:
        progress = applied(form, progress, Answered(item.with_, reading.also))
    return progress


def _at_once(
    form: Form, progress: Progress, item: Item, text: str, *, lenient: bool
) -> Received | None:
    """The answer to a follow-up, typed where the question before it was asked."""
    for option in item.options:
        follow_up = form.questionnaire.item(option.takes) if option.takes else None
        reading = read(follow_up, text, lenient=lenient) if follow_up else Reading()
        if follow_up and reading.values:
            chosen = applied(form, progress, Answered(item.link_id, (option.value,)))
            return Received(_with_reading(form, chosen, follow_up, reading))
    return None


def _changed(item: Item, answer: Answered) -> str:
    return f"I changed {item.short} to: {in_words(item, answer)}."


def _fits(form: Form, answer: Answered) -> bool:
    """Whether an answer to an older version could be given today."""
    item = form.questionnaire.item(answer.link_id)
    if item is None or (answer.skipped and item.required):
        return False
    if item.type == "choice" and item.options:
        return all(item.option(value) for value in answer.values)
    if item.type == "date":
        return all(day_of(value) for value in answer.values)
    return not item.confirms


__all__ = [
    "CHANGE",
    "KEEP",
    "Question",
    "Received",
    "answered_items",
    "answers",
    "carried_over",
    "change",
    "go_back",
    "kept_contradictions",
    "next_question",
    "receive",
    "skip",
]
