"""How many begin the screening, where people stop, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy.orm import Session

from clinic import counts, screening_steps
from clinic.numbers import tallies
from clinic.numbers.figure import Column, Figure, share
from clinic.numbers.period import Period
from clinic.questionnaires import SCREENING, form


def figures(session: Session, period: Period) -> Iterator[Figure]:
    yield _by_step(session, period)
    found = tallies.by_detail(
        session,
        period,
        counts.QUESTION_SHOWN,
        counts.QUESTION_ANSWERED,
        counts.ENDED,
        counts.ANSWER_MISSING,
    )
    yield _where_people_stop(found[counts.QUESTION_SHOWN], found[counts.QUESTION_ANSWERED])
    yield _ended(found[counts.ENDED])
    yield _left_open(found[counts.ANSWER_MISSING])


def _by_step(session: Session, period: Period) -> Figure:
    kinds = (counts.SCREENING_STARTED, counts.SCREENING_FINISHED, counts.CALLBACK_ASKED)
    found = tallies.by_step(session, period, *kinds)
    return Figure(
        "screenings",
        "Started and finished",
        (
            Column("From", "day"),
            Column("Started"),
            Column("Finished"),
            Column("Callbacks asked for"),
        ),
        tuple((day, *(found[kind][day] for kind in kinds)) for day in period.steps()),
    )


def _where_people_stop(shown: Counter[str], answered: Counter[str]) -> Figure:
    """Reached and not answered is left there. Who is in the middle of it counts so until then."""
    rows = []
    for link_id in _in_order(shown):
        reached = shown[link_id]
        left = max(0, reached - answered[link_id])
        rows.append((link_id, reached, reached - left, left, share(left, reached)))
    return Figure(
        "where_people_stop",
        "Where people stop",
        (
            Column("Question", "question"),
            Column("Reached"),
            Column("Answered or skipped"),
            Column("Left here"),
            Column("Share who left", "share"),
        ),
        tuple(rows),
    )


def _ended(found: Counter[str]) -> Figure:
    return Figure(
        "ended",
        "Ended by an answer",
        (Column("Outcome", "outcome"), Column("Visitors")),
        tuple(found.most_common()),
    )


def _left_open(found: Counter[str]) -> Figure:
    return Figure(
        "left_open",
        "Skipped or answered “not sure”",
        (Column("Question", "question"), Column("Finished screenings")),
        tuple(found.most_common()),
    )


def _in_order(shown: Counter[str]) -> list[str]:
    """As the questionnaire asks; questions of an older version come last."""
    asked = [one.item.link_id for one in form(SCREENING).questionnaire.questions]
    known = [link_id for link_id in (*asked, screening_steps.REVIEW) if shown[link_id]]
    return [*known, *sorted(set(shown) - set(known))]
