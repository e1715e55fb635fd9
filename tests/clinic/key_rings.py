"""Change the keys of this process, as a restart with other settings does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from cryptography.fernet import Fernet

from clinic.encryption import cipher
from clinic.settings import settings

UseKeys = Callable[..., None]


@pytest.fixture
def use_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[UseKeys]:
    def use(*keys: str, retired: str = "") -> None:
        monkeypatch.setenv("CLINIC_ENCRYPTION_KEYS", ",".join(keys))
        monkeypatch.setenv("CLINIC_RETIRED_KEYS", retired)
        forget()

    yield use
    monkeypatch.undo()
    forget()


def forget() -> None:
    settings.cache_clear()
    cipher.cache_clear()


def new_key() -> str:
    return Fernet.generate_key().decode()


def our_key() -> str:
    """The one of the tests' own settings."""
    return settings().encryption_keys.get_secret_value()
