"""What was done, as staff read it: one line for each entry of the audit log."""

from __future__ import annotations

from collections.abc import Callable

from clinic import lead_calls
from clinic.lead_statuses import reason_in_words
from clinic.lead_timeline import Deed
from clinic.triage_verdicts import VERDICTS
from web.console import labels

ACTORS = {"visitor": "the visitor", "bot": "the assistant", "system": "the system"}

WORDS = {
    "lead.created": "Came in",
    "lead.updated": "Sent more",
    "lead.contacted": "Contacted",
    "lead.viewed": "Opened",
    "lead.printed": "Printed",
    "lead.exported": "Taken out as a file",
    "lead.noted": "Note written",
    "lead.unassigned": "Put back, nobody has it",
    "lead.unjudged": "Verdict on the triage taken back",
    "lead.merged": "Merged with another request of this person",
    "lead.unmerged": "Parted from another request",
    "lead.erased": "Erased",
    "lead.chat_deleted": "Deleted the chat; the request stays",
    "crisis.viewed": "Alarm opened",
    "consent.given": "Agreed to the questions",
    "conversation.forgotten": "Took back what was said",
    "handoff.asked": "Asked for a person",
    "handoff.stepped_in": "Wrote to the visitor without being asked",
    "handoff.taken": "Took over the chat",
    "handoff.given_back": "Handed back to the assistant",
    "handoff.ended": "Live chat ended",
}


def deed(done: Deed) -> str:
    """What happened, without by whom and when."""
    told = TOLD.get(done.action)
    if told is not None:
        return told(done)
    _, _, action = done.action.partition(".")
    return WORDS.get(done.action) or action.replace("_", " ").capitalize()


def actor(done: Deed) -> str:
    """Who it was; a colleague whose account cannot be found is still somebody of staff."""
    if done.actor.startswith("staff:"):
        return done.who or "a colleague"
    if done.action in ("lead.created", "lead.updated", "crisis.recorded", "crisis.raised"):
        return ACTORS["visitor"]
    return ACTORS.get(done.actor, done.actor)


def _new(done: Deed) -> str:
    return "New again: there is more to look at" if done.actor == "bot" else "Back to new"


def _done_with(done: Deed) -> str:
    status = done.action.removeprefix("lead.")
    reason = reason_in_words(status, done.detail)
    return f"{labels.status(status)}: {reason}" if reason else labels.status(status)


def _called(done: Deed) -> str:
    words = lead_calls.OUTCOMES.get(done.detail or "", "")
    return f"Called: {words.lower()}" if words else "Called"


def _assigned(done: Deed) -> str:
    if done.detail == done.actor:
        return "Taken"
    return f"Given to {done.whom or 'a colleague'}"


def _judged(done: Deed) -> str:
    return f"Triage judged: {VERDICTS.get(done.detail or '', '').lower()}"


def _heard(done: Deed) -> str:
    outcome, _, category = (done.detail or "").partition(":")
    kind = "Check-in" if outcome == "soft" else "Words of crisis"
    return f"{kind}: {labels.category(category)}"


TOLD: dict[str, Callable[[Deed], str]] = {
    "lead.new": _new,
    "lead.booked": _done_with,
    "lead.closed": _done_with,
    "lead.called": _called,
    "lead.assigned": _assigned,
    "lead.judged": _judged,
    "crisis.recorded": _heard,
    "crisis.raised": _heard,
}
