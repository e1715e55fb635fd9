"""`unanswered`: what visitors asked and got no answer to; `export` teaches it to the bot."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path

from clinic import taught, taught_file, unanswered
from clinic.database import reading, transaction
from clinic.settings import HOME
from clinic.training_sentences import load_sentences

ABOUT_EXPORT = (
    "Sentences that staff assigned to topics under Teaching, as training data for Rasa: "
    "`unanswered export > data/nlu/taught.yml`, read it, then `make train`. Left out is what may "
    "still tell who somebody is, what is learnt already, and what measures the bot."
)


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser(
        "unanswered",
        help="what visitors asked and got no answer to",
        description="Messages without an answer, newest first, with personal data masked.",
    )
    command.add_argument("--most", type=int, default=100, help="how many (100)")
    command.set_defaults(run=run)
    deeds = command.add_subparsers(title="commands", metavar="COMMAND")
    export = deeds.add_parser(
        "export", help="what staff assigned to topics, as training data", description=ABOUT_EXPORT
    )
    export.add_argument(
        "--into", type=Path, metavar="FILE", help="write there, and keep what stands there already"
    )
    export.set_defaults(run=run_export)


def run(asked: Namespace) -> None:
    with transaction() as session:
        rows = [unanswered.exported(m) for m in unanswered.latest(session, most=asked.most)]
    sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def run_export(asked: Namespace) -> None:
    before = None
    if asked.into is not None and asked.into.exists():
        before = taught_file.read(asked.into.read_text("utf-8"))
    with reading() as session:
        made = taught.patch(session, load_sentences(HOME), before)
    written = taught_file.as_yaml(made)
    if asked.into is None:
        sys.stdout.write(written)
    else:
        asked.into.write_text(written, "utf-8")
    print(taught_file.report(made), file=sys.stderr)
