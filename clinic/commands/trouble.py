"""Errors a person at the command line can do something about, each in one line."""

from __future__ import annotations

from alembic.util import CommandError
from sqlalchemy.exc import ArgumentError, DBAPIError

from clinic.backups.backup_file import BackupError
from clinic.backups.sealed_file import Damaged, NotOurs
from clinic.encryption import UnreadableValue
from clinic.facts import FactsError
from clinic.first_line import FirstLineError
from clinic.screening.hand_written import UnusableFileError
from clinic.settings import SettingsError
from clinic.staff import StaffError

TROUBLE = (
    SettingsError,
    FactsError,
    FirstLineError,
    UnusableFileError,
    StaffError,
    UnreadableValue,
    BackupError,
    Damaged,
    NotOurs,
    DBAPIError,
    ArgumentError,
    CommandError,
    OSError,
)

MISSING_TABLE = ("no such table", "UndefinedTable", "does not exist")


def in_words(error: Exception) -> str:
    """What is wrong and what to do; never an address, which may hold a password."""
    if isinstance(error, ArgumentError):
        return "CLINIC_DATABASE_URL is not a database address. See docs/settings.md."
    if isinstance(error, CommandError):
        return "The database was made by a newer version of this product. Please update it."
    if isinstance(error, DBAPIError):
        return _about_the_database(error)
    if isinstance(error, OSError):
        return f"A file or folder cannot be used: {error.strerror or type(error).__name__}."
    return str(error)


def _about_the_database(error: DBAPIError) -> str:
    reason = f"{type(error.orig).__name__} {error.orig}"
    if any(sign in reason for sign in MISSING_TABLE):
        return "The database is not ready yet. Run `python -m clinic migrate` once."
    if "database is locked" in reason:
        return "The database is busy. Please try again in a moment."
    return (
        "The database cannot be reached. Is it running, and is CLINIC_DATABASE_URL right? "
        f"({type(error.orig).__name__})"
    )
