"""The chain of the audit log: each entry is sealed together with the one before it.

The seal is an HMAC-SHA256, keyed from CLINIC_ENCRYPTION_KEYS. Whoever has the database but not the
keys can neither change nor put in an entry unseen. See docs/decisions/0010-audit-chain.md.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.derived_keys import derive
from clinic.settings import settings
from clinic.tables import AuditEntry

PURPOSE = "audit chain"

BEGINNING = "0" * 64
"""What the first entry has in place of the seal before it."""

THE_END = 0x6175646974
"""Names the lock on the end of the chain, among all locks of a PostgreSQL database."""

WITH_THE_NEWEST_KEY = "seals_with_the_newest_key"
"""Where a session keeps that from its entries on the first key seals."""

SEALED = (
    AuditEntry.place,
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.actor,
    AuditEntry.action,
    AuditEntry.subject,
    AuditEntry.address,
    AuditEntry.detail,
)
"""What a seal covers, in this order. An entry of another table's shape would break every chain."""


class Head(NamedTuple):
    """The newest entry of a chain. Kept somewhere else, it shows if later entries were cut off."""

    place: int
    hash: str

    def __str__(self) -> str:
        return f"{self.place}:{self.hash}"


def chain(session: Session, entries: Iterable[AuditEntry]) -> None:
    """Put written, but not yet committed entries at the end of the chain.

    It holds the chain's end until the commit, so that entries stand in the order of the commits.
    Whoever holds it waits for nothing else any more, so nobody can wait for each other.
    """
    hold_the_end(session)
    place, before = head(session)
    key = _key_in_use(session)
    for entry in entries:
        place += 1
        entry.place = place
        entry.hash = before = seal_of(_values(entry), before, key)


def turn_to_the_newest_key(session: Session) -> None:
    """This session's entries, and by their example all later ones, are sealed with the first key.

    Only `keys rotate` does it: by then every process knows that key. Processes are restarted one
    after another, and what one has sealed with the new key none may seal with the old one again.
    """
    session.info[WITH_THE_NEWEST_KEY] = True


def _key_in_use(session: Session) -> bytes:
    """The key that sealed the newest entry; the first one where there is none that fits."""
    known = keys()
    if len(known) == 1 or session.info.get(WITH_THE_NEWEST_KEY):
        return known[0]
    query = select(*SEALED, AuditEntry.hash).where(AuditEntry.place.is_not(None))
    rows = session.execute(query.order_by(AuditEntry.place.desc()).limit(2)).all()
    if not rows:
        return known[0]
    *values, seal = rows[0]
    before = str(rows[1][-1]) if len(rows) > 1 else BEGINNING
    # As bytes: a seal that somebody tampered with may hold letters that the comparison refuses.
    written = str(seal).encode()
    for key in known:
        if hmac.compare_digest(seal_of(values, before, key).encode(), written):
            return key
    return known[0]


def hold_the_end(session: Session) -> None:
    """SQLite has one writer at a time anyhow."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(THE_END)))


def head(session: Session) -> Head:
    """The newest entry that is chained; place 0 if none is."""
    query = select(AuditEntry.place, AuditEntry.hash).where(AuditEntry.place.is_not(None))
    newest = session.execute(query.order_by(AuditEntry.place.desc()).limit(1)).one_or_none()
    return Head(0, BEGINNING) if newest is None else Head(newest[0] or 0, newest[1] or "")


def seal_of(values: Sequence[Any], before: str, key: bytes) -> str:
    """The seal of an entry with these values of `SEALED`, after the one with the seal `before`."""
    written = json.dumps([before, *map(_plain, values)], separators=(",", ":"))
    return hmac.digest(key, written.encode(), "sha256").hex()


def keys() -> tuple[bytes, ...]:
    """The first seals; the others sealed before it. As CLINIC_ENCRYPTION_KEYS, newest first, and
    after them CLINIC_RETIRED_KEYS, in any order."""
    ours = settings()
    return _derived(",".join((_written(ours.encryption_keys), _written(ours.retired_keys))))


def number_in_use() -> int:
    """How many of `keys`, from the first on, are not retired."""
    return len(_derived(_written(settings().encryption_keys)))


def _written(keys: SecretStr) -> str:
    return keys.get_secret_value()


@lru_cache
def _derived(fernet_keys: str) -> tuple[bytes, ...]:
    written = dict.fromkeys(each.strip() for each in fernet_keys.split(","))
    secrets = (urlsafe_b64decode(each) for each in written if each)
    return tuple(derive(secret, PURPOSE) for secret in secrets)


def _values(entry: AuditEntry) -> list[Any]:
    return [getattr(entry, column.key) for column in SEALED]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
