"""Which leads somebody wants to see, as it stands in the address of the inbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, text

from clinic.clock import now
from clinic.facts import facts
from clinic.lead_statuses import STATUSES
from clinic.screening.states import STATES
from clinic.tables import IS_SHOWN, IS_WAITING, WAITS_FOR_A_CALL, Handoff, Lead

TO_DO, ALL = "todo", "all"
TABS = (TO_DO, *STATUSES, ALL)

CALLBACK, LIVE_CHAT = "callback", "live_chat"
"""Reasons to be in the inbox beside the outcomes of the triage."""

ME, NOBODY = "me", "nobody"
BY_URGENCY, BY_DUE = "urgency", "due"
MOST_URGENT = 4
LONGEST = 64


@dataclass(frozen=True)
class Filters:
    """All of them hold together. An empty one lets everything through."""

    status: str = TO_DO
    late: str = ""
    urgency: str = ""
    reason: str = ""
    state: str = ""
    assignee: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    sort: str = BY_URGENCY

    def in_address(self) -> dict[str, str]:
        """What differs from how the inbox opens."""
        return {name: value for name, value in asdict(self).items() if value != DEFAULTS[name]}

    def narrowing(self) -> dict[str, str]:
        """What takes leads out of the list, apart from the status."""
        differs = self.in_address()
        return {name: value for name, value in differs.items() if name not in ("status", "sort")}

    def but(self, **changes: str) -> Filters:
        return replace(self, **changes)


DEFAULTS: Mapping[str, str] = {each.name: str(each.default) for each in fields(Filters)}


def read(address: Mapping[str, str]) -> Filters:
    """The filters that an address names; what makes no sense is left out."""
    wanted = {name: address.get(name, "").strip()[:LONGEST] for name in DEFAULTS}
    return Filters(
        **{
            name: value if value and MAKES_SENSE[name](value) else DEFAULTS[name]
            for name, value in wanted.items()
        }
    )


def conditions(filters: Filters, *, staff_id: int) -> list[ColumnElement[bool]]:
    """The same in the words of the database; "me" is the member of staff who asks."""
    found: list[ColumnElement[bool]] = [has_status(filters.status)]
    if filters.late:
        found.append(is_late())
    if filters.urgency:
        found.append(Lead.urgency == int(filters.urgency))
    if filters.reason:
        found.append(_has_reason(filters.reason))
    if filters.state:
        found.append(Lead.state == filters.state)
    if filters.source:
        found.append(Lead.source == filters.source.lower())
    if filters.assignee:
        found.append(_is_with(filters.assignee, staff_id))
    if filters.since:
        found.append(Lead.created_at >= _begin_of(date.fromisoformat(filters.since)))
    if filters.until:
        after = date.fromisoformat(filters.until) + timedelta(days=1)
        found.append(Lead.created_at < _begin_of(after))
    return found


def has_status(status: str) -> ColumnElement[bool]:
    """Literally as in the indexes of the table: with values in their place PostgreSQL could not
    know that an index for just these leads fits.
    """
    if status in (TO_DO, ALL):
        return and_(text(IS_WAITING if status == TO_DO else IS_SHOWN))
    return and_(Lead.status == status, text(IS_SHOWN))


def is_late() -> ColumnElement[bool]:
    """Nobody has been in touch, and the time to do so is over."""
    return and_(text(WAITS_FOR_A_CALL), Lead.due_at < now())


def _has_reason(reason: str) -> ColumnElement[bool]:
    if reason == CALLBACK:
        return Lead.wants_callback.is_(True)
    if reason == LIVE_CHAT:
        return exists().where(Handoff.conversation_id == Lead.conversation_id)
    return Lead.outcome == reason


def _is_with(assignee: str, staff_id: int) -> ColumnElement[bool]:
    if assignee == NOBODY:
        return Lead.assignee_id.is_(None)
    return Lead.assignee_id == (staff_id if assignee == ME else int(assignee))


def _begin_of(day: date) -> datetime:
    """Midnight where the clinic is."""
    return datetime.combine(day, time.min, facts().zone).astimezone(UTC)


def _is_a_day(value: str) -> bool:
    try:
        return date(2000, 1, 1) <= date.fromisoformat(value) < date(9000, 1, 1)
    except ValueError:
        return False


def _is_a_number(value: str, most: int) -> bool:
    return value.isascii() and value.isdecimal() and int(value) <= most


def _is_somebody(value: str) -> bool:
    return value in (ME, NOBODY) or _is_a_number(value, 2**31 - 1)


def _is_a_reason(value: str) -> bool:
    return value in (CALLBACK, LIVE_CHAT) or (value.isascii() and len(value) <= 8)


MAKES_SENSE: Mapping[str, Callable[[str], bool]] = {
    "status": TABS.__contains__,
    "late": lambda value: value == "1",
    "urgency": lambda value: _is_a_number(value, MOST_URGENT),
    "reason": _is_a_reason,
    "state": STATES.__contains__,
    "assignee": _is_somebody,
    "source": lambda value: value.isprintable(),
    "since": _is_a_day,
    "until": _is_a_day,
    "sort": (BY_URGENCY, BY_DUE).__contains__,
}
