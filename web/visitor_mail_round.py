"""Mail codes and copies to visitors, in the background, until they have arrived or are over."""

from __future__ import annotations

import asyncio
import logging

from clinic import visitor_mail, visitor_mail_queue
from clinic.database import reading, transaction
from clinic.visitor_mail_post import post

log = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 2.0
"""Somebody waits in front of the chat for their code."""
MOST_IN_A_ROUND = 20


def send_due() -> int:
    """One round; returns how many mails were taken. Several processes share the work."""
    with reading() as session:
        is_over = visitor_mail_queue.is_any_over(session)
        is_due = visitor_mail_queue.is_any_due(session)
    if is_over:
        with transaction() as session:
            visitor_mail_queue.tidy(session)
    if not is_due or not visitor_mail.is_possible():
        return 0
    number = 0
    for _ in range(MOST_IN_A_ROUND):
        # One at a time: what is erased a moment later is not sent any more.
        with transaction() as session:
            mail_id = visitor_mail_queue.claim(session)
        if mail_id is None:
            break
        number += _try(mail_id)
    return number


def _try(mail_id: int) -> bool:
    try:
        return _send(mail_id)
    except Exception as error:  # the edge: the next one has its turn, this one after its lease
        log.error("a visitor's mail not sent error=%s", type(error).__name__)
        return False


def _send(mail_id: int) -> bool:
    with reading() as session:
        letter = visitor_mail_queue.letter(session, mail_id)
    if letter is None:
        with transaction() as session:
            visitor_mail_queue.drop(session, mail_id)
        return False
    error = post(letter)
    with transaction() as session:
        if error is None:
            visitor_mail_queue.was_sent(session, letter)
            return True
        visitor_mail_queue.has_failed(session, letter, error)
    log.error("a visitor's mail not sent error=%s", error)
    return False


async def send_for_ever() -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
        try:
            await asyncio.to_thread(send_due)
        except Exception as error:  # the edge: one bad round must not be the last one
            log.error("no visitor's mail was sent error=%s", type(error).__name__)
