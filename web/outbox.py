"""Send what waits in the outbox, in the background, through whatever the clinic has set up."""

from __future__ import annotations

import asyncio
import logging

import apprise
from sqlalchemy.exc import SQLAlchemyError

from clinic import notices
from clinic.database import transaction
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

    def send(title: str, body: str) -> bool:
        return bool(channel.notify(title=title, body=body))

    with transaction() as session:
        return notices.deliver_due(session, send, staff_url=f"{settings().public_url}/staff")


async def deliver_for_ever() -> None:
    while True:
        try:
            await asyncio.to_thread(deliver)
        except SQLAlchemyError as error:
            log.error("notices not delivered error=%s", type(error).__name__)
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
