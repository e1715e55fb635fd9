"""Every setting of the product: read once from the environment and `.env`, typed, frozen."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HOME = Path(__file__).resolve().parent.parent
"""The project's folder: where `clinic.yml`, `screening/` and `var/` live."""


NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)"
ORIGIN = re.compile(
    rf"(?:https://{NAME}(?:\.{NAME})*|http://(?:localhost|127\.0\.0\.1))(?::[0-9]{{1,5}})?"
)


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which one and what to do."""


class Settings(BaseSettings):
    """Every setting has a safe default or none at all, so a missing secret stops the start."""

    model_config = SettingsConfigDict(
        env_prefix="CLINIC_", env_file=HOME / ".env", extra="ignore", frozen=True
    )

    encryption_keys: SecretStr
    """Fernet keys, newest first, separated by commas. The first encrypts, all decrypt."""

    retired_keys: SecretStr = SecretStr("")
    """Fernet keys that nothing is encrypted with any more, newest first. They open no value: only
    the seals that the audit log got in their time, and old backups."""

    action_token: SecretStr
    """Shared by Rasa and the action server, so that nobody else can run an action."""

    search_key: SecretStr = Field(min_length=32)
    """Keys the hashes by which leads are found; with another one, `leads index` makes them anew."""

    database_url: SecretStr = SecretStr("sqlite:///var/clinic.db")
    """Leads, screenings, transcripts, staff. A relative SQLite path starts at the project."""

    rasa_url: str = "http://127.0.0.1:5005"
    rasa_timeout_seconds: float = Field(default=8.0, gt=0)

    redis_url: SecretStr = SecretStr("")
    """Where several replicas share rate limits and Rasa's locks: `redis://…`. Empty: one of each
    process, and each counts in its own memory."""

    actions_host: str = "127.0.0.1"
    actions_port: int = Field(default=5055, gt=0, lt=65536)
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8000, gt=0, lt=65536)
    metrics_port: int = Field(default=0, ge=0, lt=65536)
    """A port of its own for Prometheus, on `web_host`; 0: none. Never reachable from outside."""

    public_url: str = "http://127.0.0.1:8000"
    """How browsers reach the product; `https://` makes every cookie Secure."""

    served_names: str = ""
    """Other names under which web answers, such as the one inside a cluster, by commas."""

    allowed_origins: str = ""
    """Whose pages may show the chat: their origins (https://www.clinic.example), by commas."""

    trusted_proxies: str = ""
    """Addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas."""

    messages_per_minute: int = Field(default=120, gt=0)
    """How many messages one conversation may send in a minute."""

    requests_per_minute: int = Field(default=1200, gt=0)
    """How many requests to the chat one network address may send in a minute."""

    conversations_per_hour: int = Field(default=600, gt=0)
    """How many conversations one network address may open in an hour."""

    staff_session_hours: float = Field(default=10.0, gt=0)
    staff_idle_minutes: float = Field(default=60.0, gt=0)

    handoff_patience_seconds: float = Field(default=180.0, gt=0)
    """How long a visitor waits for a person; then they are told the hours and offered a call."""

    backup_folder: str = ""
    """Where `backup create` puts its files; the doctor looks how old the newest one is."""

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

    visitor_mail: SecretStr = SecretStr("")
    """The mail server through which visitors have a copy of their conversation mailed to them: an
    apprise address, `mailtos://user:password@host?from=…`. Empty: it is not offered."""

    @field_validator("encryption_keys", "retired_keys")
    @classmethod
    def _keys_are_fernet_keys(cls, keys: SecretStr, field: ValidationInfo) -> SecretStr:
        if field.field_name == "retired_keys" and not keys.get_secret_value():
            return keys
        for key in keys.get_secret_value().split(","):
            try:
                Fernet(key.strip().encode())
            except ValueError:
                raise ValueError("must be Fernet keys; `make run` writes one for you") from None
        return keys

    @field_validator("redis_url")
    @classmethod
    def _redis_url_is_an_address(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith(
            ("redis://", "rediss://")
        ):
            raise ValueError("must be like redis://:password@host:6379/0")
        return url

    @field_validator("visitor_mail")
    @classmethod
    def _visitor_mail_is_a_mail_server(cls, address: SecretStr) -> SecretStr:
        if address.get_secret_value() and not _names_a_mail_server(address.get_secret_value()):
            raise ValueError(
                "must be like mailtos://user:password@smtp.example.org?from=desk@clinic.example"
            )
        return address

    @field_validator("public_url")
    @classmethod
    def _public_url_is_an_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return url.rstrip("/")

    @field_validator("allowed_origins")
    @classmethod
    def _allowed_origins_are_origins(cls, written: str) -> str:
        origins = [one.strip().lower() for one in written.split(",") if one.strip()]
        for origin in origins:
            if not ORIGIN.fullmatch(origin) or not _has_a_possible_port(origin):
                raise ValueError(
                    f"“{origin}” is not the origin of a website. Write https:// and the name, "
                    "such as https://www.clinic.example, with nothing behind it; for a name with "
                    "other letters than a to z the form that begins with xn--. http:// is only for "
                    "localhost and 127.0.0.1"
                )
        return ",".join(dict.fromkeys(without_usual_port(origin) for origin in origins))

    @property
    def framing_origins(self) -> tuple[str, ...]:
        """The origins of the websites that may show the chat, as browsers send them."""
        return tuple(one for one in self.allowed_origins.split(",") if one)

    @property
    def database(self) -> str:
        """The database address, a relative SQLite path made absolute."""
        url = self.database_url.get_secret_value()
        prefix = "sqlite:///"
        if url.startswith(prefix) and not url.startswith(prefix + "/"):
            return prefix + str(HOME / url.removeprefix(prefix))
        return url


def without_usual_port(origin: str) -> str:
    """An origin as browsers write it: https://clinic.example:443 is https://clinic.example."""
    usual = ":80" if origin.startswith("http://") else ":443"
    return origin.removesuffix(usual)


def _has_a_possible_port(origin: str) -> bool:
    port = origin.rpartition(":")[2]
    return not port.isdecimal() or 0 < int(port) < 65536


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


def _names_a_mail_server(address: str) -> bool:
    """Whether all that a mail needs is there; the doctor asks apprise whether it can use it."""
    try:
        parts = urlsplit(address)
        is_port_a_number = parts.port != 0
    except ValueError:
        return False
    sender = parse_qs(parts.query).get("from", [""])[-1]
    is_mail = parts.scheme in ("mailto", "mailtos") and bool(parts.hostname)
    return is_mail and is_port_a_number and "@" in sender


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
