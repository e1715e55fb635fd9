"""A secret that a person made up, copied from an example or used twice is found."""

from __future__ import annotations

import base64
import secrets

import pytest
from cryptography.fernet import Fernet

from clinic.commands.weak_secrets import is_weak_key, is_weak_token, used_twice, weak

MADE_UP = (
    "short",
    "x" * 60,
    "0123456789" * 4,
    "correct-horse-battery-staple-and-more-words",
    "Our Clinic Opened In Springfield 2024",
    "change-me-Zk3v9QxW1rT7yLb5NcHs8DfJ2mPgAeUo",
    "<Zk3v9QxW1rT7yLb5NcHs8DfJ2mPgAeUo4iK6tXzB>",
)
NO_CHANCE = (bytes(32), b"ab" * 16, b"a passphrase of 32 letters, ok?!"[:16] * 2)


@pytest.mark.parametrize("token", MADE_UP)
def test_what_a_person_made_up_is_weak(token: str) -> None:
    assert is_weak_token(token)


def test_what_chance_made_is_not() -> None:
    made = [secrets.token_urlsafe() for _ in range(1000)]
    made += [secrets.token_hex(32) for _ in range(1000)]

    # Chance can write a word that we look for; hardly ever.
    assert sum(map(is_weak_token, made)) <= 1


@pytest.mark.parametrize("secret", NO_CHANCE, ids=("zeros", "two letters", "words"))
def test_a_key_without_chance_is_weak(secret: bytes) -> None:
    assert is_weak_key(base64.urlsafe_b64encode(secret).decode())


def test_a_fresh_key_is_not_weak() -> None:
    assert not any(is_weak_key(Fernet.generate_key().decode()) for _ in range(1000))


def test_settings_are_named_and_their_values_are_not() -> None:
    good, bad = Fernet.generate_key().decode(), base64.urlsafe_b64encode(bytes(32)).decode()
    found = {"CLINIC_ENCRYPTION_KEYS": [good, bad], "CLINIC_ACTION_TOKEN": ["test"]}

    assert weak(found) == ["CLINIC_ENCRYPTION_KEYS", "CLINIC_ACTION_TOKEN"]


def test_one_value_in_two_places_is_named_in_both() -> None:
    key, other = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    found = {"CLINIC_ENCRYPTION_KEYS": [key, other], "RASA_TRACKER_KEYS": [key], "X": ["", ""]}

    assert used_twice(found) == ["CLINIC_ENCRYPTION_KEYS", "RASA_TRACKER_KEYS"]
    assert used_twice({"CLINIC_ENCRYPTION_KEYS": [key, key]}) == ["CLINIC_ENCRYPTION_KEYS"]


def test_a_key_in_use_may_stand_among_the_retired_ones_and_nowhere_else() -> None:
    key, other = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    found = {"CLINIC_ENCRYPTION_KEYS": [key], "CLINIC_RETIRED_KEYS": [key, other]}

    assert used_twice(found) == []
    assert used_twice({**found, "RASA_TRACKER_KEYS": [other]}) == [
        "CLINIC_RETIRED_KEYS",
        "RASA_TRACKER_KEYS",
    ]
    assert len(used_twice({**found, "RASA_TRACKER_KEYS": [key]})) == 3
