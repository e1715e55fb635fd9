"""Wrong passwords and codes are counted, so that guessing is slow and nobody is locked out.

Who guesses is stopped where they guess: five tries in a quarter of an hour for each account and
network. So that a thousand networks are not a thousand times as fast, all of them together have
thirty tries an hour for one account. A browser in which the same person signed in before has a
count of its own and does not care about either, so a stranger who fails on purpose keeps
nobody out who comes back to their own desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import case, delete, literal, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from clinic.clock import now
from clinic.known_browsers import KnownBrowser
from clinic.tables import Moment, SignInTries

DAY = timedelta(days=1)


class Secret(StrEnum):
    """What somebody may try to guess."""

    PASSWORD = "password"  # noqa: S105  # the kind of a secret, not one
    CODE = "code"


@dataclass(frozen=True)
class Place:
    """From where somebody tries: a network address, and a browser that proved to be known."""

    address: str | None = None
    browser: KnownBrowser | None = None


@dataclass(frozen=True)
class Limit:
    number: int
    within: timedelta


FROM_ONE_PLACE = Limit(5, timedelta(minutes=15))
FROM_EVERYWHERE = Limit(30, timedelta(hours=1))


def may_try(session: Session, secret: Secret, staff_id: int, place: Place) -> bool:
    """Count one try before it is judged; false where there were too many.

    Counted first and in one statement: of a hundred guesses sent at once, five are judged.
    """
    numbers = [
        _count(session, counter, limit.within) <= limit.number
        for counter, limit in _counters(secret, staff_id, place)
    ]
    return all(numbers)


def was_right(session: Session, secret: Secret, staff_id: int, place: Place) -> None:
    """Forget the failures of this place, and take this try from the count of all the others."""
    here, *everywhere = _counters(secret, staff_id, place)
    session.execute(delete(SignInTries).where(SignInTries.counter == here[0]))
    for counter, _ in everywhere:
        session.execute(
            update(SignInTries)
            .where(SignInTries.counter == counter, SignInTries.number > 0)
            .values(number=SignInTries.number - 1)
        )
    session.execute(delete(SignInTries).where(SignInTries.since < now() - DAY))


def forget(session: Session, staff_id: int) -> None:
    """Begin every count of this account anew."""
    for secret in Secret:
        counters = SignInTries.counter.startswith(f"{secret}:{staff_id}@", autoescape=True)
        session.execute(delete(SignInTries).where(counters))


def network_of(address: str | None) -> str:
    """What is counted as one place: an IPv4 address, or the 2^64 IPv6 addresses of one line."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def _counters(secret: Secret, staff_id: int, place: Place) -> Iterator[tuple[str, Limit]]:
    """The count of this very place first."""
    whose = f"{secret}:{staff_id}@"
    if place.browser is not None and place.browser.knows(staff_id):
        yield f"{whose}browser:{place.browser.id}", FROM_ONE_PLACE
    else:
        yield whose + network_of(place.address), FROM_ONE_PLACE
        yield f"{whose}everywhere", FROM_EVERYWHERE


def _count(session: Session, counter: str, within: timedelta) -> int:
    at = now()
    is_over = SignInTries.since <= _moment(at - within)
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    counted = (
        insert(SignInTries)
        .values(counter=counter, since=at, number=1)
        .on_conflict_do_update(
            index_elements=[SignInTries.counter],
            set_={
                "number": case((is_over, 1), else_=SignInTries.number + 1),
                "since": case((is_over, _moment(at)), else_=SignInTries.since),
            },
        )
        .returning(SignInTries.number)
    )
    number: int = session.execute(counted).scalar_one()
    return number


def _moment(at: datetime) -> object:
    return literal(at, Moment)
