"""Which passwords are refused, and why."""

from __future__ import annotations

import pytest

from clinic import passwords
from clinic.weak_passwords import WeakPassword, refuse_if_weak

CURRENT = "four calm green boats"
CLINIC = "Example Ketamine Clinic"


def judge(new: str) -> None:
    refuse_if_weak(new, username="amira", clinic=CLINIC, current=CURRENT)


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
        judge(new)


@pytest.mark.parametrize(
    "new",
    [
        "Password1234!",
        "P4ssw0rd-2024",
        "Welcome2026!!",
        "iloveyou1234",
        "qwertyuiop12",
        "1qaz2wsx3edc4rfv",
        "123qweasdzxc",
        "1q2w3e4r5t6y",
        "passwordpassword1",
        "michaeljordan23",
        "summer sunshine football",
        "Ketamine Clinic 2026",
        "Example-Clinic-1",
        "e.x.a.m.p.l.e 2026",
        "1234567890ab",
    ],
)
def test_what_people_try_first_is_refused(new: str) -> None:
    with pytest.raises(WeakPassword, match="less common"):
        judge(new)


@pytest.mark.parametrize(
    "new",
    [
        "seven quiet paper lamps",
        "amira and a very blue horse",
        "correct horse battery staple",
        "xK9#mQ2$vL7!",
        "sieben leise papierlampen",
        "семь тихих ламп",
    ],
)
def test_a_long_password_needs_no_special_signs(new: str) -> None:
    judge(new)


def test_one_time_passwords_are_strong_and_never_the_same() -> None:
    made = {passwords.one_time_password() for _ in range(100)}

    assert len(made) == 100
    for password in made:
        judge(password)
