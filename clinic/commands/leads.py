"""`leads export`: every lead as JSON lines or as a spreadsheet, written to the screen."""

from __future__ import annotations

import csv
import json
import re
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from typing import Any, TextIO

from sqlalchemy import select

from clinic import audit
from clinic.database import transaction
from clinic.leads import exported
from clinic.tables import Lead

COLUMNS = (
    "id",
    "created_at",
    "status",
    "urgency",
    "outcome",
    "wants_callback",
    "name",
    "phone",
    "email",
    "contact",
    "triage",
    "questionnaire_response",
)

# A cell that begins like this is a formula to a spreadsheet, and visitors choose their names.
FORMULA = re.compile(r"[=+\-@\t\r]")
TELEPHONE = re.compile(r"\+\d+")


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser("leads", help="take the leads out, for another system")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    export = deeds.add_parser(
        "export",
        help="write every lead to the screen or, with `> leads.csv`, into a file",
        description="Every lead, oldest first. The export is written to the audit log.",
    )
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    export.set_defaults(run=run)


def run(asked: Namespace) -> None:
    # Committed before the first line is written: nothing leaves without a trace.
    rows = take_out()
    write = write_csv if asked.format == "csv" else write_jsonl
    write(rows, sys.stdout)


def take_out() -> list[dict[str, Any]]:
    """Every lead as plain values, each with its entry in the audit log."""
    with transaction() as session:
        rows = []
        for lead in session.scalars(select(Lead).order_by(Lead.created_at, Lead.id)):
            rows.append(exported(lead))
            audit.record(session, actor="system", action="lead.exported", subject=f"lead:{lead.id}")
        return rows


def write_jsonl(rows: list[dict[str, Any]], out: TextIO) -> None:
    out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_csv(rows: list[dict[str, Any]], out: TextIO) -> None:
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and FORMULA.match(value) and not TELEPHONE.fullmatch(value):
        return "'" + value
    return value
