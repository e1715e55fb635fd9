"""A clinic with as many leads as wanted, spread as in a real one; nobody in it exists.

Names follow Zipf's law, as last names do: the commonest is borne by one in a hundred. The newest
leads wait, the others are done with. The answers are the same ciphertext everywhere, about as long
as PostgreSQL lets them be before it moves them out of the row.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate, product
from typing import Any

import psycopg

from clinic.clock import now
from clinic.encryption import cipher
from clinic.questionnaires import rules
from clinic.screening.states import STATES
from clinic.search_terms import contact_terms, terms_of

SYLLABLES = tuple(a + b for a, b in product("bdfghklmnprst", "aeo"))
FIRST_NAMES = ["".join(two).capitalize() for two in product(SYLLABLES[::3], SYLLABLES[1::3])]
LAST_NAMES = ["".join(three).capitalize() for three in product(SYLLABLES, repeat=3)]
SOURCES = [f"campaign-{number}" for number in range(30)]
YEARS = timedelta(days=3 * 365)
WIDTH = 700
"""Letters of the answers that are kept, before they are encrypted."""

WAITING, UNTOUCHED = 0.08, 0.02
"""Shares of all leads, the newest ones: somebody has to call, and nobody has called yet."""
MERGED, ERASED, IN_THE_CHAT = 0.02, 0.01, 0.03
STAFF = 12

COLUMNS = (
    *("id", "conversation_id", "created_at", "updated_at", "status", "urgency", "outcome"),
    *("wants_callback", "state", "source", "assignee_id", "due_at", "opened_at", "merged_into"),
    *("erased_at", "name", "phone", "email", "contact", "summary", "response"),
)


@dataclass(frozen=True)
class Zipf:
    """Draws from a list of which the second is half as frequent as the first, and so on."""

    values: Sequence[str]
    weights: Sequence[float]

    @classmethod
    def over(cls, values: Sequence[str]) -> Zipf:
        return cls(values, list(accumulate(1 / (place + 8) for place in range(len(values)))))

    def draw(self, chance: random.Random) -> str:
        return chance.choices(self.values, cum_weights=self.weights)[0]


@dataclass(frozen=True)
class Person:
    """What a lead is found by."""

    id: str
    name: str
    phone: str
    email: str


def people(number: int) -> Iterator[Person]:
    """The same ones in every run."""
    chance = random.Random(number)
    last_names = Zipf.over(LAST_NAMES)
    for place in range(number):
        last = last_names.draw(chance)
        yield Person(
            id=f"{chance.getrandbits(128):032x}",
            name=f"{chance.choice(FIRST_NAMES)} {last}",
            phone=f"+1202{2000000 + place:07}",
            email=f"{last.lower()}.{place}@example.org",
        )


def fill(connection: psycopg.Connection[Any], number: int) -> None:
    """Write the leads and their terms, faster than one by one."""
    chance = random.Random(number + 1)
    with connection.cursor() as cursor:
        _staff(cursor)
        with cursor.copy(f"COPY leads ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows(number, chance):
                copy.write_row(row)
        _terms(cursor, number)
        _chats(cursor)
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")
    connection.autocommit = False


def rows(number: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    states, sources = Zipf.over(list(STATES)), Zipf.over(SOURCES)
    outcomes = Zipf.over([outcome.code for outcome in rules().outcomes])
    answers = _encrypted("x" * WIDTH)
    nothing, contact = _sealed([]), _sealed({})
    today, before = now(), ""
    for place, person in enumerate(people(number)):
        age = place / number  # the newest first
        came = today - age * YEARS - timedelta(minutes=chance.random() * 60)
        status = _status(age, chance)
        is_done = status in ("booked", "closed")
        fate = chance.random() if is_done and before else 1
        yield (
            person.id,
            person.id,
            came,
            came,
            status,
            chance.choices(range(5), (5, 45, 35, 12, 3))[0],
            None if chance.random() < 0.2 else outcomes.draw(chance),
            chance.random() < 0.3,
            states.draw(chance),
            None if chance.random() < 0.4 else sources.draw(chance),
            None if chance.random() < 0.6 else chance.randint(1, STAFF),
            _due(today, came, status, chance),
            None if status == "new" and chance.random() < 0.5 else came,
            before if fate < MERGED else None,
            came if MERGED <= fate < MERGED + ERASED else None,
            _encrypted(person.name),
            _encrypted(person.phone),
            _encrypted(person.email),
            contact,
            nothing,
            answers,
        )
        before = person.id


def _status(age: float, chance: random.Random) -> str:
    if age < WAITING:
        return "new" if age < UNTOUCHED else "contacted"
    return "booked" if chance.random() < 0.35 else "closed"


def _due(today: datetime, came: datetime, status: str, chance: random.Random) -> datetime:
    """Of those that nobody has called, three in ten are late."""
    if status == "new":
        return today + timedelta(hours=chance.uniform(-30, 70))
    return came + timedelta(days=1)


def _staff(cursor: psycopg.Cursor[Any]) -> None:
    cursor.execute(
        "INSERT INTO staff (username, password_hash, must_change_password, created_at, role)"
        " SELECT 'colleague-' || n, '-', false, now(), 'staff' FROM generate_series(1, %s) AS n",
        (STAFF,),
    )


def _terms(cursor: psycopg.Cursor[Any], number: int) -> None:
    """Ten million keyed hashes: an index made afterwards takes a tenth of the time."""
    cursor.execute(
        "ALTER TABLE lead_terms DROP CONSTRAINT pk_lead_terms,"
        " DROP CONSTRAINT fk_lead_terms_lead_id_leads"
    )
    cursor.execute("DROP INDEX ix_lead_terms_lead_id")
    with cursor.copy("COPY lead_terms (term, lead_id) FROM STDIN") as copy:
        for person in people(number):
            for term in contact_terms(person.phone, person.email) | _terms_of(person.name):
                copy.write_row((term, person.id))
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    cursor.execute(
        "ALTER TABLE lead_terms ADD CONSTRAINT pk_lead_terms PRIMARY KEY (term, lead_id),"
        " ADD CONSTRAINT fk_lead_terms_lead_id_leads FOREIGN KEY (lead_id) REFERENCES leads (id)"
    )
    cursor.execute("CREATE INDEX ix_lead_terms_lead_id ON lead_terms (lead_id)")


def _chats(cursor: psycopg.Cursor[Any]) -> None:
    """Some visitors asked for a person while they were in the chat."""
    share = (round(IN_THE_CHAT * 256),)
    cursor.execute(
        "INSERT INTO conversations (id, created_at, keeps_transcript)"
        " SELECT conversation_id, created_at, true FROM leads"
        " WHERE get_byte(decode(id, 'hex'), 0) < %s",
        share,
    )
    cursor.execute(
        "INSERT INTO handoffs (conversation_id, asked_at, ended_at)"
        " SELECT id, created_at, created_at FROM conversations"
    )


@lru_cache(maxsize=200_000)
def _terms_of(name: str) -> set[bytes]:
    return terms_of(name, None, None)


@lru_cache(maxsize=200_000)
def _encrypted(words: str) -> bytes:
    return _sealed(words)


def _sealed(value: object) -> bytes:
    return cipher().encrypt(json.dumps(value).encode())
