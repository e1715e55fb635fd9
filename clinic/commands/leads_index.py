"""`leads index`: make anew what leads are found by; `migrate` does it for those without."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction

from clinic import lead_search
from clinic.database import transaction


def add_to(deeds: _SubParsersAction[ArgumentParser]) -> None:
    command = deeds.add_parser(
        "index",
        help="make anew what leads are found by, after CLINIC_SEARCH_KEY was changed",
        description=(
            "Goes through every lead, a few hundred at a time, and writes the keyed hashes of its "
            "name, phone number and e-mail address anew. Visitors and staff can go on meanwhile; "
            "a lead that was not reached yet is not found."
        ),
    )
    command.set_defaults(run=run)


def run(asked: Namespace) -> None:
    done = index()
    print("1 lead can be found." if done == 1 else f"{done:,} leads can be found.")


def index(*, only_missing: bool = False) -> int:
    """Returns how many leads were gone through; says how far it is where a person watches."""
    after, done = "", 0
    while True:
        with transaction() as session:
            ids = lead_search.index_batch(session, after=after, only_missing=only_missing)
        if not ids:
            return done
        after, done = ids[-1], done + len(ids)
        if sys.stderr.isatty():
            print(f"\r{done:,} leads …", end="", file=sys.stderr, flush=True)
