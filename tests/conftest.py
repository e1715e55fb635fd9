"""A small world for tests: fresh keys, a fresh migrated database, nothing from this machine."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Inside the fixtures only: this file is also read in Rasa's environment, which has no clinic
# and no PostgreSQL.
if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from tests.front_desk import FrontDesk
    from tests.postgres_server import Databases

# Set before anything reads the settings, so that a developer's own .env never leaks in.
os.environ.update(
    CLINIC_ENCRYPTION_KEYS=base64.urlsafe_b64encode(os.urandom(32)).decode(),
    CLINIC_ACTION_TOKEN="test-action-token",
    CLINIC_SEARCH_KEY="a-search-key-of-tests-that-is-long-enough",
    CLINIC_DATABASE_URL="sqlite:///var/never-used-by-tests.db",
    CLINIC_SERVED_NAMES="testserver,clinic.example",  # names that test clients go by
    RASA_TELEMETRY_ENABLED="false",
)


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database made by the real migrations, to be copied, never used itself."""
    from clinic.database import migrate

    path = tmp_path_factory.mktemp("database") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(
    migrated_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of a fresh database, which is also the one the code under test opens."""
    from clinic import counts
    from clinic.database import engine
    from clinic.settings import settings

    path = tmp_path / "clinic.db"
    shutil.copy(migrated_database, path)
    monkeypatch.setenv("CLINIC_DATABASE_URL", f"sqlite:///{path}")
    settings.cache_clear()
    engine.cache_clear()
    yield f"sqlite:///{path}"
    counts._gathered.cache_clear()  # what one test could not write is not written for another
    engine().dispose()
    settings.cache_clear()
    engine.cache_clear()


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A session on the fresh database; the test commits what others should see."""
    from sqlalchemy.orm import Session

    from clinic.database import engine

    with Session(engine(), expire_on_commit=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    """The databases of one PostgreSQL server, shared by all tests that do no harm to a server."""
    from tests.postgres_server import Databases, postgres_server

    with postgres_server() as server:
        yield Databases(server)


@pytest.fixture(scope="module")
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """The address of a migrated PostgreSQL database, a fresh one for each file of tests."""
    with postgres_databases.migrated() as address:
        yield address


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[Engine]:
    """An engine on the file's PostgreSQL database, opened as in production."""
    from clinic.database import open_engine

    opened = open_engine(postgres_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def front_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDesk]:
    """The running product, shared by all tests that need it; each uses its own conversation."""
    from tests.front_desk import FrontDesk

    desk = FrontDesk(tmp_path_factory.mktemp("front_desk"))
    try:
        desk.start()
        yield desk
    finally:
        desk.stop()
