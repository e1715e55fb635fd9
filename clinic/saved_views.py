"""Filters of the inbox that a member of staff gave a name, each for themselves."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit
from clinic.inbox_filters import Filters, read
from clinic.tables import SavedView

LONGEST_NAME = 60
MOST = 30


class NameNeeded(Exception):
    """A view without a name, or with one that is too long or cannot be shown."""


class TooMany(Exception):
    """There are so many that one would not find the right one any more."""


def of(session: Session, staff_id: int) -> list[SavedView]:
    query = select(SavedView).where(SavedView.staff_id == staff_id)
    return list(session.scalars(query.order_by(func.lower(SavedView.name), SavedView.id)))


def save(session: Session, filters: Filters, *, name: str, staff_id: int) -> SavedView:
    """Keep the filters under this name, in place of those it had before.

    Raises:
        NameNeeded, TooMany: nothing is kept.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise NameNeeded
    view = _named(session, name, staff_id) or _added(session, name, staff_id)
    view.filters = filters.in_address()
    _record(session, "view.saved", view.id, staff_id)
    return view


def remove(session: Session, view_id: int, *, staff_id: int) -> bool:
    """False if it is somebody else's, or gone already."""
    mine = SavedView.id == view_id, SavedView.staff_id == staff_id
    if session.execute(delete(SavedView).where(*mine).returning(SavedView.id)).first() is None:
        return False
    _record(session, "view.deleted", view_id, staff_id)
    return True


def filters_of(view: SavedView) -> Filters:
    return read(view.filters)


def _named(session: Session, name: str, staff_id: int) -> SavedView | None:
    mine = SavedView.staff_id == staff_id, SavedView.name == name
    return session.scalar(select(SavedView).where(*mine))


def _added(session: Session, name: str, staff_id: int) -> SavedView:
    if len(of(session, staff_id)) >= MOST:
        raise TooMany
    view = SavedView(staff_id=staff_id, name=name, filters={})
    try:
        with session.begin_nested():
            session.add(view)
    except IntegrityError:
        # The button was pressed twice, and the other press came first.
        saved = _named(session, name, staff_id)
        if saved is None:
            raise
        return saved
    return view


def _record(session: Session, action: str, view_id: int, staff_id: int) -> None:
    audit.record(session, actor=f"staff:{staff_id}", action=action, subject=f"view:{view_id}")
