"""Passwords: how they are kept."""

from __future__ import annotations

from clinic import passwords


def test_a_hash_that_cannot_be_read_fits_no_password() -> None:
    assert not passwords.compare("not a hash", "four calm green boats").is_right
