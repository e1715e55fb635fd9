"""`crisis report`: how often words of crisis were heard, by month; counts and nothing else."""

from __future__ import annotations

import csv
import json
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from calendar import month_abbr
from typing import Any, TextIO

from clinic.clock import now
from clinic.crisis_events import HARD, SOFT
from clinic.crisis_report import OUTCOMES, CrisisReport, crisis_report
from clinic.database import transaction
from clinic.facts import facts

TITLES = {
    HARD: "Hard: help lines were shown at once",
    SOFT: "Soft: a check-in, one question whether the visitor is safe",
}


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser("crisis", help="count how often words of crisis were heard")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    report = deeds.add_parser(
        "report",
        help="counts by month, outcome and category; no identifiers",
        description="Counts by month of the clinic's time zone: no names, no words, no ids.",
    )
    report.add_argument("--year", type=_year, help="four digits; this year if left out")
    report.add_argument("--format", choices=("text", "csv", "jsonl"), default="text")
    report.set_defaults(run=run)


def run(asked: Namespace) -> None:
    zone = facts().zone
    with transaction() as session:
        year = asked.year or now().astimezone(zone).year
        report = crisis_report(session, year, zone=zone, today=now())
    {"text": write_text, "csv": write_csv, "jsonl": write_jsonl}[asked.format](report, sys.stdout)


def write_text(report: CrisisReport, out: TextIO) -> None:
    out.write(f"Words of crisis heard in {report.year}, in months of {facts().time_zone}.\n")
    out.write("Counts of messages only: no names, no words, no identifiers.\n")
    for outcome in OUTCOMES:
        rows = [(_words(c), c) for c in report.categories if report.count(outcome, category=c)]
        out.write(f"\n{TITLES[outcome]}\n")
        months = (month_abbr[int(month[-2:])] for month in report.months)
        _write_row(out, "", [*months, "Year"])
        for words, category in [*rows, ("All", None)]:
            numbers = [report.count(outcome, month=m, category=category) for m in report.months]
            _write_row(out, words, [*numbers, sum(numbers)])


def write_csv(report: CrisisReport, out: TextIO) -> None:
    table = csv.DictWriter(
        out, ("month", "outcome", "all", *report.categories), lineterminator="\n"
    )
    table.writeheader()
    table.writerows(_rows(report))


def write_jsonl(report: CrisisReport, out: TextIO) -> None:
    out.writelines(json.dumps(row) + "\n" for row in _rows(report))


def _rows(report: CrisisReport) -> list[dict[str, Any]]:
    """A row for each month and outcome, a number for every category, also where it is 0."""
    return [
        {
            "month": month,
            "outcome": outcome,
            "all": report.count(outcome, month=month),
            **{c: report.count(outcome, month=month, category=c) for c in report.categories},
        }
        for month in report.months
        for outcome in OUTCOMES
    ]


def _write_row(out: TextIO, first: str, cells: list[Any]) -> None:
    out.write(f"  {first:<18}" + "".join(f"{cell:>5}" for cell in cells) + "\n")


def _words(category: str) -> str:
    return category.replace("_", " ").capitalize()


def _year(digits: str) -> int:
    if not re.fullmatch(r"[12]\d{3}", digits):
        raise ArgumentTypeError("a year has four digits, such as 2026")
    return int(digits)
