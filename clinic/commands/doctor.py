"""`doctor`: look whether everything is well, and say so in one plain line for each thing."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterator
from dataclasses import dataclass

from clinic.commands import (
    checks,
    exposure_checks,
    machine_checks,
    privacy_checks,
    secret_checks,
)
from clinic.commands.checks import BROKEN, Check
from clinic.commands.trouble import TROUBLE, in_words


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: `state` is ok, look (a person should) or broken."""

    state: str
    about: str
    words: str


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser(
        "doctor",
        help="look whether everything is well; changes nothing",
        description="One line for each thing: ok, look (a person should look at it) or broken. "
        "The exit code is 1 if anything is broken.",
    )
    command.set_defaults(run=run)


def run(asked: Namespace) -> int:
    anything_broken = False
    for finding in examine():
        print(f"{finding.state:<8}{finding.about}: {finding.words}", flush=True)
        anything_broken = anything_broken or finding.state == BROKEN
    return int(anything_broken)


def examine() -> Iterator[Finding]:
    """Every finding; what cannot be looked at because something else is broken is left out."""
    settings = _find("settings", checks.settings_are_readable)
    yield settings
    clinic = _find("clinic.yml", checks.clinic_is_described)
    yield clinic
    if clinic.state != BROKEN:
        yield _find("crisis data", checks.crisis_data_is_readable)
        yield _find("help lines", checks.help_lines_are_checked)
    if settings.state == BROKEN:
        return
    yield _find("secrets", secret_checks.secrets_are_strong)
    yield _find("files", secret_checks.files_are_private)
    yield _find("open ports", exposure_checks.doors_are_closed)
    yield _find("disk", machine_checks.disk_has_room)
    yield _find("time zones", machine_checks.time_zones_are_known)
    yield _find("model", machine_checks.model_fits_the_data)
    yield _find("backups", machine_checks.backups_are_made)
    database = _find("database", checks.database_is_migrated)
    yield database
    if database.state != BROKEN:
        yield _find("clock", machine_checks.clock_is_right)
        yield _find("way to the databases", exposure_checks.words_travel_encrypted)
        yield _find("staff", checks.staff_can_sign_in)
        yield _find("notices", checks.notices_are_sent)
        yield _find("visitors' mail", checks.visitors_can_have_mail)
        yield _find("audit log", privacy_checks.audit_log_is_whole)
        yield _find("retention", privacy_checks.old_data_expires)
        yield _find("erased people", privacy_checks.erased_people_are_forgotten)
    yield _find("Redis", exposure_checks.redis_answers)
    yield _find("Rasa", checks.rasa_answers)
    yield _find("action server", checks.action_server_answers)


def _find(about: str, check: Check) -> Finding:
    try:
        state, words = check()
    except TROUBLE as error:
        state, words = BROKEN, " ".join(in_words(error).split())
    except Exception as error:  # the edge: what we did not foresee is a finding too
        # Only its name: the text of an error may hold an address, and that a password.
        state, words = BROKEN, f"could not be looked at ({type(error).__name__})."
    return Finding(state, about, words)
