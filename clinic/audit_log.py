"""Read the audit log: page by page, filtered, and as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from clinic.lead_export import FORMULA
from clinic.tables import AuditEntry

COLUMNS = ("place", "at", "actor", "action", "subject", "detail", "address", "hash")
AT_ONCE = 1000
ANY = "*"
"""At the end of a filter: whatever begins like this."""


@dataclass(frozen=True)
class Filters:
    """What to show. A word that ends with `*` stands for all that begin like it."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    address: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The moment after the last one that is shown."""


def newest(
    session: Session, filters: Filters, *, before: int | None = None, most: int = 50
) -> list[AuditEntry]:
    """The newest entries, or those that come before the one with this id."""
    query = _filtered(select(AuditEntry), filters)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(session.scalars(query.order_by(AuditEntry.id.desc()).limit(most)))


def oldest_first(session: Session, filters: Filters) -> Iterator[AuditEntry]:
    """Every entry, however many they are; a thousand at a time are in memory."""
    query = _filtered(select(AuditEntry), filters).order_by(AuditEntry.id)
    for entry in session.scalars(query.execution_options(yield_per=AT_ONCE)):
        session.expunge(entry)
        yield entry


def last_check(session: Session) -> AuditEntry | None:
    """When somebody last had the whole log looked at; `detail` says what came out."""
    query = select(AuditEntry).where(AuditEntry.action == "audit.verified")
    return session.scalar(query.order_by(AuditEntry.id.desc()).limit(1))


def deeds(session: Session) -> list[str]:
    """Every kind of deed that was ever recorded; reads one row of the index for each."""
    found: list[str] = []
    while True:
        after = AuditEntry.action > found[-1] if found else AuditEntry.action.is_not(None)
        deed = session.scalar(
            select(AuditEntry.action).where(after).order_by(AuditEntry.action).limit(1)
        )
        if deed is None:
            return found
        found.append(deed)


def as_csv(entries: Iterable[AuditEntry]) -> Iterator[str]:
    yield _line(COLUMNS)
    for entry in entries:
        yield _line(map(_cell, exported(entry).values()))


def as_jsonl(entries: Iterable[AuditEntry]) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(exported(entry)) + "\n"


def exported(entry: AuditEntry) -> dict[str, Any]:
    """As it is kept: who acted is a number, never a name."""
    values = {column: getattr(entry, column) for column in COLUMNS}
    return {**values, "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}


def _filtered(query: Select[AuditEntry], filters: Filters) -> Select[AuditEntry]:
    words = (
        (AuditEntry.actor, filters.actor),
        (AuditEntry.action, filters.action),
        (AuditEntry.subject, filters.subject),
        (AuditEntry.address, filters.address),
    )
    for column, wanted in words:
        if wanted:
            query = query.where(_matches(column, wanted))
    if filters.since is not None:
        query = query.where(AuditEntry.at >= filters.since)
    if filters.until is not None:
        query = query.where(AuditEntry.at < filters.until)
    return query


def _matches(column: InstrumentedAttribute[Any], wanted: str) -> ColumnElement[bool]:
    if not wanted.endswith(ANY):
        return column == wanted
    return column.startswith(wanted.removesuffix(ANY), autoescape=True)


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
