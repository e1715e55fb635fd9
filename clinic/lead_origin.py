"""Where a lead comes from: the state the visitor lives in, and the website or campaign."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.screening.response_answers import answers
from clinic.screening.states import STATES
from clinic.tables import Conversation, Lead

STATE = "state"
"""The question of the screening that asks for it."""


def fill_in(session: Session, lead: Lead) -> None:
    """Put both beside the lead, in clear, for the filters of the inbox; keep what is known."""
    lead.state = state_of(lead) or lead.state
    if lead.source is None:
        conversation = session.get(Conversation, lead.conversation_id)
        lead.source = conversation.source if conversation else None


def state_of(lead: Lead) -> str | None:
    """Two letters, if the visitor was screened and lives in the US."""
    answer = answers(lead.response).get(STATE)
    code = str(answer.values[0]) if answer else ""
    return code if code in STATES else None
