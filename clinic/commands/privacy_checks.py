"""What the doctor looks at for people's rights: the audit log, what is old, what is erased."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from clinic import audit_check, expiry_failures, retention
from clinic.clock import now
from clinic.commands.checks import BROKEN, LOOK, OK
from clinic.commands.retention import WHERE_THEY_ARE
from clinic.database import reading
from clinic.tables import Erasure

NEWEST = 1000
"""Entries of the audit log that are looked at; `audit verify` looks at all."""

LONG = timedelta(hours=1)
"""A conversation that the assistant has not forgotten for longer is not forgotten by itself."""


def audit_log_is_whole() -> tuple[str, str]:
    with reading() as session:
        found = audit_check.check(session, newest=NEWEST)
    if found.is_whole:
        return OK, f"the newest {found.number} of {found.head.place} entries are whole."
    return BROKEN, f"{found.faults[0].words} Run `python -m clinic audit verify`."


def old_data_expires() -> tuple[str, str]:
    kept = retention.kept_for()
    if kept is None:
        return LOOK, "`retention_days` in clinic.yml is empty, so nothing is erased by itself."
    with reading() as session:
        warned = retention.how_many_warned_of(session)
        failed = expiry_failures.how_many(session)
    if failed:
        return BROKEN, (
            f"{failed} records should have been erased in the last day and could not be; "
            f"{WHERE_THEY_ARE}"
        )
    if warned:
        return LOOK, (
            f"{warned} open requests will be erased by themselves soon, as nobody has touched "
            "them; see /staff/expiring."
        )
    return OK, f"after {kept.days} days."


def erased_people_are_forgotten() -> tuple[str, str]:
    asked = select(func.min(Erasure.asked_at), func.count()).where(Erasure.done_at.is_(None))
    with reading() as session:
        oldest, number = session.execute(asked).one()
    if not number:
        return OK, "the assistant has forgotten everybody who was erased."
    if oldest < now() - LONG:
        return BROKEN, (
            f"the assistant still holds {number} conversations of people who were erased. "
            "Are web and Rasa running?"
        )
    return LOOK, f"the assistant is being told to forget {number} conversations."
