"""`staff …`: accounts for the console, for the first admin and for whoever is locked out."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Callable

from clinic import invitations, second_factor, staff, staff_sessions, team
from clinic.clock import now
from clinic.database import transaction
from clinic.roles import Role
from clinic.settings import settings
from clinic.tables import Invitation, Staff

FIRST_USERNAME = "admin"

ABOUT = """\
roles:
  staff       the front desk: leads, notes, live chats
  clinician   also exports, triage verdicts, numbers, teaching the bot
  admin       also accounts, notices, the audit log, erasing people

Every change is written to the audit log, as done by the system. A password or a link is shown
once, on the screen only.
"""


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser(
        "staff",
        help="accounts for the staff console",
        description="Accounts for the staff console, and help for whoever is locked out.",
        epilog=ABOUT,
        formatter_class=RawDescriptionHelpFormatter,
    )
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)

    _add(deeds, "list", show_everybody, "every account: role, second factor, browsers signed in")
    _add(deeds, "create", create_account, "make an account and show its one-time password", _role)
    _add(deeds, "invite", invite, "show a link with which a colleague makes an account", _role)
    _add(
        deeds,
        "first",
        create_first_account,
        "make the first account, an admin, if there is none; for install scripts",
        description='Prints {"username": ..., "password": ...}, or {} if anybody is there.',
    )
    _add(deeds, "reset", reset_account, "give out a new one-time password, and unlock", _named)
    _add(deeds, "role", change_role, "give another role", _named, _new_role)
    _add(deeds, "deactivate", deactivate, "close an account; its leads stay as they are", _named)
    _add(deeds, "reactivate", reactivate, "open it again, with a one-time password", _named)
    _add_pair(deeds, "second-factor", "off", turn_second_factor_off, "for a lost phone: forget it")
    _add_pair(deeds, "sessions", "end", end_sessions, "sign every browser of this person out")


def show_everybody(asked: Namespace) -> None:
    with transaction() as session:
        lines = [
            _line(member, len(staff_sessions.all_of(session, member)))
            for member in team.everybody(session)
        ]
        lines += [_invited(invitation) for invitation in invitations.open_ones(session)]
    print(f"{'USERNAME':24} {'ROLE':10} {'SECOND FACTOR':14} {'BROWSERS':9} STATE")
    for line in lines:
        print(line)


def create_account(asked: Namespace) -> None:
    with transaction() as session:
        password = staff.create_staff(session, asked.username, Role(asked.role))
    _show(asked.username, password)


def create_first_account(asked: Namespace) -> None:
    with transaction() as session:
        if staff.is_anybody_there(session):
            print("{}")
            return
        password = staff.create_staff(session, FIRST_USERNAME, Role.ADMIN)
    print(json.dumps({"username": FIRST_USERNAME, "password": password}))


def invite(asked: Namespace) -> None:
    with transaction() as session:
        token = invitations.invite(session, asked.username, Role(asked.role))
    print(f"Username:  {staff.normal(asked.username)}")
    print(f"Link:      {settings().public_url}/staff/join#{token}")
    print("It is shown only now, works once, and for 72 hours.")


def reset_account(asked: Namespace) -> None:
    with transaction() as session:
        password = team.reset_password(session, staff.named(session, asked.username))
    _show(asked.username, password)


def change_role(asked: Namespace) -> None:
    with transaction() as session:
        team.change_role(session, staff.named(session, asked.username), Role(asked.role))
    print(f"{staff.normal(asked.username)} has the role {asked.role} now.")


def deactivate(asked: Namespace) -> None:
    with transaction() as session:
        team.deactivate(session, staff.named(session, asked.username))
    print(f"{staff.normal(asked.username)} cannot sign in any more, and is signed out everywhere.")


def reactivate(asked: Namespace) -> None:
    with transaction() as session:
        password = team.reactivate(session, staff.named(session, asked.username))
    _show(asked.username, password)


def turn_second_factor_off(asked: Namespace) -> None:
    with transaction() as session:
        team.take_away_second_factor(session, staff.named(session, asked.username))
    print(f"{staff.normal(asked.username)} signs in without a code now, or sets up a new app.")


def end_sessions(asked: Namespace) -> None:
    with transaction() as session:
        ended = team.end_sessions(session, staff.named(session, asked.username))
    print(f"{ended} {'browser was' if ended == 1 else 'browsers were'} signed out.")


def _add(
    deeds: _SubParsersAction[ArgumentParser],
    name: str,
    run: Callable[[Namespace], None],
    summary: str,
    *arguments: Callable[[ArgumentParser], None],
    description: str | None = None,
) -> None:
    deed = deeds.add_parser(name, help=summary, description=description or f"{summary}.")
    for add in arguments:
        add(deed)
    deed.set_defaults(run=run)


def _add_pair(
    deeds: _SubParsersAction[ArgumentParser],
    thing: str,
    verb: str,
    run: Callable[[Namespace], None],
    summary: str,
) -> None:
    """`staff sessions end NAME`: a thing, and the one verb that there is for it."""
    command = deeds.add_parser(thing, help=f"`{verb} USERNAME`: {summary}")
    verbs = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(verbs, verb, run, summary, _named)


def _named(deed: ArgumentParser) -> None:
    deed.add_argument("username", metavar="USERNAME")


def _role(deed: ArgumentParser) -> None:
    _named(deed)
    deed.add_argument(
        "--role", choices=list(Role), default=Role.STAFF, help="staff if you do not say"
    )


def _new_role(deed: ArgumentParser) -> None:
    deed.add_argument("role", choices=list(Role))


def _line(member: Staff, browsers: int) -> str:
    factor = "on" if second_factor.is_on(member) else "off"
    state = "deactivated" if member.deactivated_at else "active"
    if member.must_change_password and not member.deactivated_at:
        state = "has a one-time password"
    return f"{member.username:24} {member.role:10} {factor:14} {browsers:<9} {state}"


def _invited(invitation: Invitation) -> str:
    hours = int((invitation.expires_at - now()).total_seconds() // 3600)
    return f"{invitation.username:24} {invitation.role:10} {'-':14} {'-':9} invited, {hours} h left"


def _show(username: str, password: str) -> None:
    print(f"Username:           {staff.normal(username)}")
    print(f"One-time password:  {password}")
    print("It is shown only now, and has to be changed at the first sign-in.")
