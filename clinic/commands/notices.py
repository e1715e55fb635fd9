"""`notices list | test | retry`: where words to staff go, and whether they arrive."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import notice_addresses, notice_deliveries, notice_post, notice_state
from clinic.database import transaction
from clinic.notice_channels import in_use
from clinic.notice_deliveries import Lane
from clinic.notice_state import LaneState
from clinic.notice_words import words_of_a_test
from clinic.settings import settings
from clinic.tables import NoticeChannel, Staff

NONE = "There is no channel: set CLINIC_NOTICE_URLS, or add one in the console under Notices."


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser("notices", help="words to staff: where they go, do they arrive")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listed = deeds.add_parser("list", help="every channel and how it fares; shows no secret")
    listed.set_defaults(run=show_channels)
    test = deeds.add_parser("test", help="send a test; ends with 1 if one does not arrive")
    test.add_argument("--channel", type=int, metavar="ID", help="this one only; `list` has its id")
    test.set_defaults(run=send_tests)
    retry = deeds.add_parser("retry", help="try everything that failed again, at once")
    retry.set_defaults(run=retry_now)


def show_channels(asked: Namespace) -> None:
    with transaction() as session:
        states = notice_state.lanes(session)
        rows = list(_channels(session))
    for lane, owner, address in rows:
        number = lane.channel_id or "-"
        state = _in_words(states.get(lane, LaneState()))
        print(f"{number!s:>4}  {owner:<14}{notice_addresses.shown(address):<34}{state}")
    if not rows:
        print(NONE)


def send_tests(asked: Namespace) -> int:
    with transaction() as session:
        rows = list(_channels(session))
    wanted = [row for row in rows if asked.channel in (None, row[0].channel_id)]
    if not wanted:
        print("There is no channel with this id." if rows else NONE, file=sys.stderr)
        return 1
    words = words_of_a_test(f"{settings().public_url}/staff/leads")
    failed = False
    for lane, _, address in wanted:
        error = notice_post.post(address, words, trusted=lane.target is not None)
        said = f"failed: {notice_post.in_words(error)}" if error else "sent"
        print(f"{notice_addresses.shown(address)}: {said}", flush=True)
        failed = failed or error is not None
    return int(failed)


def retry_now(asked: Namespace) -> None:
    with transaction() as session:
        number = notice_deliveries.retry_now(session)
    print(f"{number} will be tried again at once. The web process sends them.")


def _channels(session: Session) -> Iterator[tuple[Lane, str, str]]:
    """Every channel with its owner and its address."""
    for target, url in notice_addresses.operators().items():
        yield Lane(None, target), "(settings)", url
    usernames = dict(session.execute(select(Staff.id, Staff.username)).tuples().all())
    for channel in in_use(session):
        yield Lane(channel.id, None), _owner(channel, usernames), channel.url


def _owner(channel: NoticeChannel, usernames: dict[int, str]) -> str:
    return "(clinic)" if channel.staff_id is None else usernames[channel.staff_id]


def _in_words(state: LaneState) -> str:
    if state.error is not None:
        return f"{state.waiting} wait: {notice_post.in_words(state.error)}"
    if state.last_sent is None:
        return "nothing sent yet"
    return f"well, last sent {state.last_sent:%Y-%m-%d %H:%M} UTC"
