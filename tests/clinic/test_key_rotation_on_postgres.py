"""On PostgreSQL: everything is encrypted anew while others write, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import key_rotation
from clinic.database import engine, transaction
from clinic.tables import Message
from tests.clinic.key_rings import UseKeys, new_key, our_key, use_keys
from tests.clinic.rotations import (
    many_messages,
    opened_by,
    rotate,
    said,
    tokens,
    while_others_write,
)
from tests.clinic.whole_person import whole_person
from tests.postgres_server import used_by_the_code

__all__ = ["use_keys"]


@pytest.fixture(scope="module")
def old(postgres_url: str) -> Iterator[str]:
    """The key that everything is encrypted with at first."""
    with used_by_the_code(postgres_url):
        with transaction() as session:
            whole_person(session)
        many_messages(600)
        yield our_key()


def test_everything_is_rotated_while_others_write(old: str, use_keys: UseKeys) -> None:
    before, new = tokens(), new_key()
    use_keys(new, old)

    written = while_others_write(lambda: print(rotate(), "values"))

    use_keys(new)
    assert not key_rotation.tally().unreadable()
    now_said = said()
    assert all(now_said[key] == key for key in written)
    corrected = {key[2:] for key in written if key.startswith("a ")}
    assert all(now_said[f"m{number}"] == f"corrected {number}" for number in corrected)
    after = opened_by(new, {name: value for name, value in tokens().items() if name in before})
    unchanged = {name: value for name, value in after.items() if name[0] != "messages"}
    assert opened_by(old, {name: before[name] for name in unchanged}) == unchanged
    use_keys(old, new)
    rotate()


def test_a_row_that_somebody_holds_is_passed_over_and_told(old: str, use_keys: UseKeys) -> None:
    use_keys(new_key(), old)
    with Session(engine()) as holding:
        held = select(Message).where(Message.key == "m7").with_for_update()
        assert holding.scalars(held).one()

        rotate()

        assert key_rotation.tally().of_old_keys() == 1
    assert rotate() == 1
    assert key_rotation.tally().of_old_keys() == 0
