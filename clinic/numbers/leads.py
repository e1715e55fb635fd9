"""Leads that came in during a period: what they were, where they stand, how soon staff called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal, not_, or_, select
from sqlalchemy.orm import Session

from clinic import counts
from clinic.lead_statuses import STATUSES
from clinic.numbers import tallies
from clinic.numbers.figure import Cell, Column, Figure, share
from clinic.numbers.moments import as_day, local_day, minutes_between
from clinic.numbers.period import Period
from clinic.numbers.spread import spread
from clinic.tables import Lead, Moment

Took = dict[str | None, Counter[int]]
"""For each outcome, how many took so many minutes."""

CONTACT = (
    Column("Leads"),
    Column("Contacted"),
    Column("Half within", "minutes"),
    Column("Nine of ten within", "minutes"),
    Column("In time", "share"),
    Column("Late now"),
)


@dataclass(frozen=True)
class Group:
    """Leads that have outcome, source, status and verdict in common."""

    outcome: str | None
    source: str | None
    status: str
    verdict: str | None
    number: int
    contacted: int
    in_time: int
    late: int
    """Contacted too late, or waiting although it is due."""
    late_now: int


def figures(session: Session, period: Period, groups: list[Group]) -> Iterator[Figure]:
    yield _by_step(session, period)
    yield _by_outcome(groups)
    yield _by_source(session, period, groups)
    yield _by_status(groups)
    took = minutes_to_contact(session, period)
    yield _contact_of_all(took, groups)
    yield _first_contact(took, groups)
    yield _verdicts(groups)


def came_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    """A lead that was merged into another is the same person, and counted there."""
    return (
        Lead.created_at >= period.begin,
        Lead.created_at < period.end,
        Lead.merged_into.is_(None),
    )


def groups_of(session: Session, period: Period, at: datetime) -> list[Group]:
    """One walk over the leads for all that is counted of them."""
    now = literal(at, Moment)
    # A lead that came in again, or was put back to new, keeps its first contact and waits anew.
    waits = or_(Lead.status == "new", Lead.contacted_at.is_(None))
    late_now = waits & (Lead.due_at < now)
    alike = (Lead.outcome, Lead.source, Lead.status, Lead.triage_verdict)
    query = (
        select(
            *alike,
            func.count(),
            func.count(Lead.contacted_at),
            _how_many(not_(waits) & (Lead.contacted_at <= Lead.due_at)),
            _how_many(late_now | (not_(waits) & (Lead.contacted_at > Lead.due_at))),
            _how_many(late_now),
        )
        .where(*came_in(period))
        .group_by(*alike)
    )
    return [Group(*row) for row in session.execute(query).tuples()]


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _by_step(session: Session, period: Period) -> Figure:
    day = local_day(session, Lead.created_at, period.zone).label("day")
    query = select(day, func.count()).where(*came_in(period)).group_by("day")
    found: Counter[object] = Counter()
    for each, number in session.execute(query):
        found[period.step_of(as_day(each))] += number
    return Figure(
        "leads",
        "New leads",
        (Column("From", "day"), Column("Leads")),
        tuple((each, found[each]) for each in period.steps()),
    )


def _by_outcome(groups: list[Group]) -> Figure:
    found: Counter[str | None] = Counter()
    for group in groups:
        found[group.outcome] += group.number
    total = found.total()
    return Figure(
        "leads_by_outcome",
        "Leads by outcome",
        (Column("Outcome", "outcome"), Column("Leads"), Column("Share", "share")),
        tuple((outcome, number, share(number, total)) for outcome, number in found.most_common()),
    )


def _by_source(session: Session, period: Period, groups: list[Group]) -> Figure:
    chats = tallies.by_detail(session, period, counts.CONVERSATION)[counts.CONVERSATION]
    found: Counter[str] = Counter()
    for group in groups:
        found[group.source or ""] += group.number
    sources = sorted({*found, *chats}, key=lambda one: (-found[one], -chats[one], one))
    return Figure(
        "sources",
        "Where they came from",
        (Column("Source", "source"), Column("Conversations"), Column("Leads")),
        tuple((source, chats[source], found[source]) for source in sources),
    )


def _by_status(groups: list[Group]) -> Figure:
    found: Counter[str] = Counter()
    for group in groups:
        found[group.status] += group.number
    return Figure(
        "leads_by_status",
        "Where they stand now",
        (Column("Status", "status"), Column("Leads")),
        tuple((status, found[status]) for status in STATUSES) if groups else (),
    )


def _contact_of_all(took: Took, groups: list[Group]) -> Figure:
    rows = (_contact(groups, sum(took.values(), Counter())),) if groups else ()
    return Figure("contact_of_all", "First contact, all leads", CONTACT, rows)


def _first_contact(took: Took, groups: list[Group]) -> Figure:
    by_outcome: dict[str | None, list[Group]] = defaultdict(list)
    for group in groups:
        by_outcome[group.outcome].append(group)
    ordered = sorted(by_outcome.items(), key=lambda one: -_sum(one[1], "number"))
    rows = [(outcome, *_contact(alike, took.get(outcome, Counter()))) for outcome, alike in ordered]
    return Figure(
        "first_contact",
        "Time to first contact",
        (Column("Outcome", "outcome"), *CONTACT),
        tuple(rows),
    )


def _contact(alike: list[Group], took: Counter[int]) -> tuple[Cell, ...]:
    """The cells of CONTACT. In time is a share of those that are due or were contacted."""
    waited = spread(took)
    in_time, late = _sum(alike, "in_time"), _sum(alike, "late")
    return (
        _sum(alike, "number"),
        _sum(alike, "contacted"),
        waited.median,
        waited.p90,
        share(in_time, in_time + late),
        _sum(alike, "late_now"),
    )


def _sum(groups: list[Group], name: str) -> int:
    return sum(getattr(group, name) for group in groups)


def minutes_to_contact(session: Session, period: Period) -> Took:
    """For each outcome, how many leads were contacted after so many minutes."""
    took = minutes_between(session, Lead.created_at, Lead.contacted_at).label("took")
    query = (
        select(Lead.outcome, took, func.count())
        .where(*came_in(period), Lead.contacted_at >= Lead.created_at)
        .group_by(Lead.outcome, "took")
    )
    found: Took = defaultdict(Counter)
    for outcome, minutes, number in session.execute(query):
        found[outcome][minutes] = number
    return found


def _verdicts(groups: list[Group]) -> Figure:
    """What clinicians thought of the triage, for each outcome that somebody judged."""
    found: dict[str | None, Counter[str | None]] = defaultdict(Counter)
    for group in groups:
        if group.outcome is not None:
            found[group.outcome][group.verdict] += group.number
    judged = {one: verdicts for one, verdicts in found.items() if set(verdicts) - {None}}
    return Figure(
        "verdicts",
        "What clinicians thought of the triage",
        (
            Column("Outcome", "outcome"),
            Column("Right"),
            Column("Too high"),
            Column("Too low"),
            Column("Not judged"),
        ),
        tuple(
            (outcome, *(verdicts[one] for one in ("right", "too_high", "too_low", None)))
            for outcome, verdicts in sorted(judged.items(), key=lambda one: str(one[0]))
        ),
    )
