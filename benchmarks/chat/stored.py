"""Whether a turn costs more when the database is full: leads, messages and Rasa's trackers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from benchmarks.chat import talk
from benchmarks.chat.desks import Desk, Servers, running
from benchmarks.chat.load import Bot, Load, in_turn, one_round
from benchmarks.chat.measures import Round
from benchmarks.inbox.clinic_of import fill
from clinic import database
from clinic.clock import now
from clinic.encryption import cipher

MESSAGES_OF_A_LEAD = 10
COLUMNS = ("conversation_id", "sender", "key", "at", "content")
TRACKER = "x" * 4000
"""About as long as the encrypted tail of a conversation."""


@dataclass(frozen=True)
class Size:
    leads: int
    conversations: int
    rounds: int


USUAL = Size(leads=100_000, conversations=8, rounds=7)
QUICK = Size(leads=1000, conversations=1, rounds=1)

Found = dict[int, list[Round]]
"""Rounds by the number of leads."""


def measure(folder: Path, servers: Servers, size: Size) -> Found:
    with ExitStack() as stack:
        desks = {}
        for leads in (0, size.leads):
            settings = servers.database(f"with_{leads}")
            desks[leads] = stack.enter_context(running(Desk(folder / f"{leads}", **settings)))
            if leads:
                write(servers, f"with_{leads}", leads)
        bots: Mapping[str, tuple[Bot, Sequence[Sequence[str]]]] = {
            str(leads): (desk, talk.OURS) for leads, desk in desks.items()
        }
        load = Load(visitors=1, conversations=size.conversations)
        for bot, sentences in bots.values():
            one_round(bot, sentences, load)
        found = in_turn(bots, [load], size.rounds)
        return {leads: found[str(leads)][1] for leads in desks}


def write(servers: Servers, name: str, leads: int) -> None:
    """While the desk runs, as it would have grown: every lead with a conversation behind it."""
    engine = database.open_engine(servers.clinic_url(name))
    raw = engine.raw_connection()
    connection: psycopg.Connection[Any] = raw.driver_connection  # type: ignore[assignment]
    fill(connection, leads)
    _messages(connection)
    raw.close()
    engine.dispose()
    _trackers(servers.clinic_url(f"{name}_tracker"), leads)


def _messages(connection: psycopg.Connection[Any]) -> None:
    """As many bubbles for each conversation, in the order in which visitors wrote them."""
    bubble = cipher().encrypt(b'{"text": "' + b"x" * 300 + b'", "payload": null}')
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO conversations (id, created_at, keeps_transcript)"
            " SELECT conversation_id, created_at, true FROM leads ON CONFLICT DO NOTHING"
        )
        names = [row[0] for row in cursor.execute("SELECT id FROM conversations").fetchall()]
        begun = now() - timedelta(days=30)
        with cursor.copy(f"COPY messages ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for place in range(MESSAGES_OF_A_LEAD):
                sender = "bot" if place % 2 else "visitor"
                for name in names:
                    copy.write_row((name, sender, f"key-{place // 2}", begun, bubble))
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")
    connection.autocommit = False


def _trackers(url: str, number: int) -> None:
    engine = database.open_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO trackers (sender_id, data, changed)"
                " SELECT md5(n::text), :data, 0 FROM generate_series(1, :number) AS n"
            ),
            {"data": TRACKER, "number": number},
        )
        connection.execute(text("ANALYZE trackers"))
    engine.dispose()
