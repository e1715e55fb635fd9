"""`leads export`: leads as JSON lines, a spreadsheet or FHIR, written to the screen."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction

from clinic import lead_export
from clinic.commands import leads_index, leads_rights
from clinic.database import transaction


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser("leads", help="take the leads out, for another system")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    export = deeds.add_parser(
        "export",
        help="write every lead to the screen or, with `> leads.csv`, into a file",
        description=(
            "Every lead, oldest first, or the one you name. jsonl holds all that is kept; csv has "
            "a column for what is asked for most; fhir is one R4 Bundle in each line. The export "
            "is written to the audit log."
        ),
    )
    export.add_argument("--format", choices=tuple(lead_export.WRITERS), default="jsonl")
    export.add_argument("--lead", metavar="ID", help="this lead only; its id is in the address")
    export.set_defaults(run=run)
    leads_index.add_to(deeds)
    leads_rights.add_to(deeds)


def run(asked: Namespace) -> int:
    with transaction() as session:
        leads = lead_export.wanted(session, asked.lead)
        if asked.lead and not leads:
            print("There is no lead with this id.", file=sys.stderr)
            return 1
        if asked.lead and asked.format == "fhir":
            text = lead_export.as_one_bundle(leads[0])
        else:
            text = lead_export.WRITERS[asked.format](leads)
        lead_export.record(session, leads, actor="system")
    # After the commit: nothing leaves without a trace.
    sys.stdout.write(text)
    return 0
