"""Send what waits in the outbox, in the background, through whatever the clinic has set up."""

from __future__ import annotations

import asyncio
import logging

import apprise
from sqlalchemy.orm import Session

from clinic import notices
from clinic.database import engine
from clinic.settings import settings

log = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 5.0


def deliver() -> int:
    """One round; returns how many notices were sent. Without an address they keep waiting."""
    urls = settings().notice_urls.get_secret_value().split(",")
    channel = apprise.Apprise()
    for url in filter(None, (url.strip() for url in urls)):
        channel.add(url)
    if not len(channel):
        return 0

    with Session(engine(), expire_on_commit=False) as session:

        def send(title: str, body: str) -> bool:
            # Let go of the database first: SQLite has one writer, and while a slow mail server
            # holds us up, no visitor's answer could be saved.
            session.commit()
            return bool(channel.notify(title=title, body=body))

        sent = notices.deliver_due(session, send, staff_url=f"{settings().public_url}/staff")
        session.commit()
    return sent


async def deliver_for_ever() -> None:
    while True:
        try:
            await asyncio.to_thread(deliver)
        except Exception as error:  # the edge: one bad round must not be the last one
            log.error("notices not delivered error=%s", type(error).__name__)
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
