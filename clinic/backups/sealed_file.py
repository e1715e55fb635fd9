"""A file that only our keys open, and that no one can shorten or change unseen.

The format is that of age (age-encryption.org/v1, "payload"), which follows STREAM (Hoang,
Reyhanitabar, Rogaway and Vizár 2015): chunks of 64 KiB, each with ChaCha20-Poly1305 under a key
that only this file has, the nonce being the chunk's number and whether it is the last. Chunks that
are changed, moved, taken out or cut off do not open. Our header stands before it, and goes into
what every chunk is authenticated with.
"""

from __future__ import annotations

import io
import os
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from clinic.derived_keys import derive
from clinic.settings import settings

MAGIC = b"front desk backup 1\n"
SALT_LENGTH = 32
KEY_ID_LENGTH = 8
HEADER_LENGTH = len(MAGIC) + SALT_LENGTH + KEY_ID_LENGTH
CHUNK = 64 * 1024
TAG_LENGTH = 16
COUNTER_LENGTH = 11
LAST, NOT_LAST = b"\x01", b"\x00"


class NotOurs(Exception):
    """It is no backup of this product, or another product's key made it."""


class Damaged(Exception):
    """It was changed, or its end is missing. Nothing of it may be used."""


@dataclass(frozen=True)
class Header:
    """What stands in clear at the beginning: by which key, and by what chance, it was sealed."""

    salt: bytes
    key_id: bytes

    def __bytes__(self) -> bytes:
        return MAGIC + self.salt + self.key_id

    @property
    def secret(self) -> bytes | None:
        """The one of our keys that opens it; None if we have it no more."""
        return next((one for one in secrets() if key_id(one) == self.key_id), None)

    def cipher(self) -> ChaCha20Poly1305:
        secret = self.secret
        if secret is None:
            raise NotOurs(
                "None of our keys opens this backup. Put the key of its time at the end of "
                "CLINIC_ENCRYPTION_KEYS."
            )
        return ChaCha20Poly1305(derive(secret, f"backup file {self.salt.hex()}"))


def secrets() -> list[bytes]:
    """The first one seals. Retired keys still open what they sealed."""
    ours = settings()
    written = f"{ours.encryption_keys.get_secret_value()},{ours.retired_keys.get_secret_value()}"
    return [urlsafe_b64decode(key.strip()) for key in written.split(",") if key.strip()]


def key_id(secret: bytes) -> bytes:
    """Names a key, and gives nothing of it away."""
    return derive(secret, "backup key id")[:KEY_ID_LENGTH]


def read_header(file: BinaryIO) -> Header:
    written = file.read(HEADER_LENGTH)
    if len(written) != HEADER_LENGTH or not written.startswith(MAGIC):
        raise NotOurs("This is no backup of this product.")
    rest = written[len(MAGIC) :]
    return Header(rest[:SALT_LENGTH], rest[SALT_LENGTH:])


class SealingWriter(io.RawIOBase):
    """Seals what is written to it. Without `finish` the file lacks its end and never opens."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        header = Header(os.urandom(SALT_LENGTH), key_id(secrets()[0]))
        self._file, self._header, self._cipher = file, bytes(header), header.cipher()
        self._waiting = bytearray()
        self._number = 0
        file.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, some: bytes) -> int:  # type: ignore[override]
        self._waiting += some
        # One chunk stays behind: whether it is the last is not known before the end.
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), NOT_LAST)
            del self._waiting[:CHUNK]
        return len(some)

    def finish(self) -> None:
        self._seal(bytes(self._waiting), LAST)
        self._waiting.clear()

    def _seal(self, chunk: bytes, end: bytes) -> None:
        nonce = self._number.to_bytes(COUNTER_LENGTH, "big") + end
        self._file.write(self._cipher.encrypt(nonce, chunk, self._header))
        self._number += 1


class OpeningReader(io.RawIOBase):
    """Reads what was sealed, chunk by chunk; gives out nothing that is not authentic."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._chunks = _opened(file)
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._ready = chunk
        some, self._ready = self._ready[: len(into)], self._ready[len(into) :]
        into[: len(some)] = some
        return len(some)


def _opened(file: BinaryIO) -> Iterator[bytes]:
    header = read_header(file)
    cipher, number = header.cipher(), 0
    sealed = file.read(CHUNK + TAG_LENGTH)
    while True:
        following = file.read(CHUNK + TAG_LENGTH)
        nonce = number.to_bytes(COUNTER_LENGTH, "big") + (NOT_LAST if following else LAST)
        try:
            chunk = cipher.decrypt(nonce, sealed, bytes(header))
        except InvalidTag:
            raise Damaged("This backup is damaged or not whole. Take another one.") from None
        if chunk:
            yield chunk
        if not following:
            return
        sealed, number = following, number + 1
