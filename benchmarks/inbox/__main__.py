"""`make bench-inbox`: fill two databases, do the same deeds in both, write down how long they took.

Other numbers of leads can be tried; only the usual two are written to results.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from benchmarks.inbox import cases, report
from benchmarks.inbox.cases import Clinic
from benchmarks.inbox.clinic_of import fill, people
from benchmarks.inbox.measures import Case, Deed, measured
from clinic import database, staff_sessions
from clinic.tables import Staff
from setup.dotenv import fernet_key
from setup.home import HOME, QUIET, python_of
from tests.postgres_server import postgres_server
from web import console
from web.console.cookies import SESSION_COOKIE

HERE = Path(__file__).parent
RAW = HOME / "var" / "benchmarks" / "inbox.json"
USUAL = (1_000, 1_000_000)
TRIES = 100
SETTINGS = {
    "CLINIC_ACTION_TOKEN": "-",
    "CLINIC_SEARCH_KEY": "a key that lives as long as the benchmark",
}


def main() -> None:
    line = argparse.ArgumentParser(prog="python -m benchmarks.inbox", description=__doc__)
    line.add_argument("--leads", type=int, nargs=2, default=USUAL, metavar="NUMBER")
    line.add_argument("--tries", type=int, default=TRIES)
    asked = line.parse_args()
    os.environ.update(SETTINGS, CLINIC_ENCRYPTION_KEYS=fernet_key())
    found, server = measure(asked.leads, asked.tries)
    words = report.page(found, server=server, tries=asked.tries)
    if tuple(asked.leads) == USUAL:
        (HERE / "results.md").write_text(words, "utf-8")
        keep_and_plot(found)
    print(words)


def measure(numbers: Sequence[int], tries: int) -> tuple[list[Case], str]:
    """Every deed in every clinic, and which server it was."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server())
        clinics = []
        for number in numbers:
            server.psql(f"CREATE DATABASE leads_{number}")
            url = server.get_uri(database=f"leads_{number}", driver="psycopg")
            clinics.append(stack.enter_context(filled(url, number)))
        with clinics[0].engine.connect() as connection:
            version = str(connection.scalar(text("SHOW server_version")))
        return list(timed(clinics, tries)), f"PostgreSQL {version}"


@contextmanager
def filled(url: str, number: int) -> Iterator[Clinic]:
    begun = time.monotonic()
    database.migrate(url)
    engine = database.open_engine(url)
    raw = engine.raw_connection()
    fill(raw.driver_connection, number)  # type: ignore[arg-type]  # psycopg's own
    raw.close()
    _say(f"{number:,} leads in {time.monotonic() - begun:.0f} s")
    app = FastAPI()
    app.include_router(console.router)
    console.add_error_pages(app)
    with database.transaction(engine) as session:
        member = session.get_one(Staff, 1)
        token, visit = staff_sessions.open_session(session, member)
    with TestClient(app, cookies={SESSION_COOKIE: token}, follow_redirects=False) as browser:
        *_, somebody = people(min(number, 100))
        yield Clinic(number, engine, browser, visit.csrf_token, member.id, somebody)
    engine.dispose()


class InTurn:
    """Stands for the engine of this process, which the console asks for: the clinic's whose turn
    it is."""

    def __init__(self, clinics: Sequence[Clinic]) -> None:
        self.engine = clinics[0].engine

    def __call__(self) -> Engine:
        return self.engine

    def doing(self, clinic: Clinic, deed: Deed) -> Deed:
        def done() -> object:
            self.engine = clinic.engine
            return deed()

        return done


def timed(clinics: Sequence[Clinic], tries: int) -> Iterator[Case]:
    turn = InTurn(clinics)
    with patch.object(database, "engine", turn):
        for together in zip(*(cases.deeds(clinic) for clinic in clinics), strict=True):
            name, way, _ = together[0]
            by_leads = {
                clinic.number: turn.doing(clinic, deed)
                for clinic, (_, _, deed) in zip(clinics, together, strict=True)
            }
            case = measured(name, way, by_leads, tries=tries)
            _say(report.line(case))
            yield case


def keep_and_plot(found: Sequence[Case]) -> None:
    """The plot is drawn in the other environment, which has what it takes."""
    RAW.parent.mkdir(parents=True, exist_ok=True)
    RAW.write_text(json.dumps([report.as_json(case) for case in found], indent=1), "utf-8")
    command = [str(python_of("rasa")), "-m", "benchmarks.inbox.plots", str(RAW)]
    subprocess.run(command, cwd=HOME, env={**os.environ, **QUIET}, check=True)


def _say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
