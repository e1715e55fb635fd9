"""Erase what has been kept for long enough, once an hour."""

from __future__ import annotations

import asyncio
import logging

from clinic import retention_round

log = logging.getLogger(__name__)

SECONDS_BEFORE_THE_FIRST = 600.0
"""Who sees a mistake in `retention_days` at the start can still stop it."""
SECONDS_BETWEEN_ROUNDS = 3600.0


async def expire_for_ever() -> None:
    await asyncio.sleep(SECONDS_BEFORE_THE_FIRST)
    while True:
        try:
            erased = await asyncio.to_thread(retention_round.run)
            if erased.leads or erased.conversations:
                log.warning("expired leads=%d chats=%d", erased.leads, erased.conversations)
        except Exception as error:  # the edge: one bad round must not be the last one
            log.error("nothing expired error=%s", type(error).__name__)
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
