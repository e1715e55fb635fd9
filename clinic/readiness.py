"""Whether the database is there and of this version, asked again and again while we run."""

from __future__ import annotations

from functools import lru_cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import MIGRATIONS, reading

READY, NOT_MIGRATED, DOWN = "up", "not migrated", "down"


def database() -> str:
    """READY, NOT_MIGRATED or DOWN. Only reads, so it waits for nobody who writes."""
    try:
        with reading() as session:
            here = set(MigrationContext.configure(session.connection()).get_current_heads())
    except (SQLAlchemyError, OSError):
        return DOWN
    return READY if here == _needed() else NOT_MIGRATED


@lru_cache
def _needed() -> frozenset[str]:
    return frozenset(ScriptDirectory(str(MIGRATIONS)).get_heads())
