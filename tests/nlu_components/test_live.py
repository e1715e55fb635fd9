"""While a person writes with the visitor the bot says nothing but help, and takes no answer."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import SlotSet

from nlu_components.live import is_live, may_answer_the_bot
from tests.nlu_components.test_check_in import CHECK_IN, Dialogue, dialogue, in_a_form
from tests.nlu_components.test_policy import HELP_AND_RECORD, said

__all__ = ["dialogue"]  # a fixture, trained once for this file

INTENTS = (
    *("faq", "greet", "human_handoff", "stop", "skip", "nlu_fallback", "im_safe"),
    *("start_screening", "change_answer", "download_data", "restart", "session_start", None),
)
ANSWER = "questionnaire_answer"


@pytest.mark.parametrize("metadata", [None, {}, {"live": False}, {"live": "true"}, {"key": "x"}])
def test_a_message_is_for_the_bot_unless_the_web_says_otherwise(metadata: Any) -> None:
    assert not is_live(metadata)


@pytest.mark.parametrize("intent", INTENTS)
def test_whatever_is_said_to_a_person_the_bot_is_silent(
    dialogue: Dialogue, intent: str | None
) -> None:
    assert dialogue.answer(dialogue.start(), said(intent, live=True)) == []


@pytest.mark.parametrize("intent", INTENTS)
def test_in_a_form_it_is_silent_and_no_answer(dialogue: Dialogue, intent: str | None) -> None:
    conversation = in_a_form(dialogue)

    # Rasa puts every text into the open slot, before it asks any policy.
    done = dialogue.answer(conversation, said(intent, live=True), SlotSet(ANSWER, "my secret"))

    assert done == []
    assert conversation.get_slot(ANSWER) is None
    assert conversation.get_slot("requested_slot") == ANSWER
    assert conversation.active_loop_name == "questionnaire_form"


def test_words_of_crisis_bring_help_and_the_form_stays_as_it_is(dialogue: Dialogue) -> None:
    conversation = in_a_form(dialogue)

    done = dialogue.answer(conversation, said("crisis", category="overdose", live=True))

    assert done == HELP_AND_RECORD
    assert conversation.get_slot("crisis_reply") == "overdose.en"
    assert conversation.active_loop_name == "questionnaire_form"


@pytest.mark.parametrize("intent", ["faq", "nlu_fallback", "goodbye"])
@pytest.mark.parametrize("form", [True, False])
def test_a_hint_is_recorded_and_nothing_is_said(
    dialogue: Dialogue, intent: str, form: bool
) -> None:
    conversation = in_a_form(dialogue) if form else dialogue.start()

    done = dialogue.answer(conversation, said(intent, outcome="soft", live=True))

    assert done == ["action_record_crisis"]


def test_even_a_question_beside_words_of_crisis_is_left_to_the_person(dialogue: Dialogue) -> None:
    cry = said("crisis", topic="faq/crisis_use", live=True)

    assert dialogue.answer(dialogue.start(), cry) == HELP_AND_RECORD


def test_after_it_the_next_message_is_answered_as_ever(dialogue: Dialogue) -> None:
    conversation = dialogue.start()
    dialogue.answer(conversation, said("faq", live=True))

    assert dialogue.answer(conversation, said("faq")) == ["action_answer"]


def test_after_it_an_open_form_goes_on(dialogue: Dialogue) -> None:
    conversation = in_a_form(dialogue)
    for message in (said("faq", live=True), said("crisis", live=True), said("stop", live=True)):
        dialogue.answer(conversation, message)

    assert dialogue.answer(conversation, said("nlu_fallback")) == ["questionnaire_form"]


@pytest.mark.parametrize(
    ("metadata", "may"),
    [
        (None, True),
        ({"key": "x"}, True),
        ({"answers": "staff"}, False),
        ({"live": True}, False),
        ({"live": True, "answers": "bot"}, True),
        ({"live": True, "answers": "staff"}, False),
    ],
)
def test_whom_a_message_answers_is_whoever_spoke_last(metadata: Any, may: bool) -> None:
    assert may_answer_the_bot(metadata) is may


@pytest.mark.parametrize("intent", ["thank", "nlu_fallback", "goodbye"])
@pytest.mark.parametrize("form", [True, False])
def test_what_is_no_all_clear_after_the_bots_help_brings_it_again(
    dialogue: Dialogue, intent: str, form: bool
) -> None:
    conversation = in_a_form(dialogue) if form else dialogue.start()
    dialogue.answer(conversation, said("crisis", category="overdose", live=True, answers="staff"))

    done = dialogue.answer(conversation, said(intent, live=True, answers="bot"))

    assert done == HELP_AND_RECORD
    assert conversation.get_slot("crisis_reply") == "overdose.en.again"
    assert conversation.active_loop_name == ("questionnaire_form" if form else None)


@pytest.mark.parametrize("form", [True, False])
def test_who_is_safe_hears_it_from_the_bot_that_asked_and_no_question_of_the_form(
    dialogue: Dialogue, form: bool
) -> None:
    conversation = in_a_form(dialogue) if form else dialogue.start()
    dialogue.answer(conversation, said("crisis", live=True))

    done = dialogue.answer(conversation, said("im_safe", live=True, answers="bot"))

    assert done == ["utter_glad_safe"]


def test_what_the_bot_was_silent_to_leaves_its_question_open(dialogue: Dialogue) -> None:
    conversation = dialogue.start()
    dialogue.answer(conversation, said("crisis", live=True))
    for _ in range(5):
        assert dialogue.answer(conversation, said("faq", live=True, answers="bot")) == []

    done = dialogue.answer(conversation, said("nlu_fallback", live=True, answers="bot"))

    assert done == HELP_AND_RECORD


def test_help_that_nobody_answered_can_still_be_answered_after_the_person_left(
    dialogue: Dialogue,
) -> None:
    conversation = dialogue.start()
    dialogue.answer(conversation, said("crisis", live=True))

    assert dialogue.answer(conversation, said("nlu_fallback")) == HELP_AND_RECORD


def test_once_staff_wrote_nobody_answers_the_bot_any_more(dialogue: Dialogue) -> None:
    conversation = dialogue.start()
    dialogue.answer(conversation, said("crisis", live=True))
    dialogue.answer(conversation, said("nlu_fallback", live=True, answers="staff"))

    for answers in ("bot", "staff"):
        message = said("nlu_fallback", live=True, answers=answers)
        assert dialogue.answer(conversation, message) == []


def test_an_order_to_erase_is_carried_out(dialogue: Dialogue) -> None:
    done = dialogue.answer(dialogue.start(), said("delete_data", live=True, answers="staff"))

    assert done == ["action_delete_data"]


@pytest.mark.parametrize("intent", ["thank", "nlu_fallback", "goodbye"])
def test_who_answers_staff_after_the_person_left_answers_no_help_of_the_bots(
    dialogue: Dialogue, intent: str
) -> None:
    conversation = dialogue.start()
    dialogue.answer(conversation, said("crisis", live=True))

    done = dialogue.answer(conversation, said(intent, answers="staff"))

    assert "utter_crisis" not in done
    assert "utter_check_in" not in done


def test_who_is_safe_and_says_so_to_a_person_gets_no_word_from_the_bot(dialogue: Dialogue) -> None:
    conversation = dialogue.start()
    dialogue.answer(conversation, said("faq", outcome="soft", category="suicide"))

    assert dialogue.answer(conversation, said("im_safe", live=True)) == []


def test_a_check_in_is_still_due_once_the_bot_answers_again(dialogue: Dialogue) -> None:
    conversation = dialogue.start()
    dialogue.answer(conversation, said("faq", outcome="soft", live=True))

    done = dialogue.answer(conversation, said("faq", outcome="soft"))

    assert done == ["action_answer", *CHECK_IN]
