"""The clinic's notices, for admins: its channels, whether words arrive, and what nobody opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.orm import Session

from clinic import audit, notice_addresses, notice_channels, notice_deliveries, notice_state
from clinic.database import transaction
from clinic.notice_deliveries import Lane
from clinic.notice_post import in_words
from clinic.notice_state import LaneState
from clinic.roles import Role
from clinic.tables import StaffSession
from web import limits
from web.console import channels
from web.console.access import CsrfField, NotThere, refuse_forged, signed_in
from web.console.channels import HAS_FAILED, TOO_MANY_TESTS, Draft
from web.console.pages import go_to, page

PREFIX = "/notices"
router = APIRouter(prefix=PREFIX)

Target = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class OperatorsAddress:
    """An address of CLINIC_NOTICE_URLS as the page shows it."""

    target: str
    address: str
    state: LaneState
    error: str


@router.get("")
def notices_page(request: Request) -> Response:
    with transaction() as session:
        return _page(session, request, signed_in(session, request, Role.ADMIN), Draft())


@router.post("/retry")
def retry(request: Request, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        refuse_forged(visit.csrf_token, csrf)
        notice_deliveries.retry_now(session)
        _record(session, visit, "notice.retried")
    return go_to("/staff/notices?done=notices_retried")


@router.post("/settings/{target}/test")
def try_operators(request: Request, target: Target, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        refuse_forged(visit.csrf_token, csrf)
        address = notice_addresses.operators().get(target)
        if address is None:
            raise NotThere
        if not limits.may_send_a_test(visit.staff_id):
            return _page(session, request, visit, Draft(TOO_MANY_TESTS))
        _record(session, visit, "notice_channel.tested")
    error = channels.send_test(address, trusted=True)
    if error is None:
        return go_to("/staff/notices?done=channel_test")
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        return _page(session, request, visit, Draft(HAS_FAILED.format(error)))


def _record(session: Session, visit: StaffSession, deed: str) -> None:
    audit.record(
        session, actor=f"staff:{visit.staff_id}", action=deed, subject="notice_channel:settings"
    )


def _page(session: Session, request: Request, visit: StaffSession, draft: Draft) -> Response:
    states = notice_state.lanes(session)
    return page(
        request,
        "notices.html",
        visit=visit,
        status=422 if draft.problem else 200,
        channels=channels.shown(session, None),
        operators=_operators(states),
        unopened=notice_state.unopened(session),
        failing=sum(state.waiting for state in states.values() if state.error),
        without_any=notice_channels.without_any(session),
        base=f"/staff{PREFIX}",
        draft=draft,
        **channels.words_for_page(),
    )


def _operators(states: dict[Lane, LaneState]) -> list[OperatorsAddress]:
    found = []
    for target, url in notice_addresses.operators().items():
        state = states.get(Lane(None, target), LaneState())
        error = in_words(state.error) if state.error else ""
        found.append(OperatorsAddress(target, notice_addresses.shown(url), state, error))
    return found


router.include_router(channels.channel_routes(PREFIX, Role.ADMIN, lambda visit: None, _page))
