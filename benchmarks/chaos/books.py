"""Compare what visitors were shown with what is kept: two sets of books, and their gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.chaos.kept import Answers, Kept
from benchmarks.chaos.ledger import Ledger, Said

Summary = tuple[tuple[str, str], ...]

LOST_MESSAGE = "message of a visitor, lost"
LOST_CRY = "message of crisis, missing in the transcript"
DOUBLE_MESSAGE = "message of a visitor, kept twice"
LOST_REPLY = "answer that was shown, missing in the transcript"
DOUBLE_REPLY = "answer, kept twice"
LOST_ANSWER = "acknowledged answer, lost"
WRONG_ANSWER = "acknowledged answer, kept as another"
LOST_LEAD = "lead, lost"
DOUBLE_LEAD = "lead, double"
STRAY_LEAD = "lead of nobody, or of words nobody said"
LOST_EVENT = "crisis event, missing"
DOUBLE_EVENT = "crisis event, double"
LOST_NOTICE = "notice to staff, missing"
DOUBLE_NOTICE = "notice to staff, queued twice"
BROKEN_AUDIT = "audit log, not whole"

KINDS = (
    LOST_MESSAGE,
    LOST_CRY,
    DOUBLE_MESSAGE,
    LOST_REPLY,
    DOUBLE_REPLY,
    LOST_ANSWER,
    WRONG_ANSWER,
    LOST_LEAD,
    DOUBLE_LEAD,
    STRAY_LEAD,
    LOST_EVENT,
    DOUBLE_EVENT,
    LOST_NOTICE,
    DOUBLE_NOTICE,
    BROKEN_AUDIT,
)


@dataclass(frozen=True)
class Gap:
    """One thing that does not add up. Holds where to look, never what was said."""

    kind: str
    conversation: str
    at: str = ""


@dataclass(frozen=True)
class Meant:
    """What must be kept of one questionnaire, worked out without any server."""

    answers: Answers
    summary: Summary


def gaps(ledger: Ledger, kept: Kept, meant: Mapping[tuple[str, str], Meant]) -> list[Gap]:
    """All gaps.

    Args:
        meant: by conversation and questionnaire.
    """
    looks: tuple[Callable[[], Iterator[Gap]], ...] = (
        lambda: _messages(ledger, kept),
        lambda: _answers(ledger, kept, meant),
        lambda: _leads(ledger, kept, meant),
        lambda: _events(ledger, kept),
        lambda: _notices(kept),
    )
    return [gap for look in looks for gap in look()]


def _messages(ledger: Ledger, kept: Kept) -> Iterator[Gap]:
    for said in ledger.said:
        name = (said.conversation, said.key)
        rows = kept.said.get(name, [])
        if said.acknowledged and said.text not in rows:
            yield Gap(LOST_CRY if said.danger else LOST_MESSAGE, *name)
        if len(rows) > 1:
            yield Gap(DOUBLE_MESSAGE, *name)
        yield from _replies(said, kept.replies.get(name, []))


def _replies(said: Said, rows: list[tuple[str, str]]) -> Iterator[Gap]:
    # Only what came with the number of a row was said to be kept.
    for shown in said.shown:
        if shown[0].isdecimal() and shown not in rows:
            yield Gap(LOST_REPLY, said.conversation, said.key)
    if any(times > 1 for times in Counter(text for _, text in rows).values()):
        yield Gap(DOUBLE_REPLY, said.conversation, said.key)


def _answers(ledger: Ledger, kept: Kept, meant: Mapping[tuple[str, str], Meant]) -> Iterator[Gap]:
    for taken in ledger.taken:
        name = (taken.conversation, taken.form)
        expected = meant[name].answers.get(taken.field)
        found = kept.answers.get(name, {}).get(taken.field)
        if found is None:
            yield Gap(LOST_ANSWER, taken.conversation, taken.field)
        elif found != expected:
            yield Gap(WRONG_ANSWER, taken.conversation, taken.field)


def _leads(ledger: Ledger, kept: Kept, meant: Mapping[tuple[str, str], Meant]) -> Iterator[Gap]:
    by_conversation = {lead.conversation: lead for lead in kept.leads}
    for sent in ledger.sent:
        lead = by_conversation.get(sent.conversation)
        if lead is None:
            yield Gap(LOST_LEAD, sent.conversation)
        elif lead.summary and lead.summary != meant[sent.conversation, sent.form].summary:
            yield Gap(WRONG_ANSWER, sent.conversation, "the lead's summary")
    for times in Counter(lead.phone for lead in kept.leads).values():
        yield from [Gap(DOUBLE_LEAD, "")] * (times - 1)
    conversations = {said.conversation for said in ledger.said}
    for lead in kept.leads:
        if lead.conversation not in conversations:
            yield Gap(STRAY_LEAD, lead.conversation)


def _events(ledger: Ledger, kept: Kept) -> Iterator[Gap]:
    for danger in ledger.dangers:
        times = kept.events.get((danger.conversation, danger.key), 0)
        if not times:
            yield Gap(LOST_EVENT, danger.conversation, danger.key)
        elif times > 1:
            yield Gap(DOUBLE_EVENT, danger.conversation, danger.key)


def _notices(kept: Kept) -> Iterator[Gap]:
    told = {subject for _, subject in kept.notices}
    subjects = [f"lead:{lead.id}" for lead in kept.leads]
    for subject in subjects + [f"crisis:{number}" for number in kept.event_ids]:
        if subject not in told:
            yield Gap(LOST_NOTICE, "", subject)
    for (_, subject), times in kept.notices.items():
        if times > 1:
            yield Gap(DOUBLE_NOTICE, "", subject)
