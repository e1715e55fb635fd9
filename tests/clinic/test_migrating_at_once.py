"""Replicas that start together: each migrates first, and all of them come up."""

from __future__ import annotations

import os
import subprocess
import sys

from sqlalchemy import inspect

from clinic.database import open_engine
from clinic.tables import Table
from tests.postgres_server import Databases

REPLICAS = 3


def test_replicas_that_migrate_an_empty_database_at_once_all_succeed(
    postgres_databases: Databases,
) -> None:
    with postgres_databases.empty() as url:
        env = {**os.environ, "CLINIC_DATABASE_URL": url}
        command = [sys.executable, "-m", "clinic", "migrate"]
        started = [
            subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
            for _ in range(REPLICAS)
        ]
        complaints = [replica.communicate()[1] for replica in started]
        engine = open_engine(url)
        tables = set(inspect(engine).get_table_names())
        engine.dispose()

    assert [replica.returncode for replica in started] == [0] * REPLICAS, complaints
    assert set(Table.metadata.tables) <= tables
