"""Derived keys stay what they are: with others, nothing that was signed or hashed agrees again."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator

import pytest

from clinic import audit_chain
from clinic.derived_keys import derived_key
from clinic.settings import settings


@pytest.fixture(autouse=True)
def known_secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    newest, older = bytes(range(32, 64)), bytes(range(32))
    keys = ", ".join(urlsafe_b64encode(key).decode() for key in (newest, older))
    monkeypatch.setenv("CLINIC_ENCRYPTION_KEYS", keys)
    monkeypatch.setenv("CLINIC_SEARCH_KEY", "a-search-key-that-is-long-enough-for-this")
    settings.cache_clear()
    derived_key.cache_clear()
    yield
    settings.cache_clear()
    derived_key.cache_clear()


def test_the_key_of_the_lead_search_is_the_one_of_before() -> None:
    assert derived_key("lead search").hex() == (
        "570d36c207703e0a336fc820ac9f9765d638c04e9ebaa9d2b21d14e0e2f4debe"
    )


def test_the_keys_of_the_audit_chain_are_those_of_before() -> None:
    newest, older = audit_chain.keys()

    assert older.hex() == "de8c6d6b64620cc21c3893c05ad937259d591042d564492a1a6a255526e1d2df"
    assert newest != older


def test_a_key_for_one_purpose_tells_nothing_of_another() -> None:
    assert derived_key("lead search") != derived_key("known browsers")
