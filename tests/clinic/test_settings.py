"""A missing or wrong setting stops the start with one line that names it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clinic.settings import Settings, SettingsError, settings


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read anew in each test, and never from a developer's .env."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_a_missing_secret_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLINIC_ACTION_TOKEN")

    with pytest.raises(SettingsError, match="CLINIC_ACTION_TOKEN is not set"):
        settings()


def test_a_wrong_key_is_named_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_ENCRYPTION_KEYS", "too-short-to-be-a-key")

    with pytest.raises(SettingsError) as raised:
        settings()

    assert "CLINIC_ENCRYPTION_KEYS is wrong" in str(raised.value)
    assert "too-short-to-be-a-key" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLINIC_WEB_PORT", "eighty"),
        ("CLINIC_WEB_PORT", "70000"),
        ("CLINIC_PUBLIC_URL", "clinic.example"),
        ("CLINIC_STAFF_SESSION_HOURS", "-1"),
        ("CLINIC_ALLOWED_ORIGINS", "*"),
        ("CLINIC_ALLOWED_ORIGINS", "www.clinic.example"),
        ("CLINIC_ALLOWED_ORIGINS", "https://www.clinic.example/"),
        ("CLINIC_ALLOWED_ORIGINS", "https://*.clinic.example"),
        ("CLINIC_ALLOWED_ORIGINS", "http://www.clinic.example"),
        ("CLINIC_ALLOWED_ORIGINS", "https://www.clinic.example 'unsafe-inline'"),
        ("CLINIC_ALLOWED_ORIGINS", "https://www.clinic.example; script-src *"),
        ("CLINIC_ALLOWED_ORIGINS", "https://www.clinic.example:0"),
        ("CLINIC_ALLOWED_ORIGINS", "https://www.clinic.example:65536"),
        ("CLINIC_ALLOWED_ORIGINS", "https://me@clinic.example"),
        ("CLINIC_ALLOWED_ORIGINS", "https://münchen.example"),
        ("CLINIC_ALLOWED_ORIGINS", "https://a.example\nhttps://b.example"),
        ("CLINIC_ALLOWED_ORIGINS", "https://www.clinic.example,null"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=f"{name} is wrong"):
        settings()


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    assert settings().action_token.get_secret_value() not in repr(settings())


def test_who_may_show_the_chat_is_written_as_browsers_write_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = "https://WWW.clinic.example:443, http://localhost:8080,, https://www.clinic.example"
    monkeypatch.setenv("CLINIC_ALLOWED_ORIGINS", written)

    assert settings().framing_origins == ("https://www.clinic.example", "http://localhost:8080")


def test_without_the_setting_only_our_own_pages_show_the_chat() -> None:
    assert settings().framing_origins == ()


def test_a_wrong_origin_is_shown_with_what_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_ALLOWED_ORIGINS", "https://www.clinic.example/chat")

    with pytest.raises(SettingsError, match=r"such as https://www\.clinic\.example, with nothing"):
        settings()
