"""A visitor's way through the questions is kept from message to message, and only after consent."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import conversations, interviews
from clinic.interviews import Heard, NotFinished
from clinic.questionnaires import CALLBACK, SCREENING, form, rules
from clinic.tables import AuditEntry, Consent, Lead, QuestionnaireProgress
from tests.clinic.screening.conftest import CALM

C = "a-conversation"
CALLBACK_ANSWERS = (
    "Yes, I agree",
    "Yes",
    "Ann Example",
    "call; voicemail",
    "202-555-0143",
    "mornings",
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


def consents(session: Session) -> list[Consent]:
    session.flush()
    audited = select(AuditEntry).where(AuditEntry.action == "consent.given")
    given = list(session.scalars(select(Consent).order_by(Consent.id)))
    assert len(session.scalars(audited).all()) >= len(given)
    return given


def test_nothing_is_kept_before_the_visitor_agrees(session: Session) -> None:
    interviews.hear(session, C, CALLBACK, "perhaps later", lenient=True)

    assert rows(session) == []
    assert not interviews.is_open(session, C, CALLBACK)


def test_consent_is_kept_word_for_word_with_its_time_language_and_version_once(
    session: Session,
) -> None:
    say(session, *CALLBACK_ANSWERS[:3])

    (row,) = rows(session)
    (given,) = consents(session)
    asked_for = form(CALLBACK).questionnaire.consent
    assert asked_for is not None
    assert row.version == form(CALLBACK).questionnaire.version
    assert (given.version, given.text) == (asked_for.text_version, asked_for.text)
    assert (given.language, given.questionnaire) == ("en", CALLBACK)
    assert given.at is not None


def test_refusing_ends_it_and_erases_what_was_said(session: Session) -> None:
    conversations.add_message(session, C, sender="visitor", key="k", content={"text": "hi"})

    heard = say(session, "No")

    assert heard.ending is not None
    assert heard.ending.code == "C0"
    assert rows(session) == []
    assert conversations.transcript(session, C) == []


def test_an_emergency_ends_it_and_keeps_what_was_said_for_staff(session: Session) -> None:
    conversations.add_message(session, C, sender="visitor", key="k", content={"text": "hi"})

    heard = say(session, "Yes, I agree", "Yes", name=SCREENING)

    assert heard.ending is not None
    assert (heard.ending.code, heard.alarm) == ("E0", "hard")
    assert [row.status for row in rows(session)] == ["ended"]
    assert len(conversations.transcript(session, C)) == 1


def test_after_an_emergency_the_visitor_may_come_back_to_the_same_question(
    session: Session,
) -> None:
    say(session, "Yes, I agree", "Yes", name=SCREENING)

    assert interviews.reopen(session, C, SCREENING)

    assert asked(session, SCREENING) == "emergency_now"
    assert say(session, "No", name=SCREENING).ending is None
    assert asked(session, SCREENING) == "for_whom"


def test_only_what_an_emergency_ended_is_opened_again(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS)

    assert not interviews.reopen(session, C, CALLBACK)
    assert not interviews.reopen(session, C, SCREENING)


def test_a_call_back_after_an_emergency_brings_staff_what_was_answered_before(
    session: Session,
) -> None:
    say(session, "Yes, I agree", "Yes", name=SCREENING)
    say(session, *CALLBACK_ANSWERS)

    lead, _ = interviews.save_as_lead(session, C, CALLBACK)

    assert (lead.outcome, lead.urgency, lead.name) == ("E0", 4, "Ann Example")
    assert lead.clinical is not None


def to_the_ninth_item(session: Session) -> None:
    answers = {**CALM, "extras": "1"}
    while (field := asked(session, SCREENING)) != "phq9_9":
        assert field is not None
        say(session, answers.get(field, "Not at all"), name=SCREENING)


@pytest.mark.parametrize(
    ("words", "alarm"),
    [("Not at all", None), ("Several days", "soft"), ("Nearly every day", "hard")],
)
def test_thoughts_of_death_call_staff_before_the_questions_end(
    session: Session, words: str, alarm: str | None
) -> None:
    to_the_ninth_item(session)

    assert say(session, words, name=SCREENING).alarm == alarm


def test_an_alarm_of_the_screening_raises_a_lead_that_waits_to_the_outcomes_own_urgency(
    session: Session,
) -> None:
    say(session, *CALLBACK_ANSWERS)
    lead, _ = interviews.save_as_lead(session, C, CALLBACK)
    to_the_ninth_item(session)

    say(session, "Nearly every day", name=SCREENING)

    assert lead.urgency == 4


def test_a_call_back_in_an_unfinished_screening_with_an_alarm_is_as_urgent_as_the_alarm(
    session: Session,
) -> None:
    to_the_ninth_item(session)
    say(session, "Nearly every day", name=SCREENING)

    say(session, *CALLBACK_ANSWERS)

    lead, _ = interviews.save_as_lead(session, C, CALLBACK)
    assert (lead.urgency, lead.outcome) == (4, None)


def test_staff_are_called_once_and_again_only_if_it_gets_graver(session: Session) -> None:
    to_the_ninth_item(session)
    say(session, "Several days", name=SCREENING)

    harmless = say(session, "No", name=SCREENING)
    graver = interviews.skip(session, C, SCREENING)

    assert (harmless.alarm, graver.alarm) == (None, "hard")


def test_a_problem_is_told_and_nothing_moves(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:4])

    heard = interviews.hear(session, C, CALLBACK, "12", lenient=True)

    assert not heard.taken
    assert asked(session) == "phone"


def test_two_questionnaires_of_one_visitor_go_on_side_by_side(session: Session) -> None:
    say(session, "Yes, I agree", name=SCREENING)
    say(session, "Yes, I agree", "Yes", name=CALLBACK)

    assert asked(session, SCREENING) == "emergency_now"
    assert asked(session, CALLBACK) == "name"


def test_what_may_be_skipped_is_skipped(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:4])
    refused = interviews.skip(session, C, CALLBACK)
    say(session, CALLBACK_ANSWERS[4])

    assert interviews.skip(session, C, CALLBACK).taken
    assert not refused.taken
    assert asked(session) == "review"


def test_going_back_asks_the_question_before(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:3])

    interviews.go_back(session, C, CALLBACK)

    assert asked(session) == "name"


def test_whoever_goes_back_to_the_consent_may_take_it_back(session: Session) -> None:
    say(session, "Yes, I agree")

    interviews.go_back(session, C, CALLBACK)

    assert asked(session) == "consent"
    say(session, "No")
    assert rows(session) == []
    assert consents(session) == []


def test_an_earlier_answer_is_changed_by_its_name(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:5])

    changed = interviews.change(session, C, CALLBACK, "change my name to Bo Li")
    asked_again = interviews.change(session, C, CALLBACK, "my phone number is wrong")

    assert changed is not None
    assert changed.said == "I changed Name to: Bo Li."
    assert asked_again is not None
    assert asked_again.said is None
    assert asked(session) == "phone"


def test_words_that_change_nothing_are_no_change(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:5])

    assert interviews.change(session, C, CALLBACK, "can ketamine change my brain?") is None
    assert asked(session) == "best_time"


def test_a_change_that_would_erase_everything_is_asked_about_first(session: Session) -> None:
    say(session, "Yes, I agree", "No", "About me", "34", "Oregon", name=SCREENING)

    changed = interviews.change(session, C, SCREENING, "actually I'm 17")

    assert changed is not None
    assert (changed.ending, changed.said) == (None, None)
    assert asked(session, SCREENING) == "age"
    ended = say(session, "17", name=SCREENING)
    assert ended.ending is not None
    assert ended.ending.code == "N1"
    assert rows(session) == []


def test_refusing_a_call_back_erases_nothing_of_a_screening(session: Session) -> None:
    conversations.add_message(session, C, sender="visitor", key="k", content={"text": "hi"})
    say(session, "Yes, I agree", "No", "About me", name=SCREENING)

    say(session, "No", name=CALLBACK)

    assert asked(session, SCREENING) == "age"
    assert len(conversations.transcript(session, C)) == 1


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
    assert lead.contact == {"How to reach you": "Phone call; Voicemail", "Best time": "mornings"}
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

    assert len(consents(session)) == 2
    assert conversations.open_conversation(session, C).keeps_transcript


def test_answers_to_an_older_version_are_kept_as_far_as_they_fit(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:3])
    rows(session)[0].version = "0"

    assert asked(session) == "contact_method"
    say(session, "call")

    assert rows(session)[0].version == form(CALLBACK).questionnaire.version
    assert len(consents(session)) == 1


def test_whoever_agreed_to_other_words_is_asked_again_before_anything_else(
    session: Session,
) -> None:
    say(session, *CALLBACK_ANSWERS[:3])
    consents(session)[0].text = "Other words"

    assert asked(session) == "consent"
    assert interviews.change(session, C, CALLBACK, "change my name to Bo Li") is None
    say(session, "Yes, I agree")

    assert asked(session) == "contact_method"
    assert len(consents(session)) == 2


def test_whoever_does_not_agree_to_the_new_words_leaves_nothing(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:3])
    consents(session)[0].version = "0"

    say(session, "No")

    assert rows(session) == []


def test_erasing_leaves_no_answer_of_any_questionnaire(session: Session) -> None:
    say(session, "Yes, I agree", name=SCREENING)
    say(session, "Yes, I agree", name=CALLBACK)

    interviews.erase(session, C)

    assert rows(session) == []
    assert consents(session) == []


def test_the_consent_to_what_staff_have_is_kept(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS)

    interviews.erase(session, C)

    assert rows(session) == []
    assert len(consents(session)) == 1


def test_the_triage_table_speaks_of_questions_that_exist() -> None:
    assert rules().version


def test_going_back_after_an_emergency_ends_nothing_and_loses_nothing(session: Session) -> None:
    to_the_ninth_item(session)
    say(session, "Several days", "Yes", name=SCREENING)
    interviews.reopen(session, C, SCREENING)

    interviews.go_back(session, C, SCREENING)
    interviews.ask_what_to_change(session, C, SCREENING, "change my age")

    assert [row.status for row in rows(session)] == ["in-progress"]
    assert asked(session, SCREENING) == "age"


def test_no_consent_is_written_without_a_yes(session: Session) -> None:
    say(session, *CALLBACK_ANSWERS[:3])
    consents(session)[0].text = "Other words"

    interviews.go_back(session, C, CALLBACK)

    assert asked(session) == "consent"
    assert len(consents(session)) == 1


def test_who_is_under_age_leaves_nothing_in_either_questionnaire(session: Session) -> None:
    say(session, "Yes, I agree", "No", "About me", "34", name=SCREENING)
    ended = say(session, "Yes, I agree", "No", name=CALLBACK)

    assert ended.ending is not None
    assert ended.ending.code == "N1"
    assert rows(session) == []
    assert consents(session) == []


def test_an_emergency_that_was_taken_back_in_words_only_still_goes_with_a_call_back(
    session: Session,
) -> None:
    say(session, "Yes, I agree", "Yes", name=SCREENING)
    interviews.reopen(session, C, SCREENING)
    say(session, *CALLBACK_ANSWERS)

    lead, _ = interviews.save_as_lead(session, C, CALLBACK)

    assert (lead.outcome, lead.urgency) == ("E0", 4)


def test_an_unfinished_screening_without_an_emergency_is_not_sent_with_a_call_back(
    session: Session,
) -> None:
    say(session, "Yes, I agree", "No", "About me", "34", name=SCREENING)
    say(session, *CALLBACK_ANSWERS)

    lead, _ = interviews.save_as_lead(session, C, CALLBACK)

    assert (lead.outcome, lead.response) == (None, None)
