"""Leads, alarms and channels that notices are about, with a default for everything."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import clock, notice_channels
from clinic.crisis_events import record_crisis
from clinic.leads import save_lead
from clinic.notice_addresses import Address, kind_of
from clinic.notice_channels import Wishes
from clinic.notice_words import KINDS
from clinic.tables import CrisisEvent, Lead, Notice, NoticeChannel, NoticeDelivery, Staff
from tests.clinic.test_leads import lead_request


def a_lead(session: Session, conversation_id: str = "c1", **changes: Any) -> Lead:
    return save_lead(session, lead_request(conversation_id=conversation_id, **changes))


def an_alarm(session: Session, conversation_id: str = "c1", key: str = "k") -> CrisisEvent:
    return record_crisis(
        session, conversation_id=conversation_id, message_key=key, category="suicide"
    )


def somebody(session: Session, username: str = "ben") -> Staff:
    member = Staff(username=username, role="staff", password_hash="-")
    session.add(member)
    session.flush()
    return member


def a_channel(
    session: Session,
    url: str = "jsons://hooks.example.org/front-desk",
    *,
    owner: Staff | None = None,
    kinds: tuple[str, ...] = tuple(KINDS),
    least_urgency: int = 0,
) -> NoticeChannel:
    address = Address(kind_of(url) or "webhook", url)
    wishes = Wishes("A channel", kinds, least_urgency)
    owner_id = owner.id if owner else None
    return notice_channels.add(session, address, wishes, owner_id=owner_id, staff_id=1)


def notices_of(session: Session, kind: str | None = None) -> list[Notice]:
    found = session.scalars(select(Notice).order_by(Notice.id)).all()
    return [notice for notice in found if kind in (None, notice.kind)]


def deliveries(session: Session) -> list[NoticeDelivery]:
    return list(session.scalars(select(NoticeDelivery).order_by(NoticeDelivery.id)))


class Later:
    """Lets time pass for the modules it was made for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
        self.passed = timedelta()
        for module in modules:
            monkeypatch.setattr(module, "now", self.now)

    def now(self) -> datetime:
        return clock.now() + self.passed

    def __call__(self, more: timedelta) -> None:
        self.passed += more
