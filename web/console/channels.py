"""Notice channels on a page: adding, changing, testing and removing one. Two pages share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from clinic import notice_addresses, notice_channels, notice_forms, notice_post, notice_state
from clinic.database import transaction
from clinic.notice_addresses import Address, AddressRefused
from clinic.notice_channels import Wishes
from clinic.notice_deliveries import Lane
from clinic.notice_state import LaneState
from clinic.notice_words import words_of_a_test
from clinic.roles import Role
from clinic.settings import settings
from clinic.tables import NoticeChannel, StaffSession
from web import limits
from web.console import labels
from web.console.access import CsrfField, NotThere, refuse_forged, signed_in
from web.console.pages import go_to

ChannelId = Annotated[int, Path(ge=1, le=2**31 - 1)]

KIND_NAMES = {
    "new_lead": "New requests",
    "crisis": "Words of crisis",
    "handoff": "Visitors who wait in the chat",
    "late": "Overdue requests",
}
ONE_OF = {
    "new_lead": "New request",
    "crisis": "Words of crisis",
    "handoff": "A visitor waits in the chat",
    "late": "Overdue request",
}
CHANNEL_NAMES = {
    "mail": "E-mail",
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "webhook": "Webhook",
    "sms": "SMS",
}
TOO_MANY_TESTS = "That were many tests. Please wait a minute."
HAS_FAILED = "The test did not arrive: {}. Nothing was changed."


class Typed(BaseModel):
    """What stands in the form of a new channel. No tick at all is no kind; the password is not
    shown again."""

    form: str = "mail"
    name: str = ""
    to: str = ""
    server: str = ""
    security: str = "starttls"
    user: str = ""
    password: str = ""
    url: str = ""
    kinds: list[str] = []
    least_urgency: int = 0
    csrf: str = ""

    def address(self) -> Address:
        """
        Raises:
            AddressRefused: with words for the person who typed it.
        """
        if self.form == "mail":
            return notice_forms.from_mail(
                self.to,
                server=self.server,
                security=self.security,
                user=self.user,
                password=self.password,
            )
        readers = {
            "slack": notice_forms.from_slack,
            "teams": notice_forms.from_teams,
            "webhook": notice_forms.from_webhook,
        }
        return readers.get(self.form, notice_addresses.read)(self.url)

    def wishes(self) -> Wishes:
        return Wishes(self.name, self.kinds, self.least_urgency)


class TypedWishes(BaseModel):
    """What stands in the form of a channel that is there already."""

    name: str = ""
    kinds: list[str] = []
    least_urgency: int = 0
    csrf: str = ""

    def wishes(self) -> Wishes:
        return Wishes(self.name, self.kinds, self.least_urgency)


@dataclass(frozen=True)
class Shown:
    """One channel as the page shows it."""

    channel: NoticeChannel
    kind: str
    address: str
    state: LaneState
    error: str


@dataclass(frozen=True)
class Draft:
    """What the page says besides what is kept: a problem, and what was typed when it came up."""

    problem: str = ""
    typed: Typed | None = None


Show = Callable[[Session, Request, StaffSession, Draft], Response]


def shown(session: Session, owner_id: int | None) -> list[Shown]:
    """The channels of a member of staff, or of the clinic, with how they fare."""
    states = notice_state.lanes(session)
    return [
        _shown(channel, states.get(Lane(channel.id, None), LaneState()))
        for channel in notice_channels.of(session, owner_id)
    ]


def _shown(channel: NoticeChannel, state: LaneState) -> Shown:
    kind = CHANNEL_NAMES.get(notice_addresses.kind_of(channel.url) or "", "Channel")
    error = notice_post.in_words(state.error) if state.error else ""
    return Shown(channel, kind, notice_addresses.shown(channel.url), state, error)


def words_for_page() -> dict[str, object]:
    """What the templates of both pages need."""
    return {
        "kind_names": KIND_NAMES,
        "one_of": ONE_OF,
        "urgencies": list(enumerate(labels.URGENCIES)),
        "has_mail_server": notice_addresses.clinics_mail() is not None,
        "may_do_without_encryption": settings().notice_private_addresses,
    }


def channel_routes(
    prefix: str, role: Role, owner_of: Callable[[StaffSession], int | None], show: Show
) -> APIRouter:
    """The forms of one page, at `prefix`. `owner_of` says whose channels they are about."""
    router = APIRouter()
    page = f"/staff{prefix}"

    def visiting(session: Session, request: Request, csrf: str) -> StaffSession:
        visit = signed_in(session, request, role)
        refuse_forged(visit.csrf_token, csrf)
        return visit

    def find(session: Session, channel_id: int, visit: StaffSession) -> NoticeChannel:
        channel = notice_channels.find(session, channel_id, owner_of(visit))
        if channel is None:
            raise NotThere
        return channel

    @router.post("/channels")
    def add_channel(request: Request, typed: Annotated[Typed, Form()]) -> Response:
        with transaction() as session:
            visit = visiting(session, request, typed.csrf)
            try:
                notice_channels.add(
                    session,
                    typed.address(),
                    typed.wishes(),
                    owner_id=owner_of(visit),
                    staff_id=visit.staff_id,
                )
            except AddressRefused as reason:
                return show(session, request, visit, Draft(str(reason), typed))
        return go_to(f"{page}?done=channel")

    @router.post("/channels/{channel_id}/wishes")
    def change_channel(
        request: Request, channel_id: ChannelId, typed: Annotated[TypedWishes, Form()]
    ) -> Response:
        with transaction() as session:
            visit = visiting(session, request, typed.csrf)
            channel = find(session, channel_id, visit)
            try:
                notice_channels.change(session, channel, typed.wishes(), staff_id=visit.staff_id)
            except AddressRefused as reason:
                return show(session, request, visit, Draft(str(reason)))
        return go_to(f"{page}?done=channel_wishes")

    @router.post("/channels/{channel_id}/remove")
    def remove_channel(request: Request, channel_id: ChannelId, csrf: CsrfField = "") -> Response:
        with transaction() as session:
            visit = visiting(session, request, csrf)
            channel = find(session, channel_id, visit)
            notice_channels.remove(session, channel, staff_id=visit.staff_id)
        return go_to(f"{page}?done=channel_removed")

    @router.post("/channels/{channel_id}/test")
    def try_channel(request: Request, channel_id: ChannelId, csrf: CsrfField = "") -> Response:
        with transaction() as session:
            visit = visiting(session, request, csrf)
            channel = find(session, channel_id, visit)
            if not limits.may_send_a_test(visit.staff_id):
                return show(session, request, visit, Draft(TOO_MANY_TESTS))
            notice_channels.record_test(session, channel, staff_id=visit.staff_id)
            address = channel.url
        # The database is let go of: a slow mail server must make nobody wait.
        error = send_test(address)
        if error is None:
            return go_to(f"{page}?done=channel_test")
        with transaction() as session:
            visit = signed_in(session, request, role)
            return show(session, request, visit, Draft(HAS_FAILED.format(error)))

    return router


def send_test(address: str, *, trusted: bool = False) -> str | None:
    """Why a test did not arrive, in words; nothing if it was taken."""
    words = words_of_a_test(f"{settings().public_url}/staff/leads")
    error = notice_post.post(address, words, trusted=trusted)
    return None if error is None else notice_post.in_words(error)
