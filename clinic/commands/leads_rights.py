"""`leads erase | everything`: what a person may ask the clinic for."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction

from sqlalchemy.orm import Session

from clinic import erasure, everything
from clinic.database import transaction
from clinic.tables import Lead

UNKNOWN = "There is no lead with this id. It is in the address of the lead's page."


def add_to(deeds: _SubParsersAction[ArgumentParser]) -> None:
    erase = deeds.add_parser(
        "erase",
        help="erase a person: this lead, others merged with it, and their conversations",
        description="Cannot be undone. A row without a name stays, so that counts add up.",
    )
    erase.add_argument("lead", metavar="ID")
    erase.add_argument("--yes", action="store_true", help="do not ask first")
    erase.set_defaults(run=run_erase)

    held = deeds.add_parser(
        "everything",
        help="all that is held on one person, as JSON; the console gives it as a ZIP to read",
    )
    held.add_argument("lead", metavar="ID")
    held.set_defaults(run=run_everything)


def run_erase(asked: Namespace) -> int:
    if not asked.yes and not _is_meant(asked.lead):
        print("Nothing was erased.", file=sys.stderr)
        return 1
    with transaction() as session:
        lead = _find(session, asked.lead)
        if lead is None:
            return 1
        number = len(erasure.person(session, lead))
        erasure.erase_lead(session, lead)
    print(f"Erased: {number} lead{'s' if number > 1 else ''} of this person.")
    print("The web process tells the assistant to forget; `doctor` says when that is done.")
    return 0


def run_everything(asked: Namespace) -> int:
    with transaction() as session:
        lead = _find(session, asked.lead)
        if lead is None:
            return 1
        text = everything.as_json(everything.everything(session, lead))
        everything.record(session, lead, actor="system")
    # After the commit: nothing leaves without a trace.
    sys.stdout.write(text)
    return 0


def _is_meant(lead_id: str) -> bool:
    if not sys.stdin.isatty():
        print("Add --yes where nobody can be asked.", file=sys.stderr)
        return False
    return input(f"Erase the person of lead {lead_id} for ever? Type ERASE: ") == "ERASE"


def _find(session: Session, lead_id: str) -> Lead | None:
    lead = session.get(Lead, lead_id)
    if lead is None or lead.erased_at is not None:
        print(UNKNOWN if lead is None else "This lead is erased already.", file=sys.stderr)
        return None
    return lead
