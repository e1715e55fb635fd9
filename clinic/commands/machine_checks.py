"""What the doctor looks at on the machine: clock, time zones, room on the disk, model, backups."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import httpx
from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from clinic.backups import backup_file
from clinic.clock import now
from clinic.commands.checks import BROKEN, LOOK, OK, SECONDS_TO_ANSWER
from clinic.database import reading
from clinic.settings import HOME, settings
from clinic.tables import AuditEntry

CLOCK_LOOKS_ODD = timedelta(seconds=2)
CLOCK_IS_WRONG = timedelta(seconds=60)
WHOLE_SECONDS = timedelta(seconds=1)
"""HTTP tells no fractions."""

LITTLE_SHARE, LITTLE_ROOM, NO_ROOM = 0.1, 10**9, 10**8
"""Of the disk, and in bytes."""

BACKUP_IS_OLD = timedelta(hours=26)
"""A daily one that did not come."""
BACKUP_IS_TOO_OLD = timedelta(days=8)

WHICH_MODEL = "from setup.rasa_model import model_path; print(model_path())"
"""Asked of the start itself, in a process of its own: the clinic knows nothing of Rasa."""
SECONDS_TO_READ_THE_DATA = 30


def clock_is_right() -> tuple[str, str]:
    """Beside the clocks of our neighbours, the newest entry of the log, and our own files."""
    ours = now()
    newest_file = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if ours < newest_file - timedelta(days=1):
        return BROKEN, f"says {ours:%Y-%m-%d}, before this version was installed. Set the clock."
    with reading() as session:
        theirs = _clock_of_the_database(session)
        last = session.scalar(select(func.max(AuditEntry.at)))
    if last is not None and last > now() + CLOCK_IS_WRONG:
        return BROKEN, (
            "the audit log has an entry from the future, so the clock was set back or was wrong "
            "before. Let it be set by NTP."
        )
    skews = {"the database": abs(now() - theirs) if theirs else timedelta()}
    rasas = _clock_of_rasa()
    if rasas is not None:
        skews["Rasa"] = max(abs(now() - rasas) - WHOLE_SECONDS, timedelta())
    whose, skew = max(skews.items(), key=lambda one: one[1])
    words = f"{skew.total_seconds():.0f} seconds away from that of {whose}. Let NTP set both."
    if skew > CLOCK_IS_WRONG:
        return BROKEN, words
    if skew > CLOCK_LOOKS_ODD:
        return LOOK, words
    return OK, "agrees with those around it."


def _clock_of_the_database(session: Session) -> datetime | None:
    """SQLite has none of its own."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    return session.scalar(select(func.clock_timestamp()))


def _clock_of_rasa() -> datetime | None:
    """As its answers say, where they do."""
    try:
        answer = httpx.get(f"{settings().rasa_url}/", timeout=SECONDS_TO_ANSWER, trust_env=False)
        said = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError):
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def time_zones_are_known() -> tuple[str, str]:
    try:
        winter = datetime(2026, 1, 1, tzinfo=ZoneInfo("America/New_York")).utcoffset()
    except ZoneInfoNotFoundError:
        winter = None
    if winter != timedelta(hours=-5) or not available_timezones():
        return BROKEN, "there are none. Install the package `tzdata`."
    return OK, "are there."


def disk_has_room() -> tuple[str, str]:
    """Where the databases and the backups are written."""
    rooms = {folder: shutil.disk_usage(folder) for folder in _folders()}
    folder, room = min(rooms.items(), key=lambda one: one[1].free)
    words = f"{room.free / 10**9:.1f} GB of {room.total / 10**9:.1f} GB are free at {folder}."
    if room.free < NO_ROOM:
        return BROKEN, f"{words} Soon nothing can be saved: make room now."
    if room.free < LITTLE_ROOM or room.free < LITTLE_SHARE * room.total:
        return LOOK, f"{words} Make room before nothing can be saved."
    return OK, words


def _folders() -> list[Path]:
    address = make_url(settings().database)
    is_file = address.get_backend_name() == "sqlite" and address.database
    wanted = [Path(str(address.database)).parent if is_file else HOME / "var"]
    if settings().backup_folder:
        wanted.append(Path(settings().backup_folder))
    there = [folder for folder in wanted if folder.is_dir()]
    return there or [HOME]


def model_fits_the_data() -> tuple[str, str]:
    """Whether the bot was trained on what it should know as it stands now."""
    if not (HOME / "setup").is_dir():
        return OK, "Rasa and its model are not in this folder; look where they are."
    # No input but our own words, and the project's own folder.
    command = [sys.executable, "-c", WHICH_MODEL]
    done = subprocess.run(
        command, cwd=HOME, capture_output=True, text=True, timeout=SECONDS_TO_READ_THE_DATA
    )
    if done.returncode:
        return LOOK, "what it should have learnt cannot be read. Does `make train` say why?"
    wanted = Path(done.stdout.strip())
    if wanted.is_file():
        return OK, f"{wanted.name} was trained on the data as it is."
    if any(wanted.parent.glob("front-desk-*.tar.gz")):
        return LOOK, (
            "is older than the data: visitors still get the answers of before. Run `make train`, "
            "then start Rasa anew (`make run` does both)."
        )
    return BROKEN, "there is none. Run `make train`."


def backups_are_made() -> tuple[str, str]:
    folder = settings().backup_folder
    if not folder:
        return LOOK, (
            "CLINIC_BACKUP_FOLDER is empty, so nobody looks whether there are any. Run "
            "`python -m clinic backup create FOLDER` every day and set it to that folder."
        )
    newest = backup_file.newest(Path(folder))
    if newest is None:
        return BROKEN, f"there is none in {folder}. Run `python -m clinic backup create {folder}`."
    age = now() - newest.made_at
    words = f"the newest is of {newest.made_at:%Y-%m-%d %H:%M} UTC."
    if age > BACKUP_IS_TOO_OLD:
        return BROKEN, f"{words} Does the timer still run `python -m clinic backup create`?"
    if not newest.can_be_opened:
        return BROKEN, (
            f"{words} No key of ours opens it: CLINIC_ENCRYPTION_KEYS and CLINIC_RETIRED_KEYS "
            "lack the one it was made with."
        )
    if age > BACKUP_IS_OLD:
        return LOOK, f"{words} Did the last one fail?"
    return OK, words
