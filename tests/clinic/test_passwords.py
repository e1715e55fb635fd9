"""Passwords: which are refused, and why."""

from __future__ import annotations

import pytest

from clinic import passwords
from clinic.passwords import WeakPassword

CURRENT = "four calm green boats"


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("elevenchars", "at least 12"),
        ("a" * 257, "no more than 256"),
        ("abababababab", "different characters"),
        ("amira-summer", "username"),
        (CURRENT, "different from the current"),
    ],
)
def test_a_weak_password_is_refused_with_a_reason(new: str, reason: str) -> None:
    with pytest.raises(WeakPassword, match=reason):
        passwords.refuse_if_weak(new, username="amira", current=CURRENT)


@pytest.mark.parametrize("new", ["seven quiet paper lamps", "amira and a very blue horse"])
def test_a_long_password_needs_no_special_signs(new: str) -> None:
    passwords.refuse_if_weak(new, username="amira", current=CURRENT)


def test_one_time_passwords_are_strong_and_never_the_same() -> None:
    made = {passwords.one_time_password() for _ in range(100)}

    assert len(made) == 100
    for password in made:
        passwords.refuse_if_weak(password, username="amira", current=CURRENT)


def test_a_hash_that_cannot_be_read_fits_no_password() -> None:
    assert not passwords.compare("not a hash", CURRENT).is_right
