"""What an admin asked the audit log for, as the form and the address say it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from clinic.audit_log import ANY, Filters
from clinic.facts import facts

NO_DAY = "That is no day. Please write it like 2026-11-22."
LEAD_ID = re.compile(r"[0-9a-f]{32}")

# PostgreSQL takes no zero byte, and no number beyond its column.
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=80, pattern=r"^[^\x00]*$")
]
EntryId = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Asked(BaseModel):
    """Everything may be left out."""

    actor: Words = ""
    action: Words = ""
    subject: Words = ""
    address: Words = ""
    since: Words = ""
    until: Words = ""
    before: EntryId | None = None

    def filters(self) -> tuple[Filters, str]:
        """What to show, and what is wrong with it."""
        try:
            since, until = _day(self.since), _day(self.until)
        except ValueError:
            return self._with(None, None), NO_DAY
        return self._with(since, until), ""

    def chosen(self) -> dict[str, str]:
        """For an address that shows the same."""
        values = self.model_dump(exclude={"before"})
        return {name: value for name, value in values.items() if value}

    def _with(self, since: date | None, until: date | None) -> Filters:
        return Filters(
            actor=self.actor,
            action=self.action,
            # The id alone, as it stands in the address of a lead's page.
            subject=f"lead:{self.subject}" if LEAD_ID.fullmatch(self.subject) else self.subject,
            address=self.address,
            since=_midnight(since) if since else None,
            until=_midnight(until + timedelta(days=1)) if until else None,
        )


def deeds_to_choose(deeds: Sequence[str]) -> dict[str, list[str]]:
    """Each kind of record with its deeds; the first of them stands for all."""
    found: dict[str, list[str]] = {}
    for deed in deeds:
        kind = deed.partition(".")[0]
        found.setdefault(kind, [f"{kind}.{ANY}"]).append(deed)
    return found


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=facts().zone)
