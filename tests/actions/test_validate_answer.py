"""While a question is open, a message is an answer, a question or a wish, in that order."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.answer import Answer as AnswerTopics
from actions.delete_data import HOW_TO_ERASE
from actions.fallback import NOT_UNDERSTOOD
from actions.validate_answer import MISTAKE, NOTHING_TO_EXPLAIN, ValidateAnswer
from clinic import conversations, interviews
from clinic.clock import now
from clinic.questionnaires import CALLBACK, SCREENING
from clinic.tables import CrisisEvent, QuestionnaireProgress, Staff, UnansweredMessage
from tests.actions.builders import VISITOR, Conversation, Ran, tracker
from tests.actions.conftest import Answer

STILL_OPEN = {"questionnaire_answer": None}
PLAIN = {"plain_answer": True}


def hear(
    text: str, intent: str = "nlu_fallback", *, name: str = SCREENING, **understood: Any
) -> Ran:
    return Ran(ValidateAnswer(), tracker(text, intent=intent, questionnaire=name, **understood))


def asked(session: Session, name: str = SCREENING) -> str | None:
    session.rollback()  # look anew: the action wrote in a transaction of its own
    question = interviews.next_question(session, VISITOR, name)
    session.rollback()
    return question.link_id if question else None


def test_an_answer_is_taken_without_a_word_and_the_form_goes_on(
    session: Session, answer: Answer
) -> None:
    answer(until="age")

    ran = hear("I'm 43")

    assert (ran.slots, ran.messages) == (STILL_OPEN | PLAIN, [])
    assert asked(session) == "state"


@pytest.mark.parametrize(
    ("until", "text", "is_plain"),
    [
        ("for_whom", "for myself", True),
        ("bp_status", "it is normal", True),
        ("age", "purple", False),
        ("name", "Ann Example", False),
        ("medicines", "zoloft", False),
        ("best_time", "in the mornings", False),
        ("diagnosed_by_clinician", "yes, and I was told so by three of them since", False),
    ],
)
def test_only_a_short_answer_that_was_read_whole_is_plain(
    answer: Answer, until: str, text: str, is_plain: bool
) -> None:
    answer(until=until)

    assert hear(text).slots.get("plain_answer", False) == is_plain


def test_a_clear_answer_is_an_answer_whatever_it_sounds_like(
    session: Session, answer: Answer
) -> None:
    answer(until="main_reason")

    ran = hear("depression", "faq/depression")

    assert ran.messages == []
    assert asked(session) == "duration"


def test_a_message_that_was_sent_twice_answers_one_question(
    session: Session, answer: Answer
) -> None:
    answer(until="stops_brain")

    hear("None of these")
    again = hear("None of these")

    assert (again.slots, again.messages) == (STILL_OPEN, [])
    assert asked(session) == "stops_body"


def test_an_emergency_that_is_sent_twice_brings_help_twice(
    session: Session, answer: Answer
) -> None:
    answer(until="emergency_now")

    first, again = hear("Yes"), hear("Yes")

    assert [p["type"] for p in again.payloads] == ["crisis", "outcome"]
    assert again.slots == first.slots
    assert len(session.scalars(select(CrisisEvent)).all()) == 1


def test_the_last_yes_sent_twice_finishes_once_more(answer: Answer) -> None:
    answer(until="review")

    hear("Yes, send it")

    assert hear("Yes, send it").slots["questionnaire_answer"] == "finished"


@pytest.mark.parametrize("text", ["actually 2 years", "sorry, 2 years", "2 years actually"])
def test_a_correction_before_the_answer_was_given_is_the_answer(
    session: Session, answer: Answer, text: str
) -> None:
    answer(until="duration")

    hear(text)

    assert asked(session) == "diagnosed_by_clinician"


def test_what_is_no_answer_gets_one_line_and_the_question_stays(
    session: Session, answer: Answer
) -> None:
    answer(until="age")

    ran = hear("purple")

    assert ran.slots == STILL_OPEN
    assert len(ran.messages) == 1
    assert asked(session) == "age"


def test_a_question_in_the_middle_is_answered_and_nothing_is_taken(
    session: Session, answer: Answer
) -> None:
    answer(until="age")

    ran = hear("does it hurt?", "faq/side_effects")

    assert ran.messages[0]["response"] == "utter_faq/side_effects"
    assert ran.slots == STILL_OPEN
    assert asked(session) == "age"


def test_words_for_an_open_ended_question_are_its_answer_unless_they_ask(
    session: Session, answer: Answer
) -> None:
    answer(CALLBACK, until="best_time")

    question = hear("what are your hours?", "faq/location_hours", name=CALLBACK)
    words = hear("in the mornings", "faq/location_hours", name=CALLBACK, key="key-0002")

    assert question.messages[0]["response"] == "utter_faq/location_hours"
    assert words.messages == []
    assert asked(session, CALLBACK) == "review"


def test_two_questions_in_the_middle_get_two_answers(session: Session, answer: Answer) -> None:
    answer(until="age")

    ran = hear(
        "is it covered and what does it cost?", "faq/insurance", questions=["insurance", "cost"]
    )

    assert ran.replies == ["utter_faq/insurance", "utter_faq/cost"]
    assert ran.slots == STILL_OPEN
    assert asked(session) == "age"


def test_a_question_answered_before_is_answered_in_other_words(answer: Answer) -> None:
    answer(until="age")
    talk = Conversation()
    talk.turn(AnswerTopics(), "how much is it?", intent="faq/cost")

    ran = talk.turn(ValidateAnswer(), "what does it cost?", intent="faq/cost")

    assert ran.replies == []
    assert "A session costs $400." in ran.words
    assert ran.slots == STILL_OPEN


def test_a_question_between_two_topics_is_asked_back(session: Session, answer: Answer) -> None:
    answer(until="age")

    ran = hear("what about paying?", "near_tie", nearest=["cost", "insurance"])

    assert ran.suggestions == ["What does it cost?", "Does insurance pay?", "Something else"]
    assert ran.slots == STILL_OPEN
    assert asked(session) == "age"


def test_words_between_two_topics_that_ask_nothing_are_heard_as_an_answer(
    session: Session, answer: Answer
) -> None:
    answer(CALLBACK, until="best_time")

    ran = hear("in the mornings", "near_tie", name=CALLBACK, nearest=["cost", "insurance"])

    assert ran.messages == []
    assert asked(session, CALLBACK) == "review"


def test_small_talk_is_answered_and_the_question_stays(session: Session, answer: Answer) -> None:
    answer(until="age")

    ran = hear("tell me a joke", "chitchat/joke")

    assert ran.replies == ["utter_chitchat/joke"]
    assert ran.slots == STILL_OPEN
    assert asked(session) == "age"


@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope"])
def test_a_question_that_nobody_understands_is_said_so_and_the_form_goes_on(
    session: Session, answer: Answer, intent: str
) -> None:
    answer(until="age")

    ran = hear("what is blorp?", intent, nearest=["cost", "insurance", "payment_plans"])

    assert ran.words == NOT_UNDERSTOOD
    assert len(ran.suggestions) == 4
    assert ran.slots == STILL_OPEN
    assert asked(session) == "age"


def test_a_question_that_nobody_understands_is_kept_for_staff(
    session: Session, answer: Answer
) -> None:
    answer(until="age")

    hear("what is blorp?", nearest=["cost"])

    (message,) = session.scalars(select(UnansweredMessage))
    assert (message.text, message.reason) == ("what is blorp?", "not_understood")


def test_who_asks_how_to_delete_is_told_and_nothing_is_erased(
    session: Session, answer: Answer
) -> None:
    conversations.add_message(session, VISITOR, sender="visitor", key="k", content={"text": "hi"})
    session.commit()
    answer(until="state")

    ran = hear("how do I delete my data?", "delete_data")

    assert ran.words == HOW_TO_ERASE
    assert ran.suggestions == ["Delete my answers"]
    assert ran.slots == STILL_OPEN
    assert asked(session) == "state"
    assert len(conversations.transcript(session, VISITOR)) == 1


@pytest.mark.parametrize("text", ["forget it", "never mind, forget about it"])
def test_forget_it_in_the_middle_erases_nothing_and_says_how(
    session: Session, answer: Answer, text: str
) -> None:
    conversations.add_message(session, VISITOR, sender="visitor", key="k", content={"text": "hi"})
    session.commit()
    answer(until="state")

    ran = hear(text, "delete_data")

    assert ran.words == HOW_TO_ERASE
    assert ran.suggestions == ["Delete my answers"]
    assert ran.slots == STILL_OPEN
    assert asked(session) == "state"
    assert len(conversations.transcript(session, VISITOR)) == 1


def test_why_is_explained(answer: Answer) -> None:
    answer(until="age")

    assert "adults only" in hear("why do you ask?", "why_ask").words
    assert hear("why do you ask?", "why_ask").words != NOTHING_TO_EXPLAIN


def test_going_back_asks_the_question_before(session: Session, answer: Answer) -> None:
    answer(until="state")

    hear("go back", "go_back")

    assert asked(session) == "age"


def test_only_what_may_be_skipped_is_skipped(session: Session, answer: Answer) -> None:
    answer(until="age")
    refused = hear("skip", "skip")
    answer(until="main_reason")

    hear("skip", "skip", key="key-0002")

    assert "cannot be skipped" in refused.words
    assert asked(session) == "duration"


def test_stopping_keeps_the_answers_and_says_how_to_go_on(session: Session, answer: Answer) -> None:
    answer(until="state")

    ran = hear("stop", "stop")

    assert ran.slots == {"questionnaire_answer": "left"}
    assert ran.payloads[0]["suggestions"] == ["Continue the questions", "Delete my answers"]
    assert asked(session) == "state"


def test_deleting_in_the_middle_erases_and_stops(session: Session, answer: Answer) -> None:
    answer(until="state")

    ran = hear("delete my answers", "delete_data")

    assert "erased" in ran.words
    assert ran.slots == {"questionnaire_answer": "forgotten"}
    assert asked(session) == "consent"


def test_a_wish_for_a_person_opens_the_callback_request(answer: Answer) -> None:
    answer(until="age")

    ran = hear("a real person please", "human_handoff")

    assert ran.slots == {"questionnaire": CALLBACK, "questionnaire_answer": None}


def test_staff_who_are_here_are_called_and_the_question_stays_open(
    session: Session, answer: Answer
) -> None:
    answer(until="age")
    session.add(Staff(username="ben", password_hash="-", is_here=True, last_seen_at=now()))
    session.commit()

    ran = hear("a real person please", "human_handoff")

    assert [payload.get("state") for payload in ran.payloads] == ["waiting"]
    assert ran.slots == {"questionnaire_answer": None}
    assert asked(session) == "age"


@pytest.mark.parametrize("until", ["consent", "name", "phone"])
def test_a_person_is_wished_for_in_the_callback_request_too(
    session: Session, answer: Answer, until: str
) -> None:
    answer(CALLBACK, until=until)
    session.add(Staff(username="ben", password_hash="-", is_here=True, last_seen_at=now()))
    session.commit()

    ran = hear("no, give me a real person", "human_handoff", name=CALLBACK)

    assert [payload.get("state") for payload in ran.payloads] == ["waiting"]
    assert asked(session, CALLBACK) == until


def test_with_nobody_there_who_is_in_the_callback_request_goes_on_with_it(
    session: Session, answer: Answer
) -> None:
    answer(CALLBACK, until="name")

    ran = hear("isn't there a person who could answer", "human_handoff", name=CALLBACK)

    assert [payload.get("state") for payload in ran.payloads] == ["offered"]
    assert ran.slots["questionnaire"] == CALLBACK
    assert asked(session, CALLBACK) == "name"


def test_the_wish_that_opened_the_callback_request_is_not_answered_twice(
    database_url: str,
) -> None:
    call = tracker("a real person please", intent="human_handoff", questionnaire=CALLBACK)
    call.events.append({"event": "action", "name": "action_request_person"})

    ran = Ran(ValidateAnswer(), call)

    assert (ran.messages, ran.slots) == ([], STILL_OPEN)


def test_how_to_be_reached_is_no_wish_for_a_call_back(session: Session, answer: Answer) -> None:
    answer(until="contact_method")

    ran = hear("you can reach me by phone", "human_handoff")

    assert "questionnaire" not in ran.slots
    assert asked(session) == "phone"


def test_the_same_wish_within_the_callback_request_is_no_second_one(answer: Answer) -> None:
    answer(CALLBACK, until="name")

    ran = hear("call me back", "human_handoff", name=CALLBACK)

    assert "questionnaire" not in ran.slots


def test_from_the_callback_request_one_can_turn_to_the_screening(database_url: str) -> None:
    ran = hear("start the questions", "start_screening", name=CALLBACK)

    assert ran.slots == {"questionnaire": SCREENING, "questionnaire_answer": None}


@pytest.mark.parametrize("intent", ["start_screening", "resume_screening"])
def test_asking_for_the_questions_that_are_open_changes_nothing(
    session: Session, answer: Answer, intent: str
) -> None:
    answer(until="age")

    ran = hear("continue the questions", intent)

    assert (ran.slots, ran.messages) == (STILL_OPEN, [])
    assert asked(session) == "age"


def test_the_last_answer_finishes_the_form(answer: Answer) -> None:
    answer(until="review")

    assert hear("Yes, send it").slots == {"questionnaire_answer": "finished"} | PLAIN


def test_an_emergency_ends_the_questions_and_staff_see_it(session: Session, answer: Answer) -> None:
    answer(until="emergency_now")

    ran = hear("Yes")

    card, outcome = ran.payloads
    assert ran.slots == {"questionnaire_answer": "ended"}
    assert (card["type"], outcome["type"], outcome["code"]) == ("crisis", "outcome", "E0")
    assert outcome["suggestions"] == ["Call me back", MISTAKE]
    (event,) = session.scalars(select(CrisisEvent))
    assert (event.category, event.outcome) == ("emergency", "hard")
    assert event.message_key == "key-0001"


def test_thoughts_of_death_on_the_scale_call_staff_and_the_questions_go_on(
    session: Session, answer: Answer
) -> None:
    answer(until="phq9_9", extras="1")

    ran = hear("More than half the days")

    assert (ran.slots, ran.messages) == (STILL_OPEN, [])
    assert asked(session) == "suicide_now"
    (event,) = session.scalars(select(CrisisEvent))
    assert (event.category, event.outcome) == ("suicide", "hard")


def test_who_skips_a_question_about_safety_calls_staff_too(
    session: Session, answer: Answer
) -> None:
    answer(until="suicide_now", extras="1", phq9_9="Several days")

    hear("I'd rather skip that", "skip")

    session.rollback()
    events = session.scalars(select(CrisisEvent).order_by(CrisisEvent.id)).all()
    assert [(event.category, event.outcome) for event in events][-1] == ("suicide", "hard")


def test_a_change_by_name_is_made_and_said(session: Session, answer: Answer) -> None:
    answer(until="main_reason")

    ran = hear("actually I'm 52")

    assert ran.words == "I changed Age to: 52."
    assert asked(session) == "main_reason"


def test_a_change_is_never_taken_for_words_of_an_answer(session: Session, answer: Answer) -> None:
    answer(CALLBACK, until="best_time")

    ran = hear("change my name to Bo Li", "faq/location_hours", name=CALLBACK)

    assert ran.words == "I changed Name to: Bo Li."
    assert asked(session, CALLBACK) == "best_time"


def test_a_change_without_a_name_asks_which(session: Session, answer: Answer) -> None:
    answer(until="main_reason")

    hear("there is something I would like to put right", "change_answer")

    assert asked(session) == "change"


def test_a_change_that_would_erase_everything_asks_the_question_again(
    session: Session, answer: Answer
) -> None:
    answer(until="main_reason")

    ran = hear("actually I'm 17")

    assert ran.slots == STILL_OPEN
    assert asked(session) == "age"


@pytest.mark.parametrize("until", ["medicines", "best_time", "heart", "age"])
def test_what_is_said_about_safety_is_never_the_answer_to_a_question(
    session: Session, answer: Answer, until: str
) -> None:
    answer(until=until, stops_body="Heart problem")

    ran = hear("I'm safe, back to my question", "im_safe")

    assert (ran.slots, ran.messages) == (STILL_OPEN, [])
    assert asked(session) == until


@pytest.mark.parametrize("text", ["maybe", "I have pills saved", "not yet"])
def test_no_clear_no_to_a_question_about_safety_brings_care_and_calls_staff(
    session: Session, answer: Answer, text: str
) -> None:
    answer(until="suicide_plan", extras="1", phq9_9="Several days")

    ran = hear(text, "faq/medicines")

    assert "that counts" in ran.words
    assert asked(session) == "suicide_plan"
    events = session.scalars(select(CrisisEvent).order_by(CrisisEvent.id)).all()
    assert events[-1].outcome == "hard"


@pytest.mark.parametrize("text", ["I also take Xanax", "I forgot to say I had a seizure once"])
def test_what_is_added_at_the_review_is_never_passed_over(
    session: Session, answer: Answer, text: str
) -> None:
    answer(until="review")

    ran = hear(text, "faq/medicines")

    assert "not noted that yet" in ran.words
    assert asked(session) == "change"


@pytest.mark.parametrize("text", ["I withdraw my consent", "I don't agree anymore"])
def test_consent_can_be_taken_back_in_plain_words(
    session: Session, answer: Answer, text: str
) -> None:
    answer(until="main_reason")

    ran = hear(text)

    assert "erased" in ran.words
    assert session.scalars(select(QuestionnaireProgress)).all() == []


def test_a_copy_is_offered_and_the_question_stays(session: Session, answer: Answer) -> None:
    answer(until="main_reason")

    ran = hear("can I download my answers?", "download_data")

    assert ran.payloads[0]["type"] == "download"
    assert asked(session) == "main_reason"


def test_who_stops_at_the_consent_has_left_nothing(session: Session, database_url: str) -> None:
    ran = hear("never mind", "stop")

    assert "kept nothing" in ran.words
    assert ran.slots == {"questionnaire_answer": "left"}
    assert session.scalars(select(QuestionnaireProgress)).all() == []


@pytest.mark.parametrize(
    ("until", "words", "code"), [("consent", "No", "C0"), ("age", "I am 16", "N1")]
)
def test_without_consent_or_under_age_nothing_of_it_stays(
    session: Session, answer: Answer, until: str, words: str, code: str
) -> None:
    conversations.add_message(session, VISITOR, sender="visitor", key="k", content={"text": "hi"})
    session.commit()
    answer(until=until)

    ran = hear(words)

    assert ran.payloads[0]["code"] == code
    assert ran.slots == {"questionnaire_answer": "forgotten"}
    assert session.scalars(select(QuestionnaireProgress)).all() == []
    assert conversations.transcript(session, VISITOR) == []


def test_when_the_database_is_gone_the_raw_words_never_become_the_answer(
    broken_database: None,
) -> None:
    ran = hear("I'm 43")

    assert ran.slots == STILL_OPEN
    assert "not saved" in ran.words
    assert "988" in ran.words
    assert "911" in ran.words
