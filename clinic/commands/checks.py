"""What the doctor looks at. Each check gives a state and one plain line; none shows a secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import yaml
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from clinic import (
    first_help,
    notice_addresses,
    notice_channels,
    notice_state,
    staff,
    visitor_mail,
    visitor_mail_post,
    visitor_mail_queue,
)
from clinic.clock import now
from clinic.commands.written_settings import written
from clinic.database import MIGRATIONS, transaction
from clinic.facts import facts
from clinic.help_lines import CHECKED_FOR_DAYS, HelpLinesError, help_lines, left_out, outdated
from clinic.settings import HOME, settings

OK, LOOK, BROKEN = "ok", "look", "broken"

Check = Callable[[], tuple[str, str]]

SECONDS_TO_ANSWER = 3.0
SILENT = "does not answer. Is it running? `make run` starts everything."

# What clinic.yml comes with: nobody's name, nobody's address, a number kept for films.
MAY_BE_EXAMPLES = ("name", "phone", "email", "website", "address")
EXAMPLE = re.compile(r"\bexample\b|555[- ]?01\d\d$", re.IGNORECASE)


def settings_are_readable() -> tuple[str, str]:
    settings()
    return OK, "everything that is needed is set."


def clinic_is_described() -> tuple[str, str]:
    left = [name for name in MAY_BE_EXAMPLES if EXAMPLE.search(getattr(facts(), name) or "")]
    if left:
        return LOOK, f"still the example's: {', '.join(left)}. Visitors would read or dial it."
    return OK, "the clinic's own facts."


def crisis_data_is_readable() -> tuple[str, str]:
    for path in sorted((HOME / "crisis").rglob("*.yml")):
        try:
            # The loader written in C: sentences by the ten thousand take a second with the other.
            empty = not yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        except (yaml.YAMLError, UnicodeDecodeError):
            return BROKEN, f"{path.relative_to(HOME)} is not valid YAML."
        if empty:
            return BROKEN, f"{path.relative_to(HOME)} is empty."
    try:
        first_help.check()
        unreadable = left_out()
    except HelpLinesError as error:
        return BROKEN, f"{error}."
    if unreadable:
        return BROKEN, f"crisis/hotlines.yml: shown nowhere, as wrong: {', '.join(unreadable)}."
    return OK, "phrases can be read, and every answer that needs no bot can be given."


def help_lines_are_checked() -> tuple[str, str]:
    lines = help_lines(facts().country)
    if not any(line.call for line in lines):
        return BROKEN, f"crisis/hotlines.yml has no line to call for {facts().country}."
    old = outdated(lines, now().astimezone(facts().zone).date())
    if not old:
        return OK, f"all {len(lines)} were checked in the last {CHECKED_FOR_DAYS} days."
    names = ", ".join(f"{line.name} ({line.verified_on or 'never'})" for line in old)
    return LOOK, (
        f"{len(old)} of {len(lines)} were not checked for {CHECKED_FOR_DAYS} days: {names}. "
        "Dial each, then write the day into crisis/hotlines.yml."
    )


def database_is_migrated() -> tuple[str, str]:
    address = make_url(settings().database)
    is_file = address.get_backend_name() == "sqlite" and address.database
    # To open a file that is not there would make one.
    if is_file and not (HOME / str(address.database)).exists():
        return BROKEN, "there is none yet. Run `python -m clinic migrate` once."
    with transaction() as session:
        here = set(MigrationContext.configure(session.connection()).get_current_heads())
    scripts = ScriptDirectory(str(MIGRATIONS))
    if here == set(scripts.get_heads()):
        return OK, "reachable and up to date."
    if here <= {script.revision for script in scripts.walk_revisions()}:
        return BROKEN, "it is of an older version. Run `python -m clinic migrate`."
    return BROKEN, "it was made by a newer version of this product. Please update it."


def staff_can_sign_in() -> tuple[str, str]:
    with transaction() as session:
        if staff.is_anybody_there(session):
            return OK, "somebody can sign in to the console."
    return BROKEN, (
        "nobody can sign in and see who is in crisis. Run `python -m clinic staff create NAME`."
    )


def notices_are_sent() -> tuple[str, str]:
    addresses = notice_addresses.operators()
    unusable = sum(notice_addresses.service(url) is None for url in addresses.values())
    if unusable:
        return BROKEN, (
            f"CLINIC_NOTICE_URLS: {unusable} of {len(addresses)} addresses cannot be used. "
            "Compare them with docs/notices.md."
        )
    with transaction() as session:
        has_channels = bool(addresses or notice_channels.in_use(session))
        health = notice_state.health(session)
    if not has_channels:
        return LOOK, (
            "CLINIC_NOTICE_URLS is empty and the console has no channel, so none is sent. "
            "Staff learn of a crisis only from the console."
        )
    return _about_notices(health)


def _about_notices(health: notice_state.Health) -> tuple[str, str]:
    minutes = notice_state.LONG.seconds // 60
    if health.unplanned:
        return BROKEN, f"{health.unplanned} wait for longer than {minutes} minutes. Is web running?"
    if health.unreached:
        return BROKEN, (
            f"{health.unreached} have reached nobody for {minutes} minutes. "
            "Run `python -m clinic notices list` to see why."
        )
    if health.unopened:
        return LOOK, f"{health.unopened} urgent ones are repeated, and nobody has opened them."
    if health.failing:
        return LOOK, "one or more could not be sent at once and will be tried again."
    return OK, "none waits for long."


def visitors_can_have_mail() -> tuple[str, str]:
    if not visitor_mail.is_possible():
        return OK, "CLINIC_VISITOR_MAIL is empty, so visitors can download and are not mailed."
    if visitor_mail_post.mail_to("visitor@clinic.example") is None:
        return BROKEN, "CLINIC_VISITOR_MAIL cannot be used. Compare it with docs/settings.md."
    with transaction() as session:
        failing = visitor_mail_queue.how_many_fail(session)
    if failing:
        return LOOK, f"{failing} could not be sent at once and will be tried again for a day."
    return OK, "none waits for long."


def rasa_answers() -> tuple[str, str]:
    return _answers(f"{settings().rasa_url}/")


def action_server_answers() -> tuple[str, str]:
    here = f"http://127.0.0.1:{settings().actions_port}"
    url = (written("CLINIC_ACTIONS_URL") or here).rstrip("/")
    state, words = _answers(f"{url}/health")
    if words == SILENT and not _is_loopback(url):
        # Elsewhere only Rasa may reach it, and nobody who asks from here.
        return LOOK, "cannot be reached from here. If only Rasa may reach it, ask its own probe."
    return state, words


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


def _answers(url: str) -> tuple[str, str]:
    try:
        # trust_env=False: they are on this machine, and no proxy knows the way.
        answer = httpx.get(url, timeout=SECONDS_TO_ANSWER, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return BROKEN, SILENT
    if not answer.is_success:
        return BROKEN, f"answers with an error ({answer.status_code}); see its log."
    return OK, "answers."
