"""Notice channels: where notices go for one member of staff, or for the whole clinic."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.notice_addresses import Address, AddressRefused
from clinic.notice_words import KINDS
from clinic.tables import NoticeChannel, NoticeDelivery, Staff

MOST_CHANNELS = 10
"""For each person, and for the clinic."""
LONGEST_NAME = 60
MOST_URGENT = 4


@dataclass(frozen=True)
class Wishes:
    """What a channel is called, and which notices go there."""

    name: str
    kinds: Collection[str]
    least_urgency: int = 0

    def checked(self) -> Wishes:
        """
        Raises:
            AddressRefused: with words for the person who wishes.
        """
        name = " ".join(self.name.split())
        if not name or len(name) > LONGEST_NAME:
            raise AddressRefused(f"Please give it a name of at most {LONGEST_NAME} characters.")
        if not self.kinds or not set(self.kinds) <= set(KINDS):
            raise AddressRefused("Please choose at least one kind of notice.")
        if not 0 <= self.least_urgency <= MOST_URGENT:
            raise AddressRefused("Please choose one of the urgencies.")
        # In the order of KINDS, whatever the browser sent.
        return Wishes(name, [kind for kind in KINDS if kind in self.kinds], self.least_urgency)


def of(session: Session, owner_id: int | None) -> list[NoticeChannel]:
    """The channels of a member of staff; of the clinic, if nobody is named."""
    return list(
        session.scalars(
            select(NoticeChannel).where(_belongs_to(owner_id)).order_by(NoticeChannel.id)
        )
    )


def find(session: Session, channel_id: int, owner_id: int | None) -> NoticeChannel | None:
    """A channel, only if it belongs to this member of staff, or to the clinic."""
    return session.scalar(
        select(NoticeChannel).where(NoticeChannel.id == channel_id, _belongs_to(owner_id))
    )


def _belongs_to(owner_id: int | None) -> ColumnElement[bool]:
    if owner_id is None:
        return NoticeChannel.staff_id.is_(None)
    return NoticeChannel.staff_id == owner_id


def add(
    session: Session, address: Address, wishes: Wishes, *, owner_id: int | None, staff_id: int
) -> NoticeChannel:
    """Keep a channel, encrypted.

    Raises:
        AddressRefused: the wishes make no sense, or there are too many already.
    """
    wishes = wishes.checked()
    if len(of(session, owner_id)) >= MOST_CHANNELS:
        raise AddressRefused(f"There are {MOST_CHANNELS} already. Please remove one first.")
    channel = NoticeChannel(
        staff_id=owner_id,
        name=wishes.name,
        url=address.url,
        kinds=list(wishes.kinds),
        least_urgency=wishes.least_urgency,
    )
    session.add(channel)
    session.flush()  # gives the channel its id
    _record(session, channel, "notice_channel.added", staff_id, detail=address.kind)
    return channel


def change(session: Session, channel: NoticeChannel, wishes: Wishes, *, staff_id: int) -> None:
    wishes = wishes.checked()
    channel.name = wishes.name
    channel.kinds = list(wishes.kinds)
    channel.least_urgency = wishes.least_urgency
    _record(session, channel, "notice_channel.changed", staff_id)


def remove(session: Session, channel: NoticeChannel, *, staff_id: int) -> None:
    """Forget the address, and what was or would have been sent there."""
    session.execute(delete(NoticeDelivery).where(NoticeDelivery.channel_id == channel.id))
    _record(session, channel, "notice_channel.removed", staff_id)
    session.delete(channel)


def record_test(session: Session, channel: NoticeChannel, *, staff_id: int) -> None:
    _record(session, channel, "notice_channel.tested", staff_id)


def _record(
    session: Session, channel: NoticeChannel, deed: str, staff_id: int, detail: str | None = None
) -> None:
    audit.record(
        session,
        actor=f"staff:{staff_id}",
        action=deed,
        subject=f"notice_channel:{channel.id}",
        detail=detail,
    )


def in_use(session: Session) -> list[NoticeChannel]:
    """Every channel that may get something: the clinic's, and those of staff who work here."""
    query = (
        select(NoticeChannel)
        .outerjoin(Staff, Staff.id == NoticeChannel.staff_id)
        .where(or_(NoticeChannel.staff_id.is_(None), Staff.deactivated_at.is_(None)))
    )
    return list(session.scalars(query.order_by(NoticeChannel.id)))


def is_in_use(session: Session, channel: NoticeChannel) -> bool:
    if channel.staff_id is None:
        return True
    owner = session.get(Staff, channel.staff_id)
    return owner is not None and owner.deactivated_at is None


def without_any(session: Session) -> list[str]:
    """Usernames of those who still work here and have no channel of their own."""
    has_one = select(NoticeChannel.id).where(NoticeChannel.staff_id == Staff.id)
    query = select(Staff.username).where(Staff.deactivated_at.is_(None), ~has_one.exists())
    return list(session.scalars(query.order_by(func.lower(Staff.username))))
