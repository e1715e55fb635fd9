"""From our own files Rasa gets a reply and examples for every topic, and the crisis replies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT

from nlu_components.importer import FrontDeskImporter
from nlu_components.topics import TopicError
from tests.nlu_components.conftest import HOME
from tests.nlu_components.test_topics import entry, write

FACTS = "phone: 202-555-0143\nprices:\nhours: 9 to 5\n"


def importer(folder: Path, *topics: dict[str, Any], facts: str = FACTS) -> FrontDeskImporter:
    (folder / "faq").mkdir()
    write(folder / "faq", *topics)
    (folder / "clinic.yml").write_text(facts, "utf-8")
    domain = folder / "domain.yml"
    domain.write_text('version: "3.1"\nintents:\n- faq\n- book_appointment\n', "utf-8")
    return FrontDeskImporter(
        domain_path=str(domain),
        training_data_paths=[],
        topics=str(folder / "faq"),
        crisis=str(HOME / "crisis"),
        clinic=str(folder / "clinic.yml"),
    )


def reply(made: FrontDeskImporter, name: str) -> dict[str, Any]:
    (variation,) = made.get_domain().responses[name]
    return dict(variation)


def test_a_topic_becomes_a_reply_with_its_sources_and_review_date(tmp_path: Path) -> None:
    made = importer(tmp_path, entry(answer="We answer {clinic.hours}."))

    said = reply(made, "utter_faq/cost")

    assert said["text"] == "We answer 9 to 5."
    assert said["custom"] == {
        "type": "answer",
        "topic": "cost",
        "title": "What it costs",
        "sources": [{"title": "A page", "url": "https://example.org/page"}],
        "reviewed": "2026-11-22",
    }


def test_title_and_every_question_become_examples_with_the_full_label(tmp_path: Path) -> None:
    made = importer(tmp_path, entry(questions=["how much", "price"]))

    examples = made.get_nlu_data().training_examples

    assert [(e.get(TEXT), e.get(INTENT), e.get(INTENT_RESPONSE_KEY)) for e in examples] == [
        ("What it costs", "faq", "faq/cost"),
        ("how much", "faq", "faq/cost"),
        ("price", "faq", "faq/cost"),
    ]


def test_a_topic_that_does_more_is_an_intent_of_its_own(tmp_path: Path) -> None:
    made = importer(tmp_path, entry("book_appointment"))

    examples = made.get_nlu_data().training_examples

    assert [example.get(TEXT) for example in examples] == [
        "About book_appointment",
        "tell me about book_appointment",
    ]
    for example in examples:
        assert (example.get(INTENT), example.get(INTENT_RESPONSE_KEY)) == ("book_appointment", None)
    assert reply(made, "utter_book_appointment")["text"] == "It depends."


def test_without_its_fact_a_topic_says_so_and_offers_a_call(tmp_path: Path) -> None:
    without = "I do not know. Call {clinic.phone}."
    made = importer(tmp_path, entry(answer="It is {clinic.prices}.", answer_without=without))

    said = reply(made, "utter_faq/cost")

    assert said["text"] == "I do not know. Call 202-555-0143."
    assert said["custom"]["suggestions"] == ["Call me back"]


@pytest.mark.parametrize("without", [None, "Ask us about {clinic.prices}."])
def test_a_missing_fact_that_nothing_stands_in_for_stops_the_training(
    tmp_path: Path, without: str | None
) -> None:
    made = importer(tmp_path, entry(answer="It is {clinic.prices}.", answer_without=without))

    with pytest.raises(TopicError, match="topic cost: a fact it needs is empty"):
        made.get_domain()


def test_every_kind_of_crisis_has_its_words_and_one_reply_fits_always(tmp_path: Path) -> None:
    variations = importer(tmp_path, entry()).get_domain().responses["utter_crisis"]

    unconditional = [variation for variation in variations if "condition" not in variation]
    assert len(unconditional) == 1
    for variation in variations:
        assert "988" in variation["text"]
        assert "911" in variation["text"]
        assert variation["custom"]["type"] == "crisis"
    for variation in variations[1:]:
        (condition,) = variation["condition"]
        assert condition["value"] == variation["custom"]["category"]
