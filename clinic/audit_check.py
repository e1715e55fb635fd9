"""Look whether the audit log is whole: nothing changed, taken out, put in, moved or cut off."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, String, select, type_coerce
from sqlalchemy.orm import Session

from clinic import audit_chain
from clinic.audit_chain import BEGINNING, SEALED, Head
from clinic.tables import AuditEntry

MOST_FAULTS = 20
"""More are counted, not listed: after the first few a person has to look at the log itself."""

AT_ONCE = 2000

TIME = next(place for place, column in enumerate(SEALED) if column is AuditEntry.at)
"""Which of the sealed values is the time."""


@dataclass(frozen=True)
class Fault:
    """Something that no deed of ours can have left: from a place in the chain to another."""

    kind: str
    first: int
    """For what stands outside of the chain, the id of the entry: it has no place."""
    last: int

    @property
    def words(self) -> str:
        what = "entry with id" if self.kind == "outside" else "place"
        where = f"{what} {self.first}"
        if self.last != self.first:
            where = f"places {self.first} to {self.last}"
        return f"{where}: {FAULTS[self.kind]}"


FAULTS = {
    "changed": "does not fit its seal. It was changed, moved or put in.",
    "missing": "missing. It was deleted.",
    "outside": "has no seal. It was put in from outside, or an older version wrote it.",
    "cut_off": "the end that you know of is gone. Later entries were cut off.",
    "other": "has another seal than the one you know of. The log was written anew.",
}


@dataclass(frozen=True)
class Findings:
    """What a look at the log found. `number` entries were looked at, up to `head`."""

    number: int
    head: Head
    faults: tuple[Fault, ...]
    more_faults: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.faults


def check(session: Session, *, newest: int | None = None, known: Head | None = None) -> Findings:
    """Read the log from its beginning, or its newest entries only; never more than a few at once.

    Args:
        known: a head that was written down before, somewhere else.
    """
    end = audit_chain.head(session)
    first = 1 if newest is None else max(1, end.place - newest + 1)
    walk = Walk(first, _seal_at(session, first - 1))
    found: list[Fault] = []
    more = 0
    for fault in _faults(session, walk, end, known):
        if len(found) < MOST_FAULTS:
            found.append(fault)
        else:
            more += 1
    return Findings(walk.number, end, tuple(found), more)


def fitting(session: Session, places: Sequence[int]) -> set[int]:
    """Which of these places fit their seal and the one before; for a page that shows a few."""
    befores = {place - 1 for place in places}
    seals: dict[int | None, str | None] = {0: BEGINNING}
    query = select(AuditEntry.place, AuditEntry.hash).where(AuditEntry.place.in_(befores))
    seals.update(session.execute(query).tuples().all())
    rows = session.execute(_entries().where(AuditEntry.place.in_(places)))
    return {row.place for row in rows if _key_that_fits(row, seals.get(row.place - 1)) is not None}


class Walk:
    """Goes along the chain, entry by entry."""

    def __init__(self, first: int, before: str | None) -> None:
        self.next = first
        self.before = before
        """The seal that the next entry builds on; None where it is not known."""
        self.number = 0
        self._counting = list(range(len(audit_chain.keys())))
        """The numbers of the keys whose seals still count; the one that sealed last goes first."""
        self._last: int | None = None

    def over(self, row: Row[Any]) -> Iterator[Fault]:
        if row.place > self.next:
            yield Fault("missing", self.next, row.place - 1)
            self.before = None
        key = _key_that_fits(row, self.before, self._counting)
        if key is not None:
            self._sealed_by(key)
        elif self.before is not None:
            yield Fault("changed", row.place, row.place)
        self.next, self.before = row.place + 1, row.hash
        self.number += 1

    def _sealed_by(self, key: int) -> None:
        """After the first seal of a newer key no seal of an older one counts.

        Which keys in use are newer their order says. Retired ones are older than those, and among
        themselves as old as their first seals, as people write them down in either order.
        """
        if key == self._last:
            return
        newer: Sequence[int] = range(key)
        if key >= audit_chain.number_in_use():
            newer = [other for other in self._counting if other not in (key, self._last)]
        self._counting = [key, *newer]
        self._last = key


def _faults(session: Session, walk: Walk, end: Head, known: Head | None) -> Iterator[Fault]:
    if known is not None:
        yield from _against(session, known)
    query = _entries().where(AuditEntry.place.between(walk.next, end.place))
    query = query.order_by(AuditEntry.place).execution_options(yield_per=AT_ONCE)
    for row in session.execute(query):
        yield from walk.over(row)
    if walk.next <= end.place:
        yield Fault("missing", walk.next, end.place)
    outside = select(AuditEntry.id).where(AuditEntry.place.is_(None)).order_by(AuditEntry.id)
    for entry_id in session.scalars(outside):
        yield Fault("outside", entry_id, entry_id)


def _against(session: Session, known: Head) -> Iterator[Fault]:
    here = _seal_at(session, known.place)
    if here is None:
        yield Fault("cut_off", known.place, known.place)
    elif here != known.hash:
        yield Fault("other", known.place, known.place)


def _entries() -> Select[*tuple[Any, ...]]:
    # A time is read as it is written: one that is none must be found, not stop the reading.
    columns = (type_coerce(one, String) if one is AuditEntry.at else one for one in SEALED)
    return select(*columns, AuditEntry.hash)


def _seal_at(session: Session, place: int) -> str | None:
    if place == 0:
        return BEGINNING
    return session.scalar(select(AuditEntry.hash).where(AuditEntry.place == place))


def _key_that_fits(
    row: Row[Any], before: str | None, counting: Sequence[int] | None = None
) -> int | None:
    """The number of the key that sealed this entry, among those that count."""
    if before is None:
        return None
    keys = audit_chain.keys()
    values: list[Any] = list(row[:-1])
    values[TIME] = _time(values[TIME])
    seal = str(row[-1]).encode()
    for number in range(len(keys)) if counting is None else counting:
        if hmac.compare_digest(audit_chain.seal_of(values, before, keys[number]).encode(), seal):
            return number
    return None


def _time(written: Any) -> Any:
    """SQLite keeps times as text, and without their zone, which is UTC."""
    if not isinstance(written, str):
        return written
    try:
        return datetime.fromisoformat(written).replace(tzinfo=UTC)
    except ValueError:
        return written
