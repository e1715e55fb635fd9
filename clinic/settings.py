"""Every setting of the product: read once from the environment and `.env`, typed, frozen."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HOME = Path(__file__).resolve().parent.parent
"""The project's folder: where `clinic.yml`, `screening/` and `var/` live."""


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which one and what to do."""


class Settings(BaseSettings):
    """Every setting has a safe default or none at all, so a missing secret stops the start."""

    model_config = SettingsConfigDict(
        env_prefix="CLINIC_", env_file=HOME / ".env", extra="ignore", frozen=True
    )

    encryption_keys: SecretStr
    """Fernet keys, newest first, separated by commas. The first encrypts, all decrypt."""

    action_token: SecretStr
    """Shared by Rasa and the action server, so that nobody else can run an action."""

    search_key: SecretStr = Field(min_length=32)
    """Keys the hashes by which leads are found; with another one, `leads index` makes them anew."""

    database_url: SecretStr = SecretStr("sqlite:///var/clinic.db")
    """Leads, screenings, transcripts, staff. A relative SQLite path starts at the project."""

    rasa_url: str = "http://127.0.0.1:5005"
    rasa_timeout_seconds: float = Field(default=8.0, gt=0)

    actions_port: int = Field(default=5055, gt=0, lt=65536)
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8000, gt=0, lt=65536)
    public_url: str = "http://127.0.0.1:8000"
    """How browsers reach the product; `https://` makes every cookie Secure."""

    trusted_proxies: str = ""
    """Addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas."""

    messages_per_minute: int = Field(default=120, gt=0)
    """How many messages one conversation may send in a minute."""

    conversations_per_hour: int = Field(default=600, gt=0)
    """How many conversations one network address may open in an hour."""

    staff_session_hours: float = Field(default=10.0, gt=0)
    staff_idle_minutes: float = Field(default=60.0, gt=0)

    handoff_patience_seconds: float = Field(default=180.0, gt=0)
    """How long a visitor waits for a person; then they are told the hours and offered a call."""

    require_second_factor: bool = False
    """Whether nobody gets into the console without a code from an authenticator app."""

    notice_urls: SecretStr = SecretStr("")
    """Where notices to staff go: apprise addresses (mailto://, slack://, json://), by commas."""

    notice_repeat_minutes: float = Field(default=10.0, gt=0)
    """How often an urgent notice is said again until somebody opens what it is about."""

    notice_repeats: int = Field(default=12, ge=0)
    """How many times so often; after that once an hour for a day."""

    notice_private_addresses: bool = False
    """Whether channels that staff add may lead into private networks, or do without encryption."""

    @field_validator("encryption_keys")
    @classmethod
    def _keys_are_fernet_keys(cls, keys: SecretStr) -> SecretStr:
        for key in keys.get_secret_value().split(","):
            try:
                Fernet(key.strip().encode())
            except ValueError:
                raise ValueError("must be Fernet keys; `make run` writes one for you") from None
        return keys

    @field_validator("public_url")
    @classmethod
    def _public_url_is_an_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return url.rstrip("/")

    @property
    def database(self) -> str:
        """The database address, a relative SQLite path made absolute."""
        url = self.database_url.get_secret_value()
        prefix = "sqlite:///"
        if url.startswith(prefix) and not url.startswith(prefix + "/"):
            return prefix + str(HOME / url.removeprefix(prefix))
        return url


@lru_cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: one line for each setting that is missing or wrong.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the values come from the environment
    except ValidationError as error:
        raise SettingsError("\n".join(_in_words(error))) from None


def _in_words(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        name = "CLINIC_" + "_".join(str(part) for part in problem["loc"]).upper()
        if problem["type"] == "missing":
            lines.append(f"{name} is not set. Run `make run` once, or see docs/settings.md.")
        else:
            reason = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{name} is wrong: {reason}. See docs/settings.md.")
    return lines
