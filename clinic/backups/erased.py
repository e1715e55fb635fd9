"""People who were erased after a backup was made come back with it, and are erased again.

The audit log knows them by id, without a name; so does a list of ids that is kept beside the
backups. Both are read in the form in which `audit export` writes the log.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from clinic import conversations, erasure, interviews, visitor_deletion
from clinic.backups import backup_file
from clinic.clock import now
from clinic.database import reading, transaction
from clinic.tables import AuditEntry, Lead

log = logging.getLogger(__name__)

LIST = "erased.jsonl"
UNREADABLE = "erased.unreadable.jsonl"
WRITTEN_AT = "written_at"
"""What its first line says: without it an old list would look like one that knows everybody."""

KEPT_FOR = timedelta(days=400)
"""No older backup should be there to be restored."""

LEAD, CONVERSATION, ANSWERS = "lead.erased", "conversation.erased", "conversation.forgotten"
WAS_RESTORED = "database.restored"
RESTORED = "restored"
"""Why: a code of the audit log."""


@dataclass(frozen=True)
class Gone:
    """One record that was erased: when, what deed it was, and its id."""

    at: datetime
    deed: str
    id: str
    detail: str | None = None


@dataclass(frozen=True)
class Known:
    """What a list says, and until when it knows of everybody; None where it says nothing."""

    gone: tuple[Gone, ...] = ()
    until: datetime | None = None


@dataclass
class Again:
    """How many were there again and are erased now, and of how many that failed."""

    erased: int = 0
    failed: int = 0


def from_log(bind: Engine | None = None, *, since: datetime | None = None) -> list[Gone]:
    """What the audit log says, the oldest first."""
    query = select(AuditEntry.at, AuditEntry.action, AuditEntry.subject, AuditEntry.detail)
    query = query.where(AuditEntry.action.in_((LEAD, CONVERSATION, ANSWERS)))
    query = query.where(AuditEntry.at >= (since or now() - KEPT_FOR)).order_by(AuditEntry.id)
    with reading(bind) as session:
        return [
            Gone(at, action, subject.partition(":")[2], detail)
            for at, action, subject, detail in session.execute(query)
        ]


def write_list(folder: Path) -> int:
    """The list of who was erased, for restores to come. Returns how many stand in it.

    Who stands in the list of before stays in it: the log of a fresh machine, on which nothing was
    restored yet, knows nobody, and that list may be the only one.
    """
    written_at = now()  # before the log is read: of later ones it may know nothing
    before = _list_of_before(folder)
    kept = {one for one in before.gone if one.at >= written_at - KEPT_FOR}
    gone = sorted({*from_log(), *kept}, key=lambda one: (one.at, one.deed, one.id))
    is_seamless = before.until is None or _goes_on_from(before.until)
    write(gone, folder, LIST, until=written_at if is_seamless else before.until)
    return len(gone)


def write(gone: Iterable[Gone], folder: Path, name: str, *, until: datetime | None) -> Path:
    """Ids and times, for its owner only; whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f"{name}{backup_file.UNFINISHED}"
    unfinished.unlink(missing_ok=True)
    with open(backup_file.new_file(unfinished), "w", encoding="utf-8") as file:
        if until:
            file.write(json.dumps({WRITTEN_AT: until.isoformat()}) + "\n")
        file.writelines(_line(one) for one in gone)
    backup_file.publish(unfinished, folder / name)
    return folder / name


def read_list(path: Path) -> Known:
    """Other entries of the log may stand in it: of them only the time counts.

    Raises:
        BackupError: it is no such list.
    """
    with path.open(encoding="utf-8") as lines:
        try:
            return _known(lines)
        except (ValueError, KeyError, TypeError):
            raise backup_file.BackupError(
                f"{path.name} is no list of erased records. `backup erased` writes one."
            ) from None


def erase_again(gone: Iterable[Gone], *, made_at: datetime) -> Again:
    """Each in a transaction of its own: one that cannot be erased must not keep the others.

    Args:
        made_at: of the backup. A visitor who had their answers forgotten before that may have
            agreed anew since, so only later ones count; a person who was erased never comes back.
    """
    done = Again()
    # Leads first: their conversations go with them.
    for one in sorted(set(gone), key=lambda one: (one.deed != LEAD, one.at)):
        if one.deed == ANSWERS and one.at < made_at:
            continue
        try:
            with transaction() as session:
                done.erased += _erase(session, one)
        except Exception as error:
            done.failed += 1
            log.error("a record was not erased again error=%s", type(error).__name__)
    return done


def restored_to() -> datetime:
    """The moment of the backup that was restored last; now, if none ever was."""
    query = select(AuditEntry.detail).where(AuditEntry.action == WAS_RESTORED)
    with reading() as session:
        moment = session.scalar(query.order_by(AuditEntry.id.desc()).limit(1))
    return datetime.fromisoformat(moment) if moment else now()


def _list_of_before(folder: Path) -> Known:
    """One that cannot be read is put aside: the next is not kept from being written."""
    try:
        return read_list(folder / LIST)
    except FileNotFoundError:
        return Known()
    except backup_file.BackupError:
        log.error(
            "%s could not be read and is kept as %s; a new list is begun from the audit log. If "
            "there is a whole copy, put it in the place of the new one and run this again",
            LIST,
            UNREADABLE,
        )
        (folder / LIST).replace(folder / UNREADABLE)
        return Known()


def _goes_on_from(moment: datetime) -> bool:
    """Whether our log knows of everybody since then: it began before, or then is too long ago."""
    if moment < now() - KEPT_FOR:
        return True
    with reading() as session:
        begun = session.scalar(select(func.min(AuditEntry.at)))
    return begun is not None and begun <= moment


def _erase(session: Session, one: Gone) -> bool:
    """Whether it was there."""
    if one.deed == LEAD:
        lead = session.get(Lead, one.id)
        if lead is None or lead.erased_at is not None:
            return False
        erasure.erase_lead(session, lead, why=RESTORED)
        return True
    if not conversations.exists(session, one.id):
        return False
    if one.deed == ANSWERS:
        interviews.erase(session, one.id)
        conversations.forget(session, one.id)
        return True
    try:
        if one.detail == visitor_deletion.REQUEST_STAYS:
            raise erasure.HasLead
        erasure.erase_conversation(session, one.id, why=RESTORED)
    except erasure.HasLead:
        # What staff were asked for stayed with them then, and stays now.
        visitor_deletion.delete(session, one.id)
    return True


def _line(one: Gone) -> str:
    subject = f"{'lead' if one.deed == LEAD else 'conversation'}:{one.id}"
    values = {"at": one.at.isoformat(), "action": one.deed, "subject": subject}
    return json.dumps({**values, "detail": one.detail}) + "\n"


def _known(lines: Iterable[str]) -> Known:
    """An export of the log, or a list of an older version, knows as far as its newest entry."""
    gone, moments = [], []
    for line in lines:
        entry = json.loads(line)
        moments.append(datetime.fromisoformat(entry.get(WRITTEN_AT) or entry["at"]))
        if WRITTEN_AT not in entry and entry["action"] in (LEAD, CONVERSATION, ANSWERS):
            subject = entry["subject"].partition(":")[2]
            gone.append(Gone(moments[-1], entry["action"], subject, entry["detail"]))
    return Known(tuple(gone), max(moments, default=None))
