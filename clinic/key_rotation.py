"""Encrypt anew, with the first key, what older keys have encrypted; the product goes on meanwhile.

Which columns are encrypted is asked of the tables themselves, so that none can be forgotten. What
is done already is passed over, so a rotation that was broken off goes on where it was.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Column, LargeBinary, Row, Table, bindparam, select, type_coerce, update
from sqlalchemy.exc import OperationalError

from clinic import tables
from clinic.database import engine, reading, transaction
from clinic.encryption import Encrypted
from clinic.settings import settings

AT_ONCE = 200
"""Rows of one transaction: it holds SQLite's other writers up for some milliseconds."""

LONGEST_REST = 0.2
"""Seconds between two batches."""

ROUNDS = 5
"""How often it comes back for what somebody else was just changing."""

UNREADABLE = -1
"""In place of a key's number: no key opens the value."""

Values = dict[str, bytes]
"""Of one row, by column."""


@dataclass
class Tally:
    """How many values each key has encrypted, by `table.column` and the key's number; 0 is the
    first key, and UNREADABLE stands for none."""

    values: Counter[tuple[str, int]] = field(default_factory=Counter)

    def of_old_keys(self) -> int:
        return sum(number for (_, key), number in self.values.items() if key > 0)

    def unreadable(self) -> dict[str, int]:
        return {about: number for (about, key), number in self.values.items() if key == UNREADABLE}


@dataclass(frozen=True)
class Step:
    """How far a rotation is: rows that were looked at, and values that were encrypted anew."""

    table: str
    rows: int
    values: int


def encrypted_columns() -> dict[Table, list[Column[Any]]]:
    """Every column that is encrypted, of every table."""
    found = {}
    for table in tables.Table.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, Encrypted)]
        if columns:
            found[table] = columns
    return found


def tally() -> Tally:
    """Look at every encrypted value; nothing is changed and nothing is shown."""
    counted, single_keys = Tally(), ciphers()
    for table, columns in encrypted_columns().items():
        for rows in _batches(table, columns):
            for row in rows:
                for column, value in _values(row, columns).items():
                    number = _key_of(value, single_keys)
                    counted.values[f"{table.name}.{column}", number] += 1
    return counted


def rotate() -> Iterator[Step]:
    """Go through every table, until nothing of an older key is left that can be opened.

    Yields after each batch. A row that somebody is changing is left alone, as whoever changes it
    encrypts it with the key of their own process; the next round looks at it again.
    """
    single_keys = ciphers()
    for _ in range(ROUNDS):
        left = 0
        for table, columns in encrypted_columns().items():
            for rows in _batches(table, columns):
                due = [(row[0], old) for row in rows if (old := _due(row, columns, single_keys))]
                done = _unless_busy(table, columns, due)
                left += sum(len(old) for _, old in due) - done
                yield Step(table.name, len(rows), done)
        if not left:
            return


def number_of_rows() -> int:
    with reading() as session:
        return sum(session.query(table).count() for table in encrypted_columns())


def ciphers() -> list[Fernet]:
    """Each key alone, the first one first."""
    keys = settings().encryption_keys.get_secret_value().split(",")
    return [Fernet(key.strip().encode()) for key in keys]


def _batches(table: Table, columns: Sequence[Column[Any]]) -> Iterator[Sequence[Row[Any]]]:
    """All rows by their key, a few at a time: no reading lasts long, and what is new is seen."""
    (key,) = table.primary_key.columns
    raw = [type_coerce(column, LargeBinary).label(column.name) for column in columns]
    query = select(key, *raw).order_by(key).limit(AT_ONCE)
    after = None
    while True:
        with reading() as session:
            rows = session.execute(query if after is None else query.where(key > after)).all()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _values(row: Row[Any], columns: Sequence[Column[Any]]) -> Values:
    stored: dict[str, Any] = dict(zip((column.name for column in columns), row[1:], strict=True))
    return {name: bytes(value) for name, value in stored.items() if value is not None}


def _due(row: Row[Any], columns: Sequence[Column[Any]], single_keys: Sequence[Fernet]) -> Values:
    """What an older key has encrypted; what no key opens is left as it is, for a person."""
    values = _values(row, columns)
    return {name: value for name, value in values.items() if _key_of(value, single_keys) > 0}


def _key_of(value: bytes, single_keys: Sequence[Fernet]) -> int:
    for number, cipher in enumerate(single_keys):
        try:
            cipher.decrypt(value)
        except InvalidToken:
            continue
        return number
    return UNREADABLE


def _unless_busy(
    table: Table, columns: Sequence[Column[Any]], due: Sequence[tuple[Any, Values]]
) -> int:
    """SQLite has one writer at a time: visitors and staff go first, and the next round is ours."""
    begun = time.monotonic()
    try:
        done = _encrypt_anew(table, columns, due)
    except OperationalError as error:
        if "database is locked" not in str(error.orig):
            raise
        return 0
    if due and engine().dialect.name == "sqlite":
        # Whoever waits for the database gets it before the next batch.
        time.sleep(min(time.monotonic() - begun, LONGEST_REST))
    return done


def _encrypt_anew(
    table: Table, columns: Sequence[Column[Any]], due: Sequence[tuple[Any, Values]]
) -> int:
    """Returns how many values were written. What takes long, the encrypting, is done before."""
    if not due:
        return 0
    cipher = MultiFernet(ciphers())
    anew = {key: {name: cipher.rotate(value) for name, value in old.items()} for key, old in due}
    (key,) = table.primary_key.columns
    # PostgreSQL: nobody is waited for while rows are held, so nobody can wait for each other.
    free = select(key).where(key.in_(anew)).with_for_update(skip_locked=True, key_share=True)
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    done = 0
    with transaction() as session:
        held = set(session.scalars(free))
        for row_key, old in due:
            if row_key in held:
                new = {f"new_{name}": value for name, value in anew[row_key].items()}
                were = {f"old_{name}": value for name, value in old.items()}
                alike[tuple(old)].append({"the_row": row_key, **new, **were})
        for names, rows in alike.items():
            result = session.connection().execute(_only_if_unchanged(table, columns, names), rows)
            done += len(names) * result.rowcount
    return done


def _only_if_unchanged(table: Table, columns: Sequence[Column[Any]], names: tuple[str, ...]) -> Any:
    """Whoever changed the value in between has written what counts."""
    (key,) = table.primary_key.columns
    change = update(table).where(key == bindparam("the_row"))
    changed = [column for column in columns if column.name in names]
    for column in changed:
        old = bindparam(f"old_{column.name}", type_=LargeBinary)
        change = change.where(type_coerce(column, LargeBinary) == old)
    new = {c.name: bindparam(f"new_{c.name}", type_=LargeBinary) for c in changed}
    # To encrypt anew changes nothing for anybody: it must not put off the end of a record's time.
    kept = {c.name: c for c in table.columns if c.onupdate is not None}
    return change.values({**kept, **new})
