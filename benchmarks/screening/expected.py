"""What should become of a visitor: which questions are asked, what is kept, and the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.screening.visitors import Answer, Medicine, Visitor, is_skipped
from benchmarks.screening.wordings import read
from clinic.questionnaires import SCREENING, early_ending, form, outcome
from clinic.screening import engine
from clinic.screening.consequences import applied
from clinic.screening.items import Item, Value
from clinic.screening.progress import Answered, Progress

MEANT = ":meant"
CONTRADICTION = "contradiction:"
MOST_QUESTIONS = 120


@dataclass(frozen=True)
class Expected:
    """The answers to what is asked, in order; `ends` if the questions end before the review."""

    answers: Mapping[str, tuple[Value, ...]]
    outcome: str | None
    ends: bool


def meant_by(who: Visitor, item: Item, heard: Mapping[str, Answer] | None = None) -> Answer:
    """What a visitor means to answer; nothing, where they leave the question out.

    Args:
        heard: what was said in the end, where it is known already.
    """
    if heard and item.link_id in heard:
        return heard[item.link_id]
    if not item.required and is_skipped(who, item.link_id):
        return ()
    if item.link_id in ("medicines", "antidepressants_tried"):
        taken = who.medicines if item.link_id == "medicines" else who.tried
        return (", ".join(one.said for one in taken),) if taken else ("none",)
    return who.answers.get(item.link_id, ("-",) if item.reads == "text" else ())


def expected(who: Visitor, heard: Mapping[str, Answer] | None = None) -> Expected:
    """Where the visitor would come out, if every wording were understood."""
    asked_of = form(SCREENING)
    progress = Progress.start(asked_of.questionnaire)
    for _ in range(MOST_QUESTIONS):
        over = early_ending(SCREENING, progress)
        question = engine.next_question(asked_of, progress)
        if over is not None or question is None or question.link_id == "review":
            break
        progress = _answered(who, progress, question, heard)
    else:
        raise RuntimeError(f"visitor {who.number}: the questions go round in circles")
    over = over or outcome(SCREENING, replace(progress, confirmed=True))
    return Expected(
        answers={one.link_id: one.values for one in progress.answers},
        outcome=over.code if over else None,
        ends=bool(over and over.ends),
    )


def ticked(who: Visitor, field: str, options: tuple[str, ...]) -> tuple[str, ...]:
    """Which medicines a visitor confirms: those they meant, whatever their spelling was."""
    is_current = field == f"medicines{MEANT}"
    taken = [one for one in who.medicines if one.now] if is_current else who.tried
    chosen = tuple(label for label in options if any(_is(one, label) for one in taken))
    return chosen or tuple(label for label in options if "none" in label.lower()) or options[:1]


def both(options: Sequence[str]) -> str:
    """Visitors stand by what they said, so both answers are right."""
    return next((label for label in options if "both" in label.lower()), options[-1])


def item_of(link_id: str) -> Item | None:
    return form(SCREENING).questionnaire.item(link_id)


def place_of(link_id: str | None) -> int:
    """Where a question stands in the questionnaire; -1 for what the engine asks by itself."""
    questions = form(SCREENING).questionnaire.questions
    return next((n for n, one in enumerate(questions) if one.item.link_id == link_id), -1)


def _answered(
    who: Visitor,
    progress: Progress,
    question: engine.Question,
    heard: Mapping[str, Answer] | None,
) -> Progress:
    asked_of, name = form(SCREENING), question.link_id
    if name.startswith(CONTRADICTION):
        return _pressed(progress, both(question.options))
    if name.endswith(MEANT):
        return _pressed(progress, "; ".join(ticked(who, name, question.options)))
    item = asked_of.questionnaire.item(name)
    if item is None:
        raise RuntimeError(f"{name} is asked, and stands in no questionnaire")
    values = tuple(_value(item, value) for value in meant_by(who, item, heard))
    return applied(asked_of, progress, Answered(name, values, skipped=not values))


def _pressed(progress: Progress, label: str) -> Progress:
    received = engine.receive(form(SCREENING), progress, label, lenient=False)
    if received.problem:
        raise RuntimeError(f"“{label}” is offered, and not understood")
    return received.progress


def _value(item: Item, code: Value) -> Value:
    """Options whose value is no text, such as yes and no, are named by their code."""
    return next((option.value for option in item.options if option.code == str(code)), code)


def _is(medicine: Medicine, label: str) -> bool:
    entries = read("medicines")["taken"]
    names = next(one["said"] for one in entries if one["generic"] == medicine.generic)
    return any(name.lower() in label.lower() for name in (medicine.generic, *names))
