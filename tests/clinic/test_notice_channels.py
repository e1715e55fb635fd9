"""Channels belong to one person or to the clinic, are kept encrypted, and leave a trace."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from clinic import notice_channels
from clinic.clock import now
from clinic.notice_addresses import AddressRefused
from clinic.notice_channels import MOST_CHANNELS, Wishes
from clinic.notice_planning import plan_due
from clinic.notice_words import KINDS
from clinic.tables import AuditEntry
from tests.clinic.notice_builders import a_channel, a_lead, deliveries, somebody


def deeds(session: Session) -> list[tuple[str, str, str | None]]:
    session.flush()
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action, entry.subject, entry.detail) for entry in entries]


def test_a_channel_is_found_by_its_owner_only(session: Session) -> None:
    ben, amira = somebody(session), somebody(session, "amira")
    mine, ours = a_channel(session, owner=ben), a_channel(session)

    found = {owner: notice_channels.of(session, owner) for owner in (ben.id, amira.id, None)}

    assert found == {ben.id: [mine], amira.id: [], None: [ours]}
    assert notice_channels.find(session, mine.id, ben.id) is mine
    assert notice_channels.find(session, mine.id, amira.id) is None
    assert notice_channels.find(session, mine.id, None) is None
    assert notice_channels.find(session, ours.id, ben.id) is None


def test_an_address_is_unreadable_in_the_database(session: Session) -> None:
    a_channel(session, "jsons://desk:s3cret@hooks.example.org")

    (stored,) = session.execute(text("SELECT url FROM notice_channels")).scalars()

    assert b"s3cret" not in bytes(stored)
    assert b"hooks" not in bytes(stored)


@pytest.mark.parametrize(
    ("wishes", "complaint"),
    [
        (Wishes(" ", ("crisis",)), "give it a name"),
        (Wishes("x" * 61, ("crisis",)), "give it a name"),
        (Wishes("Phone", ()), "at least one kind"),
        (Wishes("Phone", ("gossip",)), "at least one kind"),
        (Wishes("Phone", ("crisis",), 5), "one of the urgencies"),
        (Wishes("Phone", ("crisis",), -1), "one of the urgencies"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(
    session: Session, wishes: Wishes, complaint: str
) -> None:
    channel = a_channel(session)

    with pytest.raises(AddressRefused, match=complaint):
        notice_channels.change(session, channel, wishes, staff_id=1)


def test_wishes_can_be_changed(session: Session) -> None:
    channel = a_channel(session)

    wishes = Wishes("  My   phone ", ("handoff", "crisis"), 3)
    notice_channels.change(session, channel, wishes, staff_id=1)

    assert (channel.name, channel.kinds, channel.least_urgency) == (
        "My phone", ["crisis", "handoff"], 3,
    )  # fmt: skip


def test_nobody_has_more_channels_than_a_person_can_look_after(session: Session) -> None:
    for _ in range(MOST_CHANNELS):
        a_channel(session)

    with pytest.raises(AddressRefused, match="remove one first"):
        a_channel(session)
    a_channel(session, owner=somebody(session))


def test_a_channel_that_is_removed_takes_its_deliveries_with_it(session: Session) -> None:
    a_lead(session)
    gone, stays = a_channel(session), a_channel(session)
    plan_due(session, targets=())

    notice_channels.remove(session, gone, staff_id=1)

    assert notice_channels.of(session, None) == [stays]
    assert [d.channel_id for d in deliveries(session)] == [stays.id]


def test_every_deed_is_in_the_audit_log_without_an_address(session: Session) -> None:
    channel = a_channel(session)
    notice_channels.change(session, channel, Wishes("Phone", tuple(KINDS)), staff_id=1)
    notice_channels.record_test(session, channel, staff_id=1)
    notice_channels.remove(session, channel, staff_id=1)

    subject = f"notice_channel:{channel.id}"
    assert deeds(session) == [
        ("notice_channel.added", subject, "webhook"),
        ("notice_channel.changed", subject, None),
        ("notice_channel.tested", subject, None),
        ("notice_channel.removed", subject, None),
    ]


def test_who_has_no_channel_of_their_own_is_named(session: Session) -> None:
    a_channel(session, owner=somebody(session, "ben"))
    somebody(session, "amira")
    somebody(session, "zoe").deactivated_at = now()

    assert notice_channels.without_any(session) == ["amira"]
