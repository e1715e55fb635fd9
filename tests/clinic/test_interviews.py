"""A visitor's way through the questions is kept from message to message, and only after consent."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import conversations, interviews
from clinic.interviews import Heard, NotFinished
from clinic.questionnaires import CALLBACK, SCREENING, questionnaire, rules
from clinic.tables import AuditEntry, Lead, QuestionnaireProgress

C = "a-conversation"
CALLBACK_ANSWERS = (
    "Yes, I agree",
    "Ann Example",
    "202-555-0143",
    "mornings",
    "Yes",
    "Yes, send it",
)


def say(session: Session, *texts: str, name: str = CALLBACK) -> Heard:
    for text in texts:
        heard = interviews.hear(session, C, name, text, lenient=True)
        assert heard.taken, (text, heard.problem)
    return heard


def asked(session: Session, name: str = CALLBACK) -> str | None:
    question = interviews.next_question(session, C, name)
    return question.link_id if question else None


def rows(session: Session) -> list[QuestionnaireProgress]:
    return list(session.scalars(select(QuestionnaireProgress)))


def consents(session: Session) -> int:
    session.flush()
    given = select(AuditEntry).where(AuditEntry.action == "consent.given")
    return len(session.scalars(given).all())


def test_nothing_is_kept_before_the_visitor_agrees(session: Session) -> None:
    interviews.hear(session, C, CALLBACK, "perhaps later", lenient=True)

    assert rows(session) == []
    assert not interviews.is_open(session, C, CALLBACK)


def test_consent_is_kept_with_its_time_and_in_the_audit_log_once(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:3])

    (row,) = rows(session)
    assert row.consented_at is not None
    assert row.version == questionnaire(CALLBACK).version
    assert consents(session) == 1


def test_refusing_ends_it_and_erases_what_was_said(session: Session) -> None:
    conversations.add_message(session, C, sender="visitor", key="k", content={"text": "hi"})

    heard = say(session, "No")

    assert heard.ending is not None
    assert heard.ending.code == "C0"
    assert rows(session) == []
    assert conversations.transcript(session, C) == []


def test_an_emergency_ends_it_and_keeps_the_transcript_for_staff(session: Session) -> None:
    conversations.add_message(session, C, sender="visitor", key="k", content={"text": "hi"})

    heard = say(session, "Yes, I agree", "Yes", name=SCREENING)

    assert heard.ending is not None
    assert heard.ending.code == "E0"
    assert rows(session) == []
    assert len(conversations.transcript(session, C)) == 1


def test_a_problem_is_told_and_nothing_moves(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:2])

    heard = interviews.hear(session, C, CALLBACK, "12", lenient=True)

    assert not heard.taken
    assert asked(session) == "phone"


def test_two_questionnaires_of_one_visitor_go_on_side_by_side(session: Session) -> None:
    say(session, "Yes, I agree", name=SCREENING)
    say(session, "Yes, I agree", "Ann Example", name=CALLBACK)

    assert asked(session, SCREENING) == "emergency_now"
    assert asked(session, CALLBACK) == "phone"


def test_what_may_be_skipped_is_skipped(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:2])
    refused = interviews.skip(session, C, CALLBACK)
    say(session, CALLBACK_ANSWERS[2])

    assert interviews.skip(session, C, CALLBACK).taken
    assert not refused.taken
    assert asked(session) == "leave_message_ok"


def test_going_back_asks_the_question_before(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:3])

    interviews.go_back(session, C, CALLBACK)

    assert asked(session) == "phone"


def test_going_back_to_the_consent_takes_it_back(session: Session) -> None:
    say(session, "Yes, I agree")

    interviews.go_back(session, C, CALLBACK)

    assert asked(session) == "consent"
    assert rows(session) == []


def test_going_back_where_nothing_was_answered_changes_nothing(session: Session) -> None:
    interviews.go_back(session, C, CALLBACK)

    assert asked(session) == "consent"


def test_the_last_yes_finishes_and_not_before(session: Session) -> None:
    before = say(session, *CALLBACK_ANSWERS[:-1])
    with pytest.raises(NotFinished):
        interviews.save_as_lead(session, C, CALLBACK)

    assert not before.finished
    assert say(session, CALLBACK_ANSWERS[-1]).finished
    assert not interviews.is_open(session, C, CALLBACK)


def test_a_callback_request_becomes_a_lead_without_health_answers(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS)

    lead, outcome = interviews.save_as_lead(session, C, CALLBACK)

    assert outcome is None
    assert (lead.name, lead.phone, lead.wants_callback) == ("Ann Example", "+12025550143", True)
    assert lead.contact == {"Best time": "mornings", "Message or text is OK": "Yes"}
    assert (lead.summary, lead.triage, lead.response) == ([], None, None)


def test_nothing_to_save_is_said_and_no_lead_made(session: Session) -> None:
    with pytest.raises(NotFinished):
        interviews.save_as_lead(session, C, SCREENING)

    assert session.scalars(select(Lead)).all() == []


def test_after_sending_a_new_start_asks_for_consent_again_and_writes_it_down(
    session: Session,
) -> None:
    say(session, *CALLBACK_ANSWERS)
    conversations.forget(session, C)

    assert asked(session) == "consent"
    say(session, "Yes, I agree")

    assert consents(session) == 2
    assert conversations.open_conversation(session, C).keeps_transcript


def test_answers_to_an_older_version_are_asked_anew(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:3])
    rows(session)[0].version = "0"

    assert asked(session) == "consent"
    say(session, "Yes, I agree")

    assert rows(session)[0].version == questionnaire(CALLBACK).version
    assert consents(session) == 2


def test_erasing_leaves_no_answer_of_any_questionnaire(session: Session) -> None:
    say(session, "Yes, I agree", name=SCREENING)
    say(session, "Yes, I agree", name=CALLBACK)

    interviews.erase(session, C)

    assert rows(session) == []


def test_the_triage_table_speaks_of_questions_that_exist() -> None:
    assert rules().version
