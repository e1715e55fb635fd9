"""Pages of the inbox: the most urgent first, then the longest waiting, or whoever is due next.

A page begins right after the last lead of the one before, never so many leads from the top: page
twenty costs what the first one does, and a lead that comes in between moves nobody out of sight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, select, text, tuple_
from sqlalchemy.orm import Session, load_only
from sqlalchemy.sql.elements import Tuple
from sqlalchemy.sql.selectable import ScalarSelect

from clinic.inbox_filters import ALL, BY_DUE, TABS, TO_DO, Filters, conditions, has_status, is_late
from clinic.tables import WAITS_FOR_A_CALL, Lead, Moment

LATE = "late"
ON_A_PAGE = 50
COUNTED = 1000
"""More are not counted: nobody reads the difference, and counting a million takes a while."""

IN_A_LIST = load_only(
    Lead.id,
    Lead.conversation_id,
    Lead.name,
    Lead.status,
    Lead.urgency,
    Lead.outcome,
    Lead.wants_callback,
    Lead.state,
    Lead.assignee_id,
    Lead.created_at,
    Lead.due_at,
    Lead.opened_at,
    Lead.merged_into,
    Lead.erased_at,
)
"""Answers are not read for a list: opening what is encrypted takes most of the time."""

PLACE = re.compile(r"(?P<order>[ud])-(?P<urgency>\d)-(?P<moment>\d{1,16})-(?P<id>[0-9a-f]{32})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """Where a page ended: after this lead, in the stretch by urgency or in the one by due time."""

    order: str
    urgency: int
    moment: datetime
    id: str

    def __str__(self) -> str:
        microseconds = (self.moment - _EPOCH) // timedelta(microseconds=1)
        return f"{self.order}-{self.urgency}-{microseconds}-{self.id}"


@dataclass(frozen=True)
class Page:
    """`after` begins the next page; it is empty on the last one."""

    leads: list[Lead]
    after: Place | None


@dataclass(frozen=True)
class Number:
    """How many, as far as they were counted."""

    counted: int

    @property
    def is_more(self) -> bool:
        return self.counted > COUNTED

    def __str__(self) -> str:
        return f"{COUNTED:,}+" if self.is_more else f"{self.counted:,}"


Stretch = Select[Lead]


def read_place(written: str) -> Place | None:
    found = PLACE.fullmatch(written)
    if not found:
        return None
    moment = _EPOCH + timedelta(microseconds=int(found["moment"]))
    return Place(found["order"], int(found["urgency"]), moment, found["id"])


def page(session: Session, filters: Filters, *, staff_id: int, after: Place | None = None) -> Page:
    wanted = conditions(filters, staff_id=staff_id)
    leads: list[Lead] = []
    for stretch in stretches(filters, wanted, after):
        left = ON_A_PAGE + 1 - len(leads)
        leads += session.scalars(stretch.options(IN_A_LIST).limit(left))
        if len(leads) > ON_A_PAGE:
            return Page(leads[:ON_A_PAGE], _place_of(leads[ON_A_PAGE - 1], filters))
    return Page(leads, None)


def numbers(session: Session) -> dict[str, Number]:
    """How many leads stand under each tab, and under "late"; in one question to the database."""
    counts = {tab: _count(has_status(tab)) for tab in TABS} | {LATE: _count(is_late())}
    row = session.execute(select(*(count.label(name) for name, count in counts.items()))).one()
    return {name: Number(number) for name, number in row._mapping.items()}


def sources(session: Session) -> list[str]:
    """Websites and campaigns that the first leads to do came from, for the filter to offer."""
    first = select(Lead.source).where(has_status(TO_DO))
    first = first.order_by(Lead.urgency.desc(), Lead.created_at, Lead.id).limit(COUNTED)
    some = first.subquery()
    query = select(some.c.source).where(some.c.source.is_not(None)).distinct()
    return sorted(session.scalars(query))


def _count(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    some = select(literal(1)).select_from(Lead).where(condition).limit(COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def stretches(
    filters: Filters, wanted: Sequence[ColumnElement[bool]], after: Place | None
) -> Iterator[Stretch]:
    """The leads in order, in stretches that are each read from an index."""
    if filters.sort == BY_DUE and filters.status in (TO_DO, "new", ALL):
        if after is None or after.order == "d":
            yield _by_due(wanted, after)
            after = None
        wanted = [*wanted, ~_waits_with_a_time()]
    yield from _by_urgency(wanted, after)


def _by_due(wanted: Sequence[ColumnElement[bool]], after: Place | None) -> Stretch:
    """Whom nobody has been in touch with, and until when somebody should."""
    query = select(Lead).where(*wanted, text(WAITS_FOR_A_CALL), Lead.due_at.is_not(None))
    if after is not None:
        query = query.where(tuple_(Lead.due_at, Lead.id) > _pair(after))
    return query.order_by(Lead.due_at, Lead.id)


def _by_urgency(wanted: Sequence[ColumnElement[bool]], after: Place | None) -> Iterator[Stretch]:
    order = (Lead.urgency.desc(), Lead.created_at, Lead.id)
    if after is not None:
        # In two parts, as an index can jump to the beginning of each.
        same = select(Lead).where(
            *wanted,
            Lead.urgency == after.urgency,
            # Said twice, for other indexes that begin with the time and know no id.
            Lead.created_at >= after.moment,
            tuple_(Lead.created_at, Lead.id) > _pair(after),
        )
        yield same.order_by(Lead.created_at, Lead.id)
        wanted = [*wanted, Lead.urgency < after.urgency]
    yield select(Lead).where(*wanted).order_by(*order)


def _waits_with_a_time() -> ColumnElement[bool]:
    return (Lead.status == "new") & Lead.due_at.is_not(None)


def _pair(place: Place) -> Tuple:
    return tuple_(literal(place.moment, Moment()), literal(place.id))


def _place_of(lead: Lead, filters: Filters) -> Place:
    if filters.sort == BY_DUE and lead.status == "new" and lead.due_at is not None:
        return Place("d", lead.urgency, lead.due_at, lead.id)
    return Place("u", lead.urgency, lead.created_at, lead.id)
