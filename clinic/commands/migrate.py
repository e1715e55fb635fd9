"""`migrate`: bring the database to the newest version."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction

from clinic import database
from clinic.commands import leads_index
from clinic.settings import settings


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser("migrate", help="prepare the database, or bring it up to date")
    command.set_defaults(run=run)


def run(asked: Namespace) -> None:
    database.migrate(settings().database)
    leads_index.index(only_missing=True)
    print("The database is up to date.")
