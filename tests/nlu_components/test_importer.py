"""From our own files Rasa gets a reply and examples for every topic, and the crisis replies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT

from nlu_components.crisis.hotlines import UnknownCountry
from nlu_components.importer import FrontDeskImporter
from nlu_components.topics import TopicError
from tests.nlu_components.conftest import HOME
from tests.nlu_components.test_topics import entry, write

FACTS = "phone: 202-555-0143\nprices:\nhours: 9 to 5\ncountry: US\n"


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


REPLIES = ("utter_crisis", "utter_check_in", "utter_glad_safe")


def variations(made: FrontDeskImporter, name: str) -> dict[str, dict[str, Any]]:
    """By the slot that picks them; the one that always fits under an empty text."""
    by_slot = {}
    for variation in made.get_domain().responses[name]:
        (condition,) = variation.get("condition") or [{"name": "crisis_reply", "value": ""}]
        assert condition["name"] == "crisis_reply"
        by_slot[condition["value"]] = dict(variation)
    return by_slot


@pytest.mark.parametrize("name", REPLIES)
def test_every_reply_about_danger_has_its_words_and_one_fits_always(
    tmp_path: Path, name: str
) -> None:
    found = variations(importer(tmp_path, entry()), name)

    assert {"", "suicide.en", "suicide.es", "unclear.en", "third_person.es"} <= set(found)
    assert found[""]["text"] == found["unclear.en"]["text"]
    assert all("988" in variation["text"] for variation in found.values())
    assert ("suicide.es.again" in found) == (name != "utter_glad_safe")


def test_a_crisis_reply_carries_its_help_lines_and_its_language(tmp_path: Path) -> None:
    found = variations(importer(tmp_path, entry()), "utter_crisis")

    for key, variation in found.items():
        assert "911" in variation["text"]
        payload = variation["custom"]
        assert payload["type"] == "crisis"
        assert payload["resources"][0]["call"] == "911"
        if key:
            assert key.removesuffix(".again") == f"{payload['category']}.{payload['language']}"
    assert found["suicide.en"]["custom"]["suggestions"] == [
        "I'm safe, back to my question",
        "Call me back",
    ]
    assert found["suicide.es"]["custom"]["suggestions"] == ["Estoy a salvo, volver a mi pregunta"]


def test_a_check_in_offers_two_lines_and_two_answers(tmp_path: Path) -> None:
    payload = variations(importer(tmp_path, entry()), "utter_check_in")["suicide.es"]["custom"]

    assert payload["type"] == "check_in"
    assert payload["category"] == "suicide"
    assert payload["language"] == "es"
    assert [line["call"] for line in payload["resources"]] == ["911", "988 y luego oprime 2"]
    assert payload["suggestions"] == ["Sí", "No, estoy a salvo"]


def test_every_payload_about_danger_follows_the_schema(tmp_path: Path) -> None:
    schema = json.loads((HOME / "web" / "bot_message.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    made = importer(tmp_path, entry())

    for name in REPLIES:
        for variation in made.get_domain().responses[name]:
            if "custom" in variation:
                assert list(validator.iter_errors(variation["custom"])) == []


def test_the_clinics_phone_and_hours_are_in_the_answer(tmp_path: Path) -> None:
    found = variations(importer(tmp_path, entry()), "utter_crisis")

    assert "staff answer at 202-555-0143 (9 to 5)." in found["suicide.en"]["text"]


def test_the_help_lines_are_those_of_the_clinics_country(tmp_path: Path) -> None:
    british = FACTS.replace("country: US", "country: UK")

    found = variations(importer(tmp_path, entry(), facts=british), "utter_crisis")

    assert "call 999" in found["suicide.en"]["text"]
    assert "116 123" in found["suicide.en"]["text"]
    assert "988" not in found["suicide.en"]["text"]


def test_a_country_without_help_lines_stops_the_training(tmp_path: Path) -> None:
    with pytest.raises(UnknownCountry, match="Narnia"):
        importer(tmp_path, entry(), facts=FACTS.replace("country: US", "country: Narnia"))
