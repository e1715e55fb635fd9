"""Read the command line, run one command, and put whatever fails into one plain line."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence

from clinic.commands import (
    audit,
    backup,
    crisis,
    doctor,
    keys,
    leads,
    migrate,
    notices,
    retention,
    staff,
    unanswered,
)
from clinic.commands.trouble import TROUBLE, in_words

EXAMPLES = """\
for example:
  python -m clinic migrate                     prepare the database, or update it
  python -m clinic staff create amira          give a colleague access to the console
  python -m clinic staff invite ben            a link with which a colleague makes an account
  python -m clinic staff reset amira           a new one-time password, and unlock
  python -m clinic leads export --format csv > leads.csv
  python -m clinic leads export --format fhir > leads.ndjson
  python -m clinic unanswered                  what visitors asked and got no answer to
  python -m clinic crisis report --year 2026   how often words of crisis were heard, by month
  python -m clinic audit verify                look whether the log of deeds is whole
  python -m clinic retention preview           what has been kept for long enough
  python -m clinic notices test                send a test notice through every channel
  python -m clinic keys rotate                 encrypt everything with the newest key
  python -m clinic backup create backups       all data in one sealed file
  python -m clinic backup restore FILE         bring it back
  python -m clinic doctor                      look whether everything is well

Settings come from the environment and from .env; docs/settings.md explains each one.
"""


COMMANDS = (
    *(migrate, leads, staff, unanswered, crisis, audit, notices, retention),
    *(keys, backup, doctor),
)


def parser() -> ArgumentParser:
    line = ArgumentParser(
        prog="python -m clinic",
        description="Look after the clinic's front desk: its database, leads and staff accounts.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    commands = line.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return line


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code of the process, which a command may choose."""
    asked = parser().parse_args(words)
    try:
        code: int | None = asked.run(asked)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader, such as `head`, has had enough. Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except TROUBLE as error:
        print(in_words(error), file=sys.stderr)
        return 1
    return code or 0
