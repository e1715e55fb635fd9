"""Everything is encrypted anew with the first key, and nothing is lost on the way."""

from __future__ import annotations

import itertools

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary, bindparam, select, text, type_coerce, update
from sqlalchemy.orm import Session

from clinic import audit, audit_check, key_rotation
from clinic.commands.command_line import main
from clinic.database import transaction
from clinic.key_rotation import UNREADABLE
from clinic.tables import Lead, NoticeChannel, QuestionnaireProgress, Staff, Table
from tests.clinic.key_rings import UseKeys, new_key, our_key, use_keys
from tests.clinic.rotations import (
    many_messages,
    opened_by,
    rotate,
    said,
    tokens,
    while_others_write,
)
from tests.clinic.whole_person import encrypted_columns, whole_person

__all__ = ["use_keys"]


@pytest.fixture
def old(session: Session) -> str:
    """The key that a whole person, with everything that can be kept, is encrypted with."""
    whole_person(session)
    session.add(NoticeChannel(name="Desk", url="json://desk", kinds=[]))
    member = session.query(Staff).first()
    assert member is not None
    member.totp_secret, member.recovery_codes = "ABC", ["x"]
    for handoff in session.execute(text("SELECT id FROM handoffs")):
        session.execute(text("UPDATE handoffs SET note = note WHERE id = :id"), {"id": handoff.id})
    audit.seal(session)
    session.commit()
    return our_key()


def test_every_encrypted_column_of_every_table_is_found_and_rotated(
    old: str, use_keys: UseKeys
) -> None:
    before, new = tokens(), new_key()
    assert {f"{table}.{column}" for table, _, column in before} == encrypted_columns()
    use_keys(new, old)

    assert rotate() == len(before)

    after = tokens()
    assert opened_by(new, after) == opened_by(old, before)
    assert not set(after.values()) & set(before.values())


def test_every_table_can_be_gone_through_row_by_row() -> None:
    for table in key_rotation.encrypted_columns():
        assert len(table.primary_key.columns) == 1


def test_what_is_not_encrypted_stays_as_it_is_and_no_record_gets_younger(
    old: str, use_keys: UseKeys
) -> None:
    def in_clear() -> list[object]:
        hidden = encrypted_columns()
        with transaction() as session:
            return [
                session.execute(select(*plain)).all()
                for table in Table.metadata.sorted_tables
                if (plain := [c for c in table.columns if f"{table.name}.{c.name}" not in hidden])
            ]

    before = in_clear()
    use_keys(new_key(), old)

    rotate()

    assert in_clear() == before


def test_the_old_key_is_needed_no_more(old: str, use_keys: UseKeys) -> None:
    new = new_key()
    use_keys(new, old)
    rotate()

    use_keys(new)

    assert not key_rotation.tally().unreadable()
    with transaction() as session:
        assert "Quagmarble" in session.query(Lead).filter(Lead.merged_into.is_(None)).one().name


def test_a_rotation_that_was_broken_off_goes_on_where_it_was(old: str, use_keys: UseKeys) -> None:
    many_messages(500)
    all_values, new = len(tokens()), new_key()
    use_keys(new, old)

    first = sum(step.values for step in itertools.islice(key_rotation.rotate(), 2))
    second = rotate()

    assert 0 < first < all_values
    assert first + second == all_values
    assert rotate() == 0


