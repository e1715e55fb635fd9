"""The state and the source of a lead stand beside it, for the filters of the inbox."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.conversations import open_conversation
from clinic.leads import LeadRequest, save_lead
from tests.clinic.screened import coded, response, screened


def test_the_state_comes_from_the_screening(session: Session) -> None:
    assert save_lead(session, screened()).state == "MD"


def test_abroad_is_no_state(session: Session) -> None:
    abroad = response(coded("state", "Which state?", ("outside_us", "I live outside the US")))

    assert save_lead(session, screened(response=abroad)).state is None


def test_a_later_wish_for_a_call_keeps_the_state(session: Session) -> None:
    save_lead(session, screened())

    again = LeadRequest(conversation_id="one", name="Zoë Example", wants_callback=True)

    assert save_lead(session, again).state == "MD"


def test_the_source_comes_from_the_conversation(session: Session) -> None:
    open_conversation(session, "one").source = "spring-mailing"

    assert save_lead(session, screened()).source == "spring-mailing"
    assert save_lead(session, screened(conversation_id="two")).source is None
