"""Change the key of Rasa's conversations while Rasa runs.

    python -m nlu_components.tracker_keys rotate    # every conversation, with the first key
    python -m nlu_components.tracker_keys check     # does any still need an older key?

Reads RASA_TRACKER_URL and RASA_TRACKER_KEYS. Put the new key before the old one, start Rasa anew,
rotate, check, and then take the old key away. A conversation that goes on meanwhile is Rasa's: what
Rasa wrote is never overwritten, and is looked at once more. Stopped in the middle, begin again.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Dict, Iterator, List, Text, Tuple

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy.engine import Engine

from nlu_components.tracker_rows import open_engine
from nlu_components.tracker_store import TrackerKeysMissing, cipher

BATCH = 200
TRIES = 5
"""So often a row that Rasa writes at the same moment is looked at again in one go."""
TABLES = {"trackers": "sender_id", "events": "id"}
"""Each with what names a row; `events` is of an earlier version, where nobody has come back yet."""


@dataclass
class Found:
    """How many rows there are, and what is to be said of them."""

    rows: int = 0
    old: int = 0
    unreadable: int = 0
    busy: int = 0


def check(engine: Engine, keys: Text) -> Found:
    """Count what the first key does not open."""
    found, all_keys, first = Found(), cipher(keys), _first(keys)
    for table in _tables(engine):
        for batch in _batches(engine, table):
            for _, token in batch:
                found.rows += 1
                if not _opens(first, token):
                    found.old += 1
                    found.unreadable += not _opens(all_keys, token)
    return found


def rotate(engine: Engine, keys: Text) -> Found:
    """Encrypt with the first key whatever it does not open."""
    found = Found()
    for table in _tables(engine):
        for batch in _batches(engine, table):
            for place, token in batch:
                found.rows += 1
                _rotate_row(engine, table, (place, token), keys, found)
            _say(f"{table}: {found.rows} looked at, {found.old} encrypted anew")
    return found


def _rotate_row(
    engine: Engine, table: Text, row: Tuple[object, Text], keys: Text, found: Found
) -> None:
    name, (place, token) = TABLES[table], row
    select = sa.text(f"SELECT data FROM {table} WHERE {name} = :place")  # noqa: S608  # ours
    update = sa.text(
        f"UPDATE {table} SET data = :new WHERE {name} = :place AND data = :old"  # noqa: S608
    )
    all_keys, first = cipher(keys), _first(keys)
    with engine.connect() as connection:
        for _ in range(TRIES):
            if _opens(first, token):
                return
            try:
                new = all_keys.rotate(token.encode()).decode()
            except InvalidToken:
                found.unreadable += 1
                return
            values = {"new": new, "old": token, "place": place}
            if connection.execute(update, values).rowcount:
                found.old += 1
                return
            again = connection.execute(select, {"place": place}).first()
            if again is None:
                return
            token = again[0]
    found.busy += 1


def _batches(engine: Engine, table: Text) -> Iterator[List[Tuple[object, Text]]]:
    """The rows in the order of their names, so that none is held open while others are written."""
    name = TABLES[table]
    first = sa.text(f"SELECT {name}, data FROM {table} ORDER BY {name} LIMIT {BATCH}")  # noqa: S608
    following = sa.text(
        f"SELECT {name}, data FROM {table} WHERE {name} > :last"  # noqa: S608
        f" ORDER BY {name} LIMIT {BATCH}"
    )
    last: Dict[Text, object] = {}
    while True:
        with engine.connect() as connection:
            rows = connection.execute(following if last else first, last).all()
        if not rows:
            return
        yield [(place, token) for place, token in rows]
        last = {"last": rows[-1][0]}


def _tables(engine: Engine) -> List[Text]:
    inspector = sa.inspect(engine)
    return [table for table in TABLES if inspector.has_table(table)]


def _first(keys: Text) -> MultiFernet:
    return MultiFernet([Fernet(keys.split(",")[0].strip().encode())])


def _opens(keys: MultiFernet, token: Text) -> bool:
    try:
        keys.decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def main(arguments: List[Text]) -> int:
    if arguments not in (["rotate"], ["check"]):
        _say("usage: python -m nlu_components.tracker_keys rotate|check")
        return 2
    url, keys = os.environ.get("RASA_TRACKER_URL", ""), os.environ.get("RASA_TRACKER_KEYS", "")
    try:
        cipher(keys)
    except TrackerKeysMissing as error:
        _say(str(error))
        return 2
    if not url:
        _say("RASA_TRACKER_URL says where Rasa's conversations are; it is empty")
        return 2
    engine = open_engine(url)
    try:
        return _rotate(engine, keys) if arguments == ["rotate"] else _check(engine, keys)
    finally:
        engine.dispose()


def _rotate(engine: Engine, keys: Text) -> int:
    found = rotate(engine, keys)
    _say(
        f"{found.rows} rows, {found.old} encrypted anew with the first key, "
        f"{found.unreadable} that no key opens, {found.busy} too busy: run it again for those"
    )
    return 1 if found.unreadable or found.busy else 0


def _check(engine: Engine, keys: Text) -> int:
    found = check(engine, keys)
    if not found.old:
        _say(f"{found.rows} rows, all open with the first key; older keys can go")
        return 0
    _say(
        f"{found.rows} rows, {found.old} of them need another than the first key "
        f"({found.unreadable} that no key opens): run rotate"
    )
    return 1


def _say(line: Text) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
