"""Whatever is done to the audit log behind its back is found, and where it was done is said."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from cryptography.fernet import Fernet

from clinic import audit, audit_chain, audit_check
from clinic.audit_chain import Head
from clinic.audit_check import Findings
from clinic.database import engine, transaction
from clinic.settings import settings

Tamper = Callable[..., None]


@pytest.fixture
def log(database_url: str) -> str:
    """Ten entries, each of a transaction of its own."""
    write(10)
    return database_url


def write(number: int) -> None:
    for each in range(number):
        with transaction() as session:
            audit.record(
                session,
                actor="staff:1",
                action="lead.viewed",
                subject=f"lead:{each}",
                detail="ä" if each % 2 else None,
            )


@pytest.fixture
def tamper(log: str) -> Tamper:
    """Somebody who has the database file, and takes the triggers away first."""
    path = log.removeprefix("sqlite:///")

    def run(*statements: str) -> None:
        engine().dispose()
        connection = sqlite3.connect(path)
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return run


@pytest.fixture
def use_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def use(keys: str) -> None:
        monkeypatch.setenv("CLINIC_ENCRYPTION_KEYS", keys)
        settings.cache_clear()

    yield use
    settings.cache_clear()


def look(newest: int | None = None, known: Head | None = None) -> Findings:
    with transaction() as session:
        return audit_check.check(session, newest=newest, known=known)


def found(newest: int | None = None, known: Head | None = None) -> list[tuple[str, int, int]]:
    faults = look(newest, known).faults
    return [(fault.kind, fault.first, fault.last) for fault in faults]


def head() -> Head:
    with transaction() as session:
        return audit_chain.head(session)


def test_a_log_that_nobody_touched_is_whole(log: str) -> None:
    findings = look()

    assert findings.is_whole
    assert (findings.number, findings.head.place) == (10, 10)


def test_an_empty_log_is_whole(database_url: str) -> None:
    assert look().is_whole


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "'staff:2'"),
        ("action", "'lead.noted'"),
        ("subject", "'lead:x'"),
        ("detail", "'b'"),
        ("detail", "''"),
        ("address", "'192.0.2.1'"),
        ("at", "'2020-01-01 00:00:00.000000'"),
        ("at", "'no time at all'"),
        ("id", "500"),
        ("hash", "'ä'"),
    ],
)
def test_every_word_of_an_entry_is_sealed(tamper: Tamper, column: str, value: str) -> None:
    tamper(f"UPDATE audit SET {column} = {value} WHERE place = 5")  # noqa: S608

    assert ("changed", 5, 5) in found()


def test_a_deleted_entry_is_missed(tamper: Tamper) -> None:
    tamper("DELETE FROM audit WHERE place IN (4, 5)", "DELETE FROM audit WHERE place = 1")

    assert found() == [("missing", 1, 1), ("missing", 4, 5)]


def test_a_deleted_entry_is_missed_even_if_the_others_move_up(tamper: Tamper) -> None:
    tamper(
        "DELETE FROM audit WHERE place = 5",
        "UPDATE audit SET place = -(place - 1) WHERE place > 5",
        "UPDATE audit SET place = -place WHERE place < 0",
    )

    assert ("changed", 5, 5) in found()


def test_entries_that_changed_their_places_are_found(tamper: Tamper) -> None:
    tamper(
        "UPDATE audit SET place = 99 WHERE place = 5",
        "UPDATE audit SET place = 5 WHERE place = 6",
        "UPDATE audit SET place = 6 WHERE place = 99",
    )

    assert {("changed", 5, 5), ("changed", 6, 6)} <= set(found())


def test_an_entry_at_the_end_that_was_put_in_is_found(tamper: Tamper) -> None:
    tamper(
        "INSERT INTO audit (at, actor, action, subject, place, hash) "
        "SELECT at, actor, action, subject, 11, hash FROM audit WHERE place = 10"
    )

    assert found() == [("changed", 11, 11)]


def test_a_log_that_was_emptied_is_found_if_its_head_is_known(tamper: Tamper) -> None:
    known = head()
    tamper("DELETE FROM audit")

    assert found() == []
    assert found(known=known) == [("cut_off", 10, 10)]


def test_an_end_that_was_cut_off_is_found_if_the_head_is_known(tamper: Tamper) -> None:
    known = head()
    tamper("DELETE FROM audit WHERE place > 7")

    assert found() == []
    assert found(known=known) == [("cut_off", 10, 10)]


def test_a_log_that_grew_anew_after_it_was_cut_off_is_found_by_the_head(tamper: Tamper) -> None:
    known = head()
    tamper("DELETE FROM audit WHERE place > 7")
    write(5)

    assert found() == []
    assert found(known=known) == [("other", 10, 10)]


def test_a_log_that_went_on_fits_a_head_of_before(log: str) -> None:
    known = head()
    write(3)

    assert found(known=known) == []


def test_the_newest_entries_alone_can_be_looked_at(tamper: Tamper) -> None:
    tamper("UPDATE audit SET actor = 'x' WHERE place = 5")

    assert found(newest=5) == []
    assert look(newest=5).number == 5
    assert found(newest=6) == [("changed", 5, 5)]
    assert found(newest=1000) == [("changed", 5, 5)]


def test_the_entries_of_one_page_can_be_looked_at(tamper: Tamper) -> None:
    tamper("UPDATE audit SET actor = 'x' WHERE place = 5")

    with transaction() as session:
        assert audit_check.fitting(session, [1, 2, 4, 5, 6, 10, 77]) == {1, 2, 4, 6, 10}


def test_faults_without_number_are_counted_and_not_listed(tamper: Tamper) -> None:
    write(40)
    tamper("UPDATE audit SET actor = 'x'")

    findings = look()

    assert len(findings.faults) + findings.more_faults == 50
    assert len(findings.faults) == audit_check.MOST_FAULTS


def test_a_new_key_seals_and_the_old_one_still_opens(
    log: str, use_keys: Callable[[str], None]
) -> None:
    old = settings().encryption_keys.get_secret_value()
    use_keys(f"{Fernet.generate_key().decode()},{old}")
    write(3)

    assert look().is_whole


def test_without_the_key_the_log_does_not_fit(log: str, use_keys: Callable[[str], None]) -> None:
    use_keys(Fernet.generate_key().decode())

    assert found()[0] == ("changed", 1, 1)


def test_once_a_new_key_was_used_the_old_one_seals_nothing_more(
    log: str, use_keys: Callable[[str], None]
) -> None:
    old, new = settings().encryption_keys.get_secret_value(), Fernet.generate_key().decode()
    use_keys(f"{new},{old}")
    with transaction() as session:
        audit_chain.turn_to_the_newest_key(session)
        audit.record(session, actor="system", action="keys.rotated", subject="keys")
    write(1)
    use_keys(old)
    write(1)
    use_keys(f"{new},{old}")

    assert found() == [("changed", 13, 13)]
