"""The audit log: what is recorded is chained when it is committed, and stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit, audit_chain, audit_check
from clinic.database import engine, migrate, open_engine, transaction
from clinic.tables import AuditEntry
from tests.clinic.test_database import older_database


def record(session: Session, *subjects: str) -> None:
    for subject in subjects:
        audit.record(session, actor="system", action="lead.viewed", subject=subject)


def entries(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_entries_stand_in_the_chain_in_the_order_they_were_committed(database_url: str) -> None:
    with transaction() as session:
        record(session, "lead:a", "lead:b")
    with transaction() as session:
        record(session, "lead:c")

    with transaction() as session:
        assert [(e.subject, e.place) for e in entries(session)] == [
            ("lead:a", 1),
            ("lead:b", 2),
            ("lead:c", 3),
        ]
        assert audit_check.check(session).is_whole


def test_what_a_savepoint_took_back_is_not_in_the_log(database_url: str) -> None:
    with transaction() as session:
        record(session, "lead:a")
        savepoint = session.begin_nested()
        record(session, "lead:taken back")
        session.flush()
        savepoint.rollback()
        record(session, "lead:b")

    with transaction() as session:
        assert [e.subject for e in entries(session)] == ["lead:a", "lead:b"]
        assert audit_check.check(session).is_whole


def test_what_failed_leaves_no_entry_and_no_gap(database_url: str) -> None:
    def fail() -> None:
        with transaction() as session:
            record(session, "lead:a")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fail()
    with transaction() as session:
        record(session, "lead:b")

    with transaction() as session:
        assert [(e.subject, e.place) for e in entries(session)] == [("lead:b", 1)]


def test_who_only_reads_does_not_touch_the_chain(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("nobody has recorded anything")

    monkeypatch.setattr(audit_chain, "chain", never)

    with transaction() as session:
        entries(session)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit",
        "UPDATE audit SET actor = 'staff:9' WHERE place = 1",
        "UPDATE audit SET place = 7, hash = 'x' WHERE place = 1",
        "INSERT OR REPLACE INTO audit (id, at, actor, action, subject) VALUES (1, 0, '', '', '')",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_an_entry(
    database_url: str, statement: str
) -> None:
    with transaction() as session:
        record(session, "lead:a")

    with pytest.raises(IntegrityError, match="append-only"), engine().begin() as connection:
        connection.execute(text(statement))

    with transaction() as session:
        assert audit_check.check(session).is_whole


def test_an_entry_that_has_no_seal_yet_cannot_be_changed_either(session: Session) -> None:
    record(session, "lead:a")
    session.commit()

    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text("UPDATE audit SET actor = 'staff:9'"))


@pytest.mark.parametrize("address", ["2001:db8::1", "x" * 500, None])
def test_an_address_that_is_none_does_not_stop_a_deed(
    database_url: str, address: str | None
) -> None:
    with transaction() as session:
        audit.acts_from(session, address)
        record(session, "lead:a")

    with transaction() as session:
        (entry,) = entries(session)
        assert entry.address == (address[:45] if address else None)


def test_the_entries_of_an_older_version_begin_the_chain(tmp_path: Path) -> None:
    with older_database(tmp_path, "0004") as (url, opened):
        with opened.begin() as connection:
            for number in range(3):
                connection.execute(
                    text(
                        "INSERT INTO audit (at, actor, action, subject) VALUES "
                        "('2026-11-01 12:00:00.000000', 'bot', 'lead.created', :subject)"
                    ),
                    {"subject": f"lead:{number}"},
                )

        migrate(url)

        with transaction(opened) as session:
            assert [e.subject for e in entries(session)] == ["lead:0", "lead:1", "lead:2", "audit"]
            assert audit_check.check(session).is_whole


def test_an_entry_from_outside_is_never_sealed_by_the_way(
    database_url: str, tmp_path: Path
) -> None:
    with transaction() as session:
        record(session, "lead:a")
    with engine().begin() as connection:
        connection.execute(
            text("INSERT INTO audit (at, actor, action, subject) VALUES (:at, 'bot', 'x.y', 'z')"),
            {"at": "2026-11-01 12:00:00.000000"},
        )

    migrate(database_url)
    with transaction() as session:
        record(session, "lead:b")

    with transaction() as session:
        (fault,) = audit_check.check(session).faults
        assert fault.kind == "outside"
    with transaction() as session:
        assert audit.adopt(session) == 1
    with transaction() as session:
        assert audit_check.check(session).is_whole
        assert entries(session)[-1].action == "audit.adopted"


def test_another_process_with_its_own_engine_goes_on_where_the_chain_ends(
    database_url: str,
) -> None:
    other = open_engine(database_url)
    for number in range(3):
        for bind in (engine(), other):
            with transaction(bind) as session:
                record(session, f"lead:{number}")
    other.dispose()

    with transaction() as session:
        assert [e.place for e in entries(session)] == [1, 2, 3, 4, 5, 6]
        assert audit_check.check(session).is_whole
