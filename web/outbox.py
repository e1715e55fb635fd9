"""Send what waits in the outbox, in the background; no channel ever waits for another."""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
from collections.abc import Callable
from functools import partial

from clinic import notice_addresses, notice_deliveries, notice_planning
from clinic.database import transaction
from clinic.notice_deliveries import Lane, Letter
from clinic.notice_post import post

log = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 5.0
ROUNDS_BETWEEN_LOOKS = 12
"""How often the outbox looks for overdue leads and old notices: about once a minute."""


class Outbox:
    """The lanes in which this process is sending. Another process has its own."""

    def __init__(self) -> None:
        self._busy: dict[Lane, threading.Thread] = {}

    def look_round(self) -> None:
        """Queue what is overdue, and let go of what is old."""
        with transaction() as session:
            notice_planning.queue_late(session)
            notice_planning.tidy(session)

    def send_due(self) -> None:
        """Begin to send whatever is due in every lane that is free."""
        addresses = notice_addresses.operators()
        with transaction() as session:
            notice_planning.plan_due(session, targets=addresses)
        self._busy = {lane: thread for lane, thread in self._busy.items() if thread.is_alive()}
        # Let go of the database before anything is sent: SQLite has one writer, and while a slow
        # mail server holds us up, no visitor's answer could be saved.
        with transaction() as session:
            claimed = notice_deliveries.claim(session, addresses, busy=self._busy)
        for lane, letters in claimed.items():
            # A thread that dies with the process: what it had not sent is sent by another.
            thread = threading.Thread(target=partial(_send_all, letters), daemon=True)
            self._busy[lane] = thread
            thread.start()

    def wait(self) -> None:
        """Until everything that was begun is sent or has failed."""
        for thread in self._busy.values():
            thread.join()


def _send_all(letters: list[Letter]) -> None:
    for letter in letters:
        try:
            error = post(letter.address, letter.words, trusted=letter.trusted)
            with transaction() as session:
                if error is None:
                    notice_deliveries.was_sent(session, letter.delivery_id)
                else:
                    notice_deliveries.has_failed(session, letter.delivery_id, error)
        except Exception as error:  # the edge: the next letter has its turn
            log.error("notice not delivered error=%s", type(error).__name__)


async def deliver_for_ever() -> None:
    outbox = Outbox()
    for round_number in itertools.count():
        await _try(outbox.send_due)
        if round_number % ROUNDS_BETWEEN_LOOKS == 0:
            await _try(outbox.look_round)
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)


async def _try(deed: Callable[[], None]) -> None:
    try:
        await asyncio.to_thread(deed)
    except Exception as error:  # the edge: one bad round must not be the last one
        log.error("notices not delivered error=%s", type(error).__name__)
