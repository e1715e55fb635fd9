"""Days and minutes as the database counts them, in PostgreSQL's words and in SQLite's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, cast, func
from sqlalchemy.orm import Session


def local_day(session: Session, moment: Any, zone: ZoneInfo) -> ColumnElement[Any]:
    """The day of a moment by the clinic's own clock; `as_day` reads what comes back."""
    if _is_postgres(session):
        return cast(func.timezone(zone.key, moment), Date)
    _teach_sqlite(session, zone)
    return func.local_day(moment)


def as_day(found: date | str) -> date:
    return date.fromisoformat(found) if isinstance(found, str) else found


def minutes_between(session: Session, begin: Any, end: Any) -> ColumnElement[int]:
    """Whole minutes; the seconds that are left are dropped."""
    return seconds_between(session, begin, end) // 60


def seconds_between(session: Session, begin: Any, end: Any) -> ColumnElement[int]:
    if _is_postgres(session):
        # date_part and not extract, which counts in numeric and is slow at it.
        return cast(func.floor(func.date_part("epoch", end - begin)), Integer)
    return cast(func.strftime("%s", end), Integer) - cast(func.strftime("%s", begin), Integer)


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _teach_sqlite(session: Session, zone: ZoneInfo) -> None:
    """SQLite knows no time zones, so it asks us."""

    def day(moment: str) -> str:
        return str(datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone).date())

    opened = session.connection().connection.driver_connection
    if opened is None:
        raise RuntimeError("the connection was closed")
    opened.create_function("local_day", 1, day, deterministic=True)
