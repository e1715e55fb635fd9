"""Whatever visitors do, they end in one outcome, and what they changed is as if said at first.

`FRONT_DESK_VISITORS=10000` lets so many visitors walk; that takes some minutes.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clinic.screening import engine
from clinic.screening.consequences import applied
from clinic.screening.enabling import enabled_questions
from clinic.screening.engine import Question
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.progress import Progress
from clinic.screening.response import progress_of, questionnaire_response
from clinic.screening.rules import Ruleset
from clinic.screening.triage import Outcome, ending, triage
from tests.clinic.screening.random_visitor import MOST_STEPS, RandomVisitor, asked_again

VISITORS = int(os.environ.get("FRONT_DESK_VISITORS", "150"))
SERVED = frozenset({"MD", "OR", "TX"})
NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def early(form: Form, ruleset: Ruleset, progress: Progress) -> Outcome | None:
    return ending(ruleset, facts_of(form, progress, states_served=SERVED, unfinished=True))


def at_the_end(form: Form, ruleset: Ruleset, progress: Progress) -> Outcome | None:
    return triage(ruleset, facts_of(form, progress, states_served=SERVED))


def walked(form: Form, ruleset: Ruleset, number: int) -> tuple[Progress, Outcome]:
    """The whole way of one visitor, each step looked at."""
    visitor, progress = RandomVisitor(form, number), Progress.start(form.questionnaire)
    for _ in range(MOST_STEPS):
        progress = visitor.step(progress)
        holds_together(form, progress)
        over = early(form, ruleset, progress)
        if over is not None:
            return progress, over
        if progress.confirmed:
            outcome = at_the_end(form, ruleset, progress)
            assert outcome is not None
            return progress, outcome
    raise AssertionError(f"visitor {number} never comes to an end")


def holds_together(form: Form, progress: Progress) -> None:
    """Answers stand in order, belong to what is asked, and survive being kept."""
    in_order = [asked.item.link_id for asked in enabled_questions(form, progress)]
    given = [answer.link_id for answer in progress.answers]
    assert given == [link_id for link_id in in_order if link_id in given]
    assert Progress.from_json(progress.to_json()) == progress
    assert (engine.next_question(form, progress) is None) == progress.confirmed


def urgency(form: Form, ruleset: Ruleset, progress: Progress) -> int | None:
    """How urgent it is so far; nothing where nothing is kept, for nobody is called then."""
    outcome = triage(ruleset, facts_of(form, progress, states_served=SERVED, unfinished=True))
    if outcome is not None and not outcome.stores:
        return None
    return outcome.urgency if outcome else 0


@pytest.mark.parametrize("number", range(VISITORS))
def test_every_visitor_ends_in_one_outcome_and_a_replay_in_the_same(
    form: Form, ruleset: Ruleset, number: int
) -> None:
    progress, outcome = walked(form, ruleset, number)

    assert [one.code for one in ruleset.outcomes].count(outcome.code) == 1
    if progress.confirmed:
        replayed = progress_of(form, questionnaire_response(form, progress, NOON))
        assert replayed.answers == progress.answers
        assert at_the_end(form, ruleset, replayed) == outcome


@pytest.mark.parametrize("number", range(VISITORS // 3))
def test_urgency_only_rises_from_answer_to_answer(
    form: Form, ruleset: Ruleset, number: int
) -> None:
    progress, _ = walked(form, ruleset, number)

    heard = 0
    for count in range(len(progress.answers) + 1):
        so_far = replace(progress, answers=progress.answers[:count], confirmed=False)
        now = urgency(form, ruleset, so_far)
        if now is not None:
            assert now >= heard, progress.answers[count - 1].link_id
            heard = now


@pytest.mark.parametrize("number", range(VISITORS // 3))
def test_a_changed_answer_leaves_everything_as_if_it_had_been_said_at_first(
    form: Form, number: int
) -> None:
    visitor = RandomVisitor(form, number, wild=0)
    before = completed(form, Progress.start(form.questionnaire), visitor)
    changed = visitor.random.choice(before.answers).link_id
    question = asked_again(form, before, changed)
    assert question is not None
    text = visitor.words_for(question)

    later = engine.change(form, before, [changed], text)
    if later.progress.asking:  # the words were no answer, so nothing was changed
        assert replace(later.progress, asking=None) == before
        return
    default = RandomVisitor(form, -1, wild=0)

    at_first = said_at_first(form, before, {changed: text}, default)

    assert completed(form, later.progress, default) == at_first


def completed(form: Form, progress: Progress, visitor: RandomVisitor) -> Progress:
    """All that is asked is answered, always alike for the same question; not yet confirmed."""
    for _ in range(MOST_STEPS):
        question = engine.next_question(form, progress)
        assert question is not None
        if question.link_id == "review":
            return progress
        progress = one_answer(form, progress, question, visitor)
    raise AssertionError("the questions go round in circles")


def said_at_first(
    form: Form, before: Progress, said: dict[str, str], default: RandomVisitor
) -> Progress:
    """A visitor who says at first what the other one said later, and else the same."""
    hung_on = {
        asked.item.link_id for asked in form.questionnaire.questions if asked.item.confirms in said
    }
    same = {answer.link_id: answer for answer in before.answers if answer.link_id not in hung_on}
    fresh = Progress.start(form.questionnaire)
    for _ in range(MOST_STEPS):
        question = engine.next_question(form, fresh)
        assert question is not None
        if question.link_id == "review":
            return fresh
        if question.link_id in said:
            fresh = engine.receive(form, fresh, said[question.link_id], lenient=True).progress
        elif question.link_id in same:
            fresh = applied(form, fresh, same[question.link_id])
        else:
            fresh = one_answer(form, fresh, question, default)
    raise AssertionError("the questions go round in circles")


def one_answer(
    form: Form, progress: Progress, question: Question, visitor: RandomVisitor
) -> Progress:
    """An answer; one that is always the same for the same question if the visitor has no number."""
    if question.link_id.startswith("contradiction:"):
        return engine.receive(form, progress, "Both are right", lenient=False).progress
    if visitor.number < 0:
        visitor.random.seed(question.link_id)
    return visitor.answer(progress, question)
