"""`staff create | first | reset`: accounts for the console."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction

from clinic import staff
from clinic.database import transaction
from clinic.roles import Role

FIRST_USERNAME = "admin"


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser("staff", help="accounts for the staff console")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)

    create = deeds.add_parser("create", help="make an account and show its one-time password")
    create.add_argument("username", metavar="USERNAME")
    create.add_argument("--role", choices=list(Role), default=Role.STAFF, metavar="ROLE")
    create.set_defaults(run=create_account)

    first = deeds.add_parser(
        "first",
        help="make the first account if there is none; for install scripts",
        description='Prints {"username": ..., "password": ...}, or {} if anybody is there.',
    )
    first.set_defaults(run=create_first_account)

    reset = deeds.add_parser("reset", help="give out a new one-time password, and unlock")
    reset.add_argument("username", metavar="USERNAME")
    reset.set_defaults(run=reset_account)


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


def reset_account(asked: Namespace) -> None:
    with transaction() as session:
        password = staff.reset_password(session, asked.username)
    _show(asked.username, password)


def _show(username: str, password: str) -> None:
    print(f"Username:           {username.strip().lower()}")
    print(f"One-time password:  {password}")
    print("It is shown only now, and has to be changed at the first sign-in.")
