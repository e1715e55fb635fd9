"""A sealed file opens with our key, whole and unchanged, or not at all."""

from __future__ import annotations

import io

import pytest

from clinic.backups.sealed_file import (
    CHUNK,
    HEADER_LENGTH,
    TAG_LENGTH,
    Damaged,
    NotOurs,
    OpeningReader,
    SealingWriter,
)
from tests.clinic.key_rings import UseKeys, new_key, our_key, use_keys

__all__ = ["use_keys"]

SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5)
SEALED_CHUNK = CHUNK + TAG_LENGTH


def sealed(content: bytes, *, finish: bool = True) -> bytes:
    file = io.BytesIO()
    writer = SealingWriter(file)
    for start in range(0, len(content), 10_000):
        writer.write(content[start : start + 10_000])
    if finish:
        writer.finish()
    return file.getvalue()


def opened(written: bytes) -> bytes:
    return io.BufferedReader(OpeningReader(io.BytesIO(written))).read()


def content(size: int) -> bytes:
    return bytes(number * 7 % 251 for number in range(size))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_put_in_comes_out(size: int) -> None:
    assert opened(sealed(content(size))) == content(size)


def test_the_same_is_never_sealed_twice_in_the_same_way() -> None:
    one, other = sealed(b"the same"), sealed(b"the same")

    assert one[HEADER_LENGTH:] != other[HEADER_LENGTH:]


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    assert b"Ann Example" not in sealed(b"Ann Example" * 100)


@pytest.mark.parametrize("size", [10, 2 * CHUNK + 10])
def test_a_flipped_bit_anywhere_is_refused(size: int) -> None:
    written = sealed(content(size))
    for place in (*range(HEADER_LENGTH + 1), len(written) // 2, len(written) - 1):
        changed = bytearray(written)
        changed[place] ^= 1

        with pytest.raises((Damaged, NotOurs)):
            opened(bytes(changed))


def test_what_was_cut_off_is_refused_wherever_it_was_cut() -> None:
    written = sealed(content(2 * CHUNK + 10))
    chunks = [HEADER_LENGTH + number * SEALED_CHUNK for number in range(3)]
    for end in (0, 10, *chunks, *(end + 1 for end in chunks), len(written) - 1):
        with pytest.raises((Damaged, NotOurs)):
            opened(written[:end])


def test_what_was_never_finished_is_refused() -> None:
    with pytest.raises(Damaged):
        opened(sealed(content(3 * CHUNK), finish=False))


def test_chunks_in_another_order_are_refused() -> None:
    written = sealed(content(3 * CHUNK))
    head, rest = written[:HEADER_LENGTH], written[HEADER_LENGTH:]
    first, second = rest[:SEALED_CHUNK], rest[SEALED_CHUNK : 2 * SEALED_CHUNK]

    with pytest.raises(Damaged):
        opened(head + second + first + rest[2 * SEALED_CHUNK :])


def test_something_behind_the_end_is_refused() -> None:
    with pytest.raises(Damaged):
        opened(sealed(b"content") + b"more")


def test_an_old_key_opens_what_it_sealed_and_a_strange_one_does_not(use_keys: UseKeys) -> None:
    old, new = our_key(), new_key()
    written = sealed(b"content")

    use_keys(new, old)
    assert opened(written) == b"content"
    use_keys(new, retired=old)
    assert opened(written) == b"content"
    use_keys(new)
    with pytest.raises(NotOurs, match="CLINIC_ENCRYPTION_KEYS"):
        opened(written)
