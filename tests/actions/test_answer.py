"""Every topic that was asked for is answered; each time that it is asked again in other words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.answer import CALL_ME_BACK, OTHERS, Answer, in_short, points_first
from actions.topics import topic
from clinic.facts import facts
from tests.actions.builders import DOMAIN, TOPICS, Conversation, Ran, tracker

SEVERAL_PARTS = [slug for slug, (_, text) in TOPICS.items() if "\n\n" in text]


def asked_times(times: int, slug: str) -> list[Ran]:
    """What became of a topic that was asked for so often in one conversation."""
    talk = Conversation()
    return [talk.turn(Answer(), "tell me", intent=f"faq/{slug}") for _ in range(times)]


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
    first = topic(DOMAIN, "cost").payload

    for again in asked_times(3, "cost")[1:]:
        (payload,) = again.payloads
        assert {**payload, "suggestions": None} == {**first, "suggestions": None}


def test_an_answer_in_other_words_offers_neighbours_and_a_call_back() -> None:
    near = ["cost", "insurance", "payment_plans", "side_effects"]
    talk = Conversation()
    talk.turn(Answer(), "how much is it", intent="faq/cost", nearest=near)

    again = talk.turn(Answer(), "what is the price", intent="faq/cost", nearest=near)

    assert OTHERS == 2
    assert again.suggestions == ["Does insurance pay?", "Can I pay in parts?", CALL_ME_BACK]


def test_the_second_time_the_points_come_first_and_nothing_is_left_out() -> None:
    _, again = asked_times(2, "hopeless")

    heart, *points = TOPICS["hopeless"][1].strip().split("\n\n")
    places = [again.words.index(part) for part in [*points, heart]]
    assert places == sorted(places)
    assert again.words.endswith(f"In short: {heart}")


def test_the_third_time_is_in_short_and_offers_a_person() -> None:
    *_, short = asked_times(3, "hopeless")

    assert "You are not alone with this." in short.words
    assert "Many feel so." not in short.words
    assert "Talk to a friend" not in short.words
    assert "our staff" in short.words
    assert short.suggestions == [CALL_ME_BACK]


@pytest.mark.parametrize("time", [2, 3, 4])
def test_an_answer_in_other_words_never_leaves_out_a_help_line(time: int) -> None:
    again = asked_times(time, "hopeless")[-1]

    assert "- Call or text 988 at any time." in again.words
    assert "- In danger, call 911." in again.words


@pytest.mark.parametrize(
    ("country", "line", "is_kept"),
    [
        ("GB", "- Call 999 in danger.", True),
        ("GB", "- Samaritans are on 116 123.", True),
        ("GB", "- In the US, call 988, or 911.", True),
        ("AU", "- Call 000, day and night.", True),
        ("AU", "- It costs $1,000.", False),
    ],
)
def test_a_line_with_a_number_of_the_clinics_country_is_never_left_out(
    monkeypatch: pytest.MonkeyPatch, country: str, line: str, is_kept: bool
) -> None:
    there = facts().model_copy(update={"country": country})
    monkeypatch.setattr("clinic.help_lines.facts", lambda: there)
    found = replace(topic(DOMAIN, "hopeless"), text=f"You are not alone.\n\n{line}")

    assert (line in in_short(found)) == is_kept


@pytest.mark.parametrize("slug", SEVERAL_PARTS)
def test_the_first_three_times_are_never_in_the_same_words(slug: str) -> None:
    first, second, third = asked_times(3, slug)

    assert first.replies == [f"utter_faq/{slug}"]
    assert second.replies == third.replies == []
    assert len({topic(DOMAIN, slug).text.strip(), second.words, third.words}) == 3


def test_an_answer_of_one_part_has_no_points_to_begin_with() -> None:
    _, again = asked_times(2, "payment_plans")

    assert again.words == in_short(topic(DOMAIN, "payment_plans"))
    assert again.words.count("Yes, in three parts.") == 1


def test_each_topic_is_counted_alone() -> None:
    talk = Conversation()
    for _ in range(2):
        talk.turn(Answer(), "how much", intent="faq/cost")
    talk.turn(Answer(), "insurance?", intent="faq/insurance")

    both = talk.turn(Answer(), "price, insurance?", questions=["cost", "insurance"])

    short, turned = (message["text"] for message in both.messages)
    assert short == in_short(topic(DOMAIN, "cost"))
    assert turned == points_first(topic(DOMAIN, "insurance"))


def test_of_two_topics_only_the_new_one_is_answered_at_length() -> None:
    talk = Conversation()
    talk.turn(Answer(), "how much is it", intent="faq/cost")

    both = talk.turn(Answer(), "price, insurance?", questions=["cost", "insurance"])

    assert both.messages[0]["custom"]["topic"] == "cost"
    assert both.messages[1]["response"] == "utter_faq/insurance"


@pytest.mark.parametrize("time", [3, 4, 5])
def test_however_often_it_is_asked_it_is_answered(time: int) -> None:
    assert "A session costs $400." in asked_times(time, "cost")[-1].words


def test_the_heart_of_every_topic_is_in_each_of_its_answers() -> None:
    for slug, (_, text) in TOPICS.items():
        heart = text.split("\n\n")[0].strip()
        assert heart in points_first(topic(DOMAIN, slug))
        assert heart in in_short(topic(DOMAIN, slug))


def test_saying_it_again_leaves_the_approved_answer_as_it_was() -> None:
    talk = Conversation()
    talk.turn(Answer(), "how much", intent="faq/cost", nearest=["insurance"])
    talk.turn(Answer(), "the price", intent="faq/cost", nearest=["insurance"])

    assert "suggestions" not in topic(DOMAIN, "cost").payload
