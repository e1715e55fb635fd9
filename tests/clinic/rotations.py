"""What a rotation has to hold, on whatever database; the caller brings the world."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary, select, type_coerce

from clinic import conversations, key_rotation
from clinic.database import transaction
from clinic.key_rotation import encrypted_columns
from clinic.tables import Conversation, Message


def tokens() -> dict[tuple[str, Any, str], bytes]:
    """Every encrypted value as it is stored, by table, row and column."""
    found = {}
    with transaction() as session:
        for table, columns in encrypted_columns().items():
            (key,) = table.primary_key.columns
            raw = [type_coerce(column, LargeBinary) for column in columns]
            for row in session.execute(select(key, *raw)):
                for column, value in zip(columns, row[1:], strict=True):
                    if value is not None:
                        found[table.name, row[0], column.name] = bytes(value)
    return found


def opened_by(key: str, values: dict[Any, bytes]) -> dict[Any, bytes]:
    return {name: Fernet(key).decrypt(value) for name, value in values.items()}


def many_messages(number: int) -> None:
    with transaction() as session:
        session.add(Conversation(id="long"))
        session.flush()
        for each in range(number):
            message = {"text": f"words {each}"}
            conversations.add_message(
                session, "long", sender="visitor", key=f"m{each}", content=message
            )


def while_others_write(deed: Callable[[], None], *, most: int = 400) -> list[str]:
    """Two who answer and correct all the time while `deed` goes on. Returns what must be there."""
    over, kept, lock = threading.Event(), list[str](), threading.Lock()
    failed = list[Exception]()

    def write(name: str) -> None:
        try:
            for number in range(most):
                # A moment between two deeds, as people take.
                if not over.wait(0.005):
                    write_one(name, number)
        except Exception as error:
            failed.append(error)

    def write_one(name: str, number: int) -> None:
        with transaction() as session:
            text = f"{name} {number}"
            conversations.add_message(
                session, "long", sender="visitor", key=text, content={"text": text}
            )
            first = session.scalars(
                select(Message).where(Message.key == f"m{number}").with_for_update()
            ).one_or_none()
            if first is not None and name == "a":
                first.content = {"text": f"corrected {number}"}
        with lock:
            kept.append(text)

    writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for writer in writers:
        writer.start()
    try:
        deed()
    finally:
        over.set()
        for writer in writers:
            writer.join(timeout=60)
    assert not failed
    assert not any(writer.is_alive() for writer in writers)
    return kept


def said() -> dict[str, str]:
    """By the message's key, in the words of a person."""
    with transaction() as session:
        return {one.key: one.content["text"] for one in session.query(Message)}


def rotate() -> int:
    return sum(step.values for step in key_rotation.rotate())
