"""Teaching the bot: messages without an answer, in groups, and what staff make of each group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from clinic import audit, taught, taught_file, teaching
from clinic.database import reading, transaction
from clinic.first_line import first_line
from clinic.roles import Role
from clinic.settings import HOME
from clinic.tables import StaffSession, UnansweredMessage
from clinic.topic_titles import UnknownTopic, find_topic, title_of, topics
from clinic.training_sentences import load_sentences
from web.console.access import FormRefused, NotThere, refuse_forged, signed_in
from web.console.pages import NOT_KEPT, go_to, page

router = APIRouter(prefix="/teaching")

GROUPS_ON_A_PAGE = 15
EXAMPLES = 4
MOST_SHOWN = 200
"""Of one group; what is not shown is decided about with the whole group, or on the next visit."""
MOST_DECISIONS = 30
HOME_PAGE = "/staff/teaching"
TYPED = "typed"
"""The button beside the field in which a topic is typed."""
NONE_CHOSEN = "Please choose at least one message."

MessageId = Annotated[int, Path(ge=1, le=2**31 - 1)]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=10_000)]


class Decision(BaseModel):
    """A form of a group. `ids` are the messages that were ticked; without any it is the whole
    group, as far as the page showed it: up to `newest`."""

    decision: str = ""
    topic: str = ""
    newest: int = 0
    some: bool = False
    ids: list[int] = []
    csrf: str = ""


class Csrf(BaseModel):
    csrf: str = ""


@dataclass(frozen=True)
class Line:
    """One message as it is shown."""

    id: int
    text: str
    is_alarming: bool


@dataclass(frozen=True)
class Group:
    """Messages that ask much the same, with the topics that came nearest to them."""

    ids: list[int]
    lines: list[Line]
    nearest: list[tuple[str, str]]

    @property
    def newest(self) -> int:
        return max(self.ids)


@router.get("")
def teaching_page(request: Request, number: PageNumber = 1, undo: int = 0) -> Response:
    visit = _visit(request)
    with reading() as session:
        groups = teaching.groups().of(session)
        last = max(1, -(-len(groups) // GROUPS_ON_A_PAGE))
        number = min(number, last)
        start = (number - 1) * GROUPS_ON_A_PAGE
        return page(
            request,
            "teaching.html",
            visit=visit,
            groups=[_group(session, g, EXAMPLES) for g in groups[start : start + GROUPS_ON_A_PAGE]],
            left=teaching.left(session),
            most_looked_at=teaching.MOST_LOOKED_AT,
            number=number,
            last=last,
            undo=undo,
            topics=topics().values(),
        )


@router.get("/decided")
def decided_page(request: Request) -> Response:
    visit = _visit(request)
    with reading() as session:
        decisions = teaching.latest(session, most=MOST_DECISIONS)
        firsts = {
            one.id: one for one in teaching.messages(session, [d.first_id for d in decisions])
        }
        return page(
            request,
            "teaching_decided.html",
            visit=visit,
            decisions=[(d, _line(firsts[d.first_id])) for d in decisions if d.first_id in firsts],
            left=teaching.left(session),
            title_of=decision_in_words,
        )


@router.get("/taught.yml")
def download(request: Request) -> Response:
    """What was taught, as Rasa's training data; a developer reads it and puts it in its place."""
    with transaction() as session:
        visit = signed_in(session, request, Role.CLINICIAN)
        audit.record(
            session,
            actor=f"staff:{visit.staff_id}",
            action="unanswered.exported",
            subject="unanswered:all",
        )
    with reading() as session:
        made = taught.patch(session, load_sentences(HOME))
    headers = {**NOT_KEPT, "Content-Disposition": 'attachment; filename="taught.yml"'}
    return Response(taught_file.as_yaml(made), media_type="application/yaml", headers=headers)


@router.get("/{message_id}")
def group_page(request: Request, message_id: MessageId) -> Response:
    return _group_page(request, _visit(request), message_id)


@router.post("/{message_id}/decide")
def decide(request: Request, message_id: MessageId, sent: Annotated[Decision, Form()]) -> Response:
    visit = _visit(request, sent.csrf)
    try:
        decision = find_topic(sent.topic).slug if sent.decision == TYPED else sent.decision
    except UnknownTopic as unknown:
        return _group_page(request, visit, message_id, sent, offered=unknown.nearest)
    with reading() as session:
        group = [one for one in teaching.group_of(session, message_id) if one <= sent.newest]
    ids = [one for one in group if one in set(sent.ids)] if sent.some else group
    if group and not ids:
        return _group_page(request, visit, message_id, sent, problem=NONE_CHOSEN)
    with transaction() as session:
        visit = signed_in(session, request, Role.CLINICIAN)
        try:
            number = teaching.decide(session, ids, decision, staff_id=visit.staff_id)
        except teaching.UnknownDecision:
            raise FormRefused from None
    if not number:
        return go_to(f"{HOME_PAGE}?done=faster")
    return go_to(f"{HOME_PAGE}?done=taught&undo={ids[0]}")


@router.post("/{message_id}/undo")
def undo(request: Request, message_id: MessageId, sent: Annotated[Csrf, Form()]) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.CLINICIAN)
        refuse_forged(visit.csrf_token, sent.csrf)
        if not teaching.undo(session, message_id, staff_id=visit.staff_id):
            raise NotThere
    return go_to(f"{HOME_PAGE}?done=untaught")


def decision_in_words(decision: str) -> str:
    named = {teaching.OUT_OF_SCOPE: "Out of scope", teaching.IGNORED: "Ignored"}
    return named.get(decision) or title_of(decision)


def _visit(request: Request, csrf: str | None = None) -> StaffSession:
    """Who is there. A transaction of its own, over before the slow grouping begins."""
    with transaction() as session:
        visit = signed_in(session, request, Role.CLINICIAN)
        if csrf is not None:
            refuse_forged(visit.csrf_token, csrf)
        else:
            # They are masked, but they are words of people: whoever reads them leaves a trace.
            whose = f"staff:{visit.staff_id}"
            audit.record(session, actor=whose, action="unanswered.viewed", subject="unanswered:all")
        return visit


def _group_page(
    request: Request,
    visit: StaffSession,
    message_id: int,
    sent: Decision | None = None,
    *,
    problem: str = "",
    offered: list[str] | None = None,
) -> Response:
    """One group; after a form that could not be taken, with what was typed and ticked in it."""
    typed = sent.topic.strip() if sent else ""
    if offered is not None:
        problem = f"No topic is called “{typed}”." if typed else "Please name a topic."
    with reading() as session:
        ids = teaching.group_of(session, message_id)
        if not ids:
            raise NotThere
        return page(
            request,
            "teaching_group.html",
            visit=visit,
            status=422 if problem else 200,
            group=_group(session, ids, MOST_SHOWN),
            problem=problem,
            typed=typed,
            ticked=set(sent.ids) if sent and sent.some else set(ids),
            offered=offered or [],
            topics=topics().values(),
        )


def _group(session: Session, ids: list[int], most: int) -> Group:
    found = teaching.messages(session, ids[:most])
    nearest: dict[str, int] = {}
    for message in found:
        for place, slug in enumerate(message.nearest[:3]):
            nearest[slug] = nearest.get(slug, 0) + 3 - place
    best = sorted((s for s in nearest if s in topics()), key=lambda s: (-nearest[s], s))[:3]
    return Group(ids, [_line(one) for one in found], [(slug, title_of(slug)) for slug in best])


def _line(message: UnansweredMessage) -> Line:
    text = teaching.shown(message)
    return Line(message.id, text, first_line().find(text) is not None)
