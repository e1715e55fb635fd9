"""The facts of this clinic, from clinic.yml, checked at the start."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from clinic.screening.hand_written import UnusableFileError, read_file
from clinic.screening.states import STATES
from clinic.settings import HOME
from clinic.week import Holiday, Week, read_holidays, read_week

CODES = {name.lower(): code for code, name in STATES.items()}


class FactsError(Exception):
    """A line of clinic.yml is missing or wrong; the message says which and why."""


class ClinicFacts(BaseModel):
    """What the clinic says about itself. Only name and phone must be there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    phone: str
    email: str | None
    website: str | None
    address: str | None
    hours: str | None
    opening_hours: Week | None = None
    holidays: dict[date, Holiday] = Field(default_factory=dict)
    time_zone: str
    booking: str | None
    country: str
    states_served: tuple[str, ...]
    routes_offered: str | None
    prices: str | None
    insurance: str | None
    payment_plans: str | None
    ride_policy: str | None
    privacy_policy: str | None
    retention_days: int | None = Field(gt=0)
    phone_intake_minutes: float | None = Field(default=None, gt=0)
    monthly_cost: float | None = Field(default=None, gt=0)

    @field_validator("phone")
    @classmethod
    def _phone_can_be_dialled(cls, phone: str) -> str:
        try:
            number = phonenumbers.parse(phone, "US")
        except phonenumbers.NumberParseException:
            raise ValueError("is not a phone number") from None
        if not phonenumbers.is_possible_number(number):
            raise ValueError("is not a phone number")
        return phone

    @field_validator("time_zone")
    @classmethod
    def _time_zone_exists(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"does not know the time zone “{name}”")
        return name

    @field_validator("opening_hours", mode="before")
    @classmethod
    def _hours_are_periods(cls, written: Any) -> Week | None:
        return read_week(written)

    @field_validator("holidays", mode="before")
    @classmethod
    def _holidays_are_dates(cls, written: Any) -> dict[date, Holiday]:
        return read_holidays(written)

    @field_validator("states_served", mode="before")
    @classmethod
    def _states_are_known(cls, names: list[str] | None) -> tuple[str, ...]:
        for name in map(str, names or ()):
            if name.lower() not in CODES:
                raise ValueError(f"does not know the state “{name}”")
        return tuple(names or ())

    @property
    def state_codes(self) -> frozenset[str]:
        """Two-letter codes of the states served; empty means that none is turned away."""
        return frozenset(CODES[name.lower()] for name in self.states_served)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def phone_link(self) -> str:
        number = phonenumbers.parse(self.phone, "US")
        return "tel:" + phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def load_facts(path: Path) -> ClinicFacts:
    """Read clinic.yml.

    Raises:
        FactsError: one line for each thing that is wrong.
    """
    if not path.exists():
        raise FactsError(f"{path.name} is missing; it holds the facts of the clinic")
    try:
        return ClinicFacts.model_validate(read_file(path).content)
    except UnusableFileError as error:
        # A weekday that is written twice is refused here, too: half of it would be lost.
        raise FactsError(str(error)) from None
    except ValidationError as error:
        raise FactsError(
            "\n".join(
                f"{path.name}: `{problem['loc'][0] if problem['loc'] else 'file'}` "
                f"{problem['msg'].removeprefix('Value error, ')}"
                for problem in error.errors(include_input=False, include_url=False)
            )
        ) from None


@lru_cache
def facts() -> ClinicFacts:
    """The facts of this process's clinic."""
    return load_facts(HOME / "clinic.yml")
