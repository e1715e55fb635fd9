"""Entries of the audit log as they stand on the page: with names, links and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from clinic import audit_check
from clinic.facts import facts
from clinic.lead_timeline import Deed
from clinic.tables import AuditEntry
from web.console import deeds

PAGES = {"lead": "/staff/leads/", "crisis": "/staff/crisis/", "staff": "/staff/team/"}
SHORT = 8


@dataclass(frozen=True)
class AuditRow:
    """`who` is today's name of the actor; the log itself holds none."""

    entry: AuditEntry
    when: str
    who: str
    words: str
    record: str
    link: str
    fits: bool


def rows(
    session: Session, entries: Sequence[AuditEntry], names: Mapping[str, str]
) -> list[AuditRow]:
    places = [entry.place for entry in entries if entry.place is not None]
    fitting = audit_check.fitting(session, places)
    return [_row(entry, names, fits=entry.place in fitting) for entry in entries]


def _row(entry: AuditEntry, names: Mapping[str, str], *, fits: bool) -> AuditRow:
    kind, _, record = entry.subject.partition(":")
    done = Deed(
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        detail=entry.detail,
        whom=names.get(entry.detail or "", ""),
    )
    named = names.get(entry.subject)
    return AuditRow(
        entry=entry,
        when=f"{entry.at.astimezone(facts().zone):%-d %b %Y, %H:%M:%S}",
        who=names.get(entry.actor, ""),
        words=deeds.deed(done).rstrip(": "),
        record=kind if record in ("", "all") else f"{kind} {named or record[:SHORT]}",
        link=PAGES[kind] + record if kind in PAGES and record else "",
        fits=fits,
    )
