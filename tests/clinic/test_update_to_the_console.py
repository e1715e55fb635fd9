"""From the version before the console, and back to it: nothing is made up, no door is opened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, text

from clinic.database import migrate, transaction
from clinic.encryption import cipher
from clinic.notice_planning import plan_due, queue_late
from clinic.tables import Lead
from tests.clinic.test_database import config_of, older_database

DAY = "2026-11-{:02} 12:00:00.000000"


def old_lead(connection: Connection, lead_id: str, status: str, *deeds: str) -> None:
    """Came in on the first of November; each deed is a day later than the one before."""
    made: dict[str, Any] = {"id": lead_id, "status": status, "at": DAY.format(1)}
    made |= {"name": cipher().encrypt(b'"Ann"'), "contact": cipher().encrypt(b"{}")}
    made |= {"summary": cipher().encrypt(b"[]"), "changed": DAY.format(20)}
    connection.execute(
        text(
            "INSERT INTO leads (id, conversation_id, created_at, updated_at, status, urgency, "
            "wants_callback, name, contact, summary) VALUES (:id, :id, :at, :changed, :status, 3, "
            "false, :name, :contact, :summary)"
        ),
        made,
    )
    for day, deed in enumerate(("created", *deeds), 1):
        connection.execute(
            text(
                "INSERT INTO audit (at, actor, action, subject) "
                "VALUES (:at, 'staff:1', :action, :subject)"
            ),
            {"at": DAY.format(day), "action": f"lead.{deed}", "subject": f"lead:{lead_id}"},
        )
    connection.execute(
        text(
            "INSERT INTO notices (kind, subject, created_at, due_at, attempts, sent_at) "
            "VALUES ('new_lead', :subject, :at, :at, 1, :at)"
        ),
        {"subject": f"lead:{lead_id}", "at": DAY.format(1)},
    )


def test_times_of_old_leads_are_those_of_the_audit_log_or_none(tmp_path: Path) -> None:
    with older_database(tmp_path, "0004") as (url, opened):
        with opened.begin() as connection:
            old_lead(connection, "untouched", "new")
            old_lead(connection, "silent", "closed")  # by hand, in the database
            old_lead(connection, "done", "booked", "viewed", "viewed", "contacted", "booked")
            old_lead(connection, "again", "new", "viewed", "contacted", "updated")

        migrate(url)

        with transaction(opened) as session:
            found = {
                each.id: (each.opened_at, each.contacted_at) for each in session.query(Lead).all()
            }
    day = [datetime(2026, 11, number or 1, 12, tzinfo=UTC) for number in range(10)]
    assert found == {
        "untouched": (None, None),
        "silent": (None, None),
        "done": (day[2], day[4]),
        "again": (None, day[3]),
    }


def test_nobody_is_called_anew_for_a_lead_of_before(tmp_path: Path) -> None:
    with older_database(tmp_path, "0004") as (url, opened):
        with opened.begin() as connection:
            old_lead(connection, "untouched", "new")
            old_lead(connection, "silent", "contacted")

        migrate(url)

        with transaction(opened) as session:
            assert queue_late(session) == 0
            assert plan_due(session, targets=["t"]) == 0


def test_the_way_back_lets_nobody_in_who_was_shut_out(tmp_path: Path) -> None:
    with older_database(tmp_path, "head") as (url, opened):
        with opened.begin() as connection:
            for name, left in (("amira", None), ("ben", DAY.format(1))):
                connection.execute(
                    text(
                        "INSERT INTO staff (username, password_hash, must_change_password, "
                        "created_at, deactivated_at) VALUES (:name, 'kept', false, :at, :left)"
                    ),
                    {"name": name, "at": DAY.format(1), "left": left},
                )
            connection.execute(
                text(
                    "INSERT INTO staff_sessions (token_hash, id, staff_id, csrf_token, created_at, "
                    "last_seen_at, needs_second_factor) VALUES ('t', 'i', 1, 'c', :at, :at, true)"
                ),
                {"at": DAY.format(1)},
            )

        command.downgrade(config_of(url), "0004")

        with opened.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM staff_sessions")) == 0
            hashes = connection.execute(text("SELECT username, password_hash FROM staff")).all()
    known = dict(tuple(one) for one in hashes)
    assert known["amira"] == "kept"
    assert known["ben"] not in ("kept", "")