def test_who_changes_a_value_meanwhile_has_the_last_word(
    old: str, use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, encrypt_anew = new_key(), key_rotation._encrypt_anew
    use_keys(new, old)

    def after_somebody_else(table: object, *rest: object) -> int:
        if table is QuestionnaireProgress.__table__:
            with transaction() as session:
                for row in session.query(QuestionnaireProgress):
                    row.progress = {"answers": ["changed"]}
        return encrypt_anew(table, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(key_rotation, "_encrypt_anew", after_somebody_else)

    rotate()

    with transaction() as session:
        for row in session.query(QuestionnaireProgress):
            assert row.progress == {"answers": ["changed"]}
    assert key_rotation.tally().of_old_keys() == 0


def test_visitors_and_staff_go_on_meanwhile_and_lose_nothing(old: str, use_keys: UseKeys) -> None:
    many_messages(600)
    new, done = new_key(), list[int]()
    use_keys(new, old)

    written = while_others_write(lambda: done.append(rotate()))

    use_keys(new)
    now_said = said()
    assert done[0] > 0
    assert not key_rotation.tally().unreadable()
    assert all(now_said[key] == key for key in written)
    corrected = [key for key in written if key.startswith("a ")]
    assert all(now_said[f"m{key[2:]}"] == f"corrected {key[2:]}" for key in corrected[:600])


def spoil(session: Session, value: bytes) -> None:
    table = NoticeChannel.__table__
    change = update(table).values(url=bindparam("spoilt", type_=LargeBinary))  # type: ignore[arg-type]
    session.execute(change, {"spoilt": value})
    session.commit()


def test_what_no_key_opens_is_left_alone_and_told(
    old: str, use_keys: UseKeys, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(session, b"Quagmarble, unreadable")
    use_keys(new_key(), old)

    assert main(["keys", "rotate"]) == 1

    said_there = capsys.readouterr()
    assert "notice_channels.url: 1 CANNOT BE OPENED" in said_there.out
    assert "Quagmarble" not in said_there.out + said_there.err
    stored = select(type_coerce(NoticeChannel.url, LargeBinary))
    assert bytes(session.scalars(stored).one()) == b"Quagmarble, unreadable"
    assert main(["keys", "check"]) == 1


def test_check_says_how_many_need_which_key(
    old: str, use_keys: UseKeys, capsys: pytest.CaptureFixture[str]
) -> None:
    use_keys(new_key(), old)
    capsys.readouterr()

    main(["keys", "check"])
    assert "staff.totp_secret: 1 need key 2." in capsys.readouterr().out

    assert main(["keys", "rotate"]) == 0
    assert "No value needs key 2 any more" in capsys.readouterr().out


def test_a_process_with_the_old_settings_is_noticed(
    old: str, use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use_keys(new_key(), old)
    monkeypatch.setattr(key_rotation, "_encrypt_anew", lambda *_: 0)

    assert main(["keys", "rotate"]) == 1
    assert "Restart it" in capsys.readouterr().err


def test_a_fresh_key_alone_is_printed_for_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new"]) == 0

    printed = capsys.readouterr()
    assert Fernet(printed.out.strip())
    assert "CLINIC_ENCRYPTION_KEYS" in printed.err


# The audit log


def record(times: int = 1) -> None:
    for _ in range(times):
        with transaction() as session:
            audit.record(session, actor="bot", action="lead.created", subject="lead:1")


def is_whole() -> bool:
    with transaction() as session:
        return audit_check.check(session).is_whole


def test_while_processes_are_restarted_one_after_another_the_log_stays_whole(
    old: str, use_keys: UseKeys
) -> None:
    new = new_key()
    for keys in ((old,), (old, new), (old,), (new, old), (old, new), (new, old)):
        use_keys(*keys)
        record()

    assert is_whole()


def test_after_a_rotation_the_new_key_seals_and_the_old_one_never_again(
    old: str, use_keys: UseKeys
) -> None:
    new = new_key()
    use_keys(new, old)
    assert main(["keys", "rotate"]) == 0
    use_keys(old, new)
    record()
    use_keys(new, old)
    assert is_whole()

    use_keys(old)
    record()

    use_keys(new, old)
    assert not is_whole()


def test_a_retired_key_opens_old_seals_and_no_value(old: str, use_keys: UseKeys) -> None:
    new = new_key()
    use_keys(new, old)
    assert main(["keys", "rotate"]) == 0

    use_keys(new)
    assert not is_whole()
    use_keys(new, retired=old)
    record()
    assert is_whole()

    use_keys(new_key(), retired=new)
    columns = key_rotation.tally().values
    assert {key for _, key in columns} == {UNREADABLE}


@pytest.fixture
def twice(old: str, use_keys: UseKeys) -> tuple[str, str, str]:
    """The log of two rotations: the keys, the newest first."""
    newer, newest = new_key(), new_key()
    use_keys(newer, old)
    assert main(["keys", "rotate"]) == 0
    record()
    use_keys(newest, newer, retired=old)
    assert main(["keys", "rotate"]) == 0
    record()
    return newest, newer, old


def test_retired_keys_may_be_written_down_in_either_order(
    twice: tuple[str, str, str], use_keys: UseKeys
) -> None:
    newest, newer, oldest = twice
    for retired in (f"{newer},{oldest}", f"{oldest},{newer}"):
        use_keys(newest, retired=retired)
        assert is_whole()


@pytest.mark.parametrize("stolen", [1, 2])
def test_in_either_order_a_stolen_retired_key_adds_nothing(
    twice: tuple[str, str, str], use_keys: UseKeys, stolen: int
) -> None:
    use_keys(twice[stolen])
    record()

    for retired in itertools.permutations(twice[1:]):
        use_keys(twice[0], retired=",".join(retired))
        assert not is_whole()


def test_of_two_retired_keys_the_older_one_adds_nothing_to_what_the_newer_one_sealed(
    old: str, use_keys: UseKeys
) -> None:
    """And the key that is in use now has not sealed anything yet."""
    newer, newest = new_key(), new_key()
    use_keys(newer, old)
    assert main(["keys", "rotate"]) == 0
    use_keys(old)
    record()

    for retired in (f"{newer},{old}", f"{old},{newer}"):
        use_keys(newest, retired=retired)
        assert not is_whole()


def test_a_key_that_was_never_retired_is_older_than_those_before_it(
    old: str, use_keys: UseKeys
) -> None:
    newest = new_key()
    use_keys(newest)
    record()
    use_keys(old)
    record()

    use_keys(newest, old)
    assert not is_whole()
