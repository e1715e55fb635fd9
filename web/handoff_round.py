"""End hand-offs that nobody comes for any more, in the background, whoever has the page open."""

from __future__ import annotations

import asyncio
import logging

from clinic import handoff_endings
from clinic.database import reading, transaction

log = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 5.0


def end_overdue() -> int:
    """One round; returns how many ended. Several processes may do it at once."""
    with reading() as session:
        if not handoff_endings.is_overdue(session):
            return 0
    with transaction() as session:
        return handoff_endings.end_overdue(session)


async def end_overdue_for_ever() -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
        try:
            await asyncio.to_thread(end_overdue)
        except Exception as error:  # the edge: one bad round must not be the last one
            log.error("hand-offs not looked at error=%s", type(error).__name__)
