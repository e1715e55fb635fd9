"""Every topic that was asked for is answered; the second time in other words."""

from __future__ import annotations

from actions.answer import CALL_ME_BACK, OTHERS, Answer, shorter
from actions.topics import topic
from tests.actions.builders import DOMAIN, TOPICS, Conversation, Ran, tracker


def test_a_topic_gets_its_approved_answer() -> None:
    ran = Ran(Answer(), tracker("how much is it", intent="faq/cost", nearest=["cost"]))

    assert ran.replies == ["utter_faq/cost"]
    assert len(ran.messages) == 1
    assert ran.events == []


def test_two_topics_get_two_answers_in_the_order_of_the_message() -> None:
    both = tracker(
        "is it covered, and what does it cost",
        intent="faq/insurance",
        nearest=["insurance", "cost"],
        questions=["insurance", "cost"],
    )

    assert Ran(Answer(), both).replies == ["utter_faq/insurance", "utter_faq/cost"]


def test_what_was_answered_before_is_answered_in_other_words() -> None:
    talk = Conversation()
    talk.turn(Answer(), "how much is it", intent="faq/cost", nearest=["cost"])

    again = talk.turn(Answer(), "what is the price", intent="faq/cost", nearest=["cost"])

    assert again.replies == []
    assert "A session costs $400." in again.words
    assert again.words.strip() != TOPICS["cost"][1].strip()


def test_an_answer_in_other_words_keeps_title_sources_and_review() -> None:
    talk = Conversation()
    talk.turn(Answer(), "how much is it", intent="faq/cost")

    (payload,) = talk.turn(Answer(), "what is the price", intent="faq/cost").payloads

    first = topic(DOMAIN, "cost").payload
    assert {**payload, "suggestions": None} == {**first, "suggestions": None}


def test_an_answer_in_other_words_offers_neighbours_and_a_call_back() -> None:
    near = ["cost", "insurance", "payment_plans", "side_effects"]
    talk = Conversation()
    talk.turn(Answer(), "how much is it", intent="faq/cost", nearest=near)

    again = talk.turn(Answer(), "what is the price", intent="faq/cost", nearest=near)

    assert OTHERS == 2
    assert again.suggestions == ["Does insurance pay?", "Can I pay in parts?", CALL_ME_BACK]


def test_an_answer_in_other_words_never_leaves_out_a_help_line() -> None:
    talk = Conversation()
    talk.turn(Answer(), "no hope", intent="faq/hopeless")

    again = talk.turn(Answer(), "what if there is no hope", intent="faq/hopeless")

    assert "You are not alone with this." in again.words
    assert "- Call or text 988 at any time." in again.words
    assert "- In danger, call 911." in again.words
    assert "Talk to a friend" not in again.words


def test_of_two_topics_only_the_new_one_is_answered_at_length() -> None:
    talk = Conversation()
    talk.turn(Answer(), "how much is it", intent="faq/cost")

    both = talk.turn(Answer(), "price, insurance?", questions=["cost", "insurance"])

    assert both.messages[0]["custom"]["topic"] == "cost"
    assert both.messages[1]["response"] == "utter_faq/insurance"


def test_a_third_time_is_answered_too() -> None:
    talk = Conversation()
    for words in ("how much", "the price", "what does it cost"):
        ran = talk.turn(Answer(), words, intent="faq/cost")

    assert "A session costs $400." in ran.words


def test_the_short_answer_of_every_topic_begins_with_its_heart() -> None:
    for slug, (_, text) in TOPICS.items():
        assert text.split("\n\n")[0].strip() in shorter(topic(DOMAIN, slug))


def test_saying_it_again_leaves_the_approved_answer_as_it_was() -> None:
    talk = Conversation()
    talk.turn(Answer(), "how much", intent="faq/cost", nearest=["insurance"])
    talk.turn(Answer(), "the price", intent="faq/cost", nearest=["insurance"])

    assert "suggestions" not in topic(DOMAIN, "cost").payload
