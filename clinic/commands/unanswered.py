"""`unanswered`: what visitors asked and got no answer to, as JSON lines, newest first."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction

from clinic import unanswered
from clinic.database import transaction


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser(
        "unanswered",
        help="what visitors asked and got no answer to",
        description="Messages without an answer, newest first, with personal data masked.",
    )
    command.add_argument("--most", type=int, default=100, help="how many (100)")
    command.set_defaults(run=run)


def run(asked: Namespace) -> None:
    with transaction() as session:
        rows = [unanswered.exported(m) for m in unanswered.latest(session, most=asked.most)]
    sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
