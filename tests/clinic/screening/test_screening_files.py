"""The hand-written files: what stands in them is complete, kind, explained and plain FHIR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from fhir.resources.R4B.questionnaire import Questionnaire as FhirQuestionnaire

from clinic.first_line import CATEGORIES
from clinic.questionnaires import FOLDER
from clinic.screening.contact_within import KEY as CONTACT_WITHIN
from clinic.screening.engine import next_question, receive
from clinic.screening.form import Form
from clinic.screening.item_file import OWN_WORDS, READS
from clinic.screening.items import Item
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire, load_questionnaire
from clinic.screening.response import questionnaire_response

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
FILES = ("questionnaire.yml", "callback.yml")
STOPS = (
    "stops_brain", "stroke_ic_pressure", "psychosis", "mania", "stops_body", "heart", "bladder",
    "liver", "thyroid", "glaucoma_eye", "bp_status", "pregnancy", "substance_use",
)  # fmt: skip
README = (FOLDER / "README.md").read_text(encoding="utf-8")
OTHER_WORDS = (
    *(reads for known in READS.values() for reads in known if reads),
    *("answer", "is", "at_least", "below", "not_below", "points_at_least", "missing"),
    *("not_served", "before", "since", "within_days"),
    *("score", "medicine", "all", "any", "not", "always"),
    *("urgency", "label", "text", "ends", "stores", "alarm", "when", "reason", "{said}"),
    *("ask", "about", "items", "bands", "from", "panel", "attribution"),
)
REQUIRED = {
    "questionnaire.yml": [
        "consent", "emergency_now", "for_whom", "age", "state", "name", "contact_method", "phone",
        "email",
    ],
    "callback.yml": ["consent", "adult", "name", "contact_method", "phone", "email"],
}  # fmt: skip


def content(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def items_in(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from items_in(item.get("item", []))


def question(questionnaire: Questionnaire, link_id: str) -> Item:
    item = questionnaire.item(link_id)
    assert item is not None
    return item


# --- What stands in the files ---------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_every_question_says_why_and_has_its_label(name: str) -> None:
    for asked in load_questionnaire(FOLDER / name).questions:
        assert asked.item.why, asked.item.link_id
        assert asked.item.short, asked.item.link_id


@pytest.mark.parametrize("name", FILES)
def test_what_cannot_be_skipped_is_little(name: str) -> None:
    questions = load_questionnaire(FOLDER / name).questions

    assert [one.item.link_id for one in questions if one.item.required] == REQUIRED[name]


@pytest.mark.parametrize("name", FILES)
def test_without_our_own_words_the_file_is_a_valid_fhir_questionnaire(name: str) -> None:
    FhirQuestionnaire.model_validate(without_own_words(content(name)))


def without_own_words(written: object) -> object:
    if isinstance(written, dict):
        ours = (*OWN_WORDS, CONTACT_WITHIN)
        return {k: without_own_words(v) for k, v in written.items() if k not in ours}
    if isinstance(written, list):
        return [without_own_words(entry) for entry in written]
    return written


@pytest.mark.parametrize("name", FILES)
def test_the_files_keep_those_rules_of_fhir_that_its_types_do_not_check(name: str) -> None:
    items = list(items_in(content(name)["item"]))
    names = [item["linkId"] for item in items]

    assert [link_id for link_id in names if names.count(link_id) > 1] == []
    for item in items:
        assert len(item.get("enableWhen", [])) < 2 or "enableBehavior" in item, item["linkId"]
        assert (item["type"] == "group") == ("item" in item), item["linkId"]
        assert "maxLength" not in item or item["type"] in ("string", "open-choice"), item["linkId"]


@pytest.mark.parametrize("name", FILES)
def test_questions_wait_only_for_options_that_can_be_chosen(name: str) -> None:
    questionnaire = load_questionnaire(FOLDER / name)

    for asked in questionnaire.questions:
        for condition in (one for when in asked.enable_when for one in when.conditions):
            options = [
                option.value for option in question(questionnaire, condition.question).options
            ]
            if isinstance(condition.answer, str):
                assert condition.answer in options, asked.item.link_id


@pytest.mark.parametrize("name", FILES)
def test_a_new_text_of_the_consent_has_its_version(name: str) -> None:
    consent = load_questionnaire(FOLDER / name).consent

    assert consent is not None
    assert consent.link_id == "consent"
    assert consent.explicit
    assert [option.code for option in consent.options] == ["yes", "no"]


@pytest.mark.parametrize("link_id", STOPS)
def test_every_safety_stop_can_be_answered_with_not_sure_or_skipped(
    questionnaire: Questionnaire, link_id: str
) -> None:
    item = question(questionnaire, link_id)

    assert not item.required
    assert {option.code for option in item.options} & {"unsure", "unknown", "possible"}


@pytest.mark.parametrize("name", FILES)
def test_options_do_not_sound_like_an_emergency(name: str) -> None:
    """Every message is first looked at for words of crisis, a tapped option too."""
    alarming = ("chest pain", "kill", "suicid", "die", "hurt", "harm", "overdos", "breathe", "dead")

    for asked in load_questionnaire(FOLDER / name).questions:
        labels = [option.label for option in asked.item.options]
        for label in (*labels, f"Change: {asked.item.short}"):
            assert not [word for word in alarming if word in label.casefold()], label


@pytest.mark.parametrize(
    ("whole", "unsure"),
    [("stops_brain", "stops_brain_unsure"), ("stops_body", "stops_body_unsure")],
)
def test_who_is_unsure_is_asked_about_the_same_points(
    questionnaire: Questionnaire, whole: str, unsure: str
) -> None:
    points = [option.code for option in question(questionnaire, whole).options]

    assert [option.code for option in question(questionnaire, unsure).options] == [
        code for code in points if code not in ("none", "unsure")
    ]


@pytest.mark.parametrize(
    ("link_id", "least", "most"),
    [
        ("age", 0, 120),
        ("antidepressant_trials", 0, 30),
        ("bp_systolic", 60, 260),
        ("bp_diastolic", 30, 160),
    ],
)
def test_numbers_have_their_range(
    questionnaire: Questionnaire, link_id: str, least: int, most: int
) -> None:
    item = question(questionnaire, link_id)

    assert (item.min_value, item.max_value) == (least, most)


def test_what_reads_a_time_knows_from_when_on_each_option_fits(form: Form) -> None:
    options = question(form.questionnaire, "duration").options
    days = [option.at_least_days for option in options if option.code != "unsure"]

    assert days == [0, 14, 60, 365]


def test_help_lines_before_questions_are_of_a_kind_that_there_is(form: Form) -> None:
    kinds = {asked.help for asked in form.questionnaire.questions if asked.help}

    assert kinds == {"suicide"}
    assert kinds <= set(CATEGORIES)


@pytest.mark.parametrize("word", [*OWN_WORDS, CONTACT_WITHIN])
def test_every_word_of_ours_in_a_questionnaire_is_explained(word: str) -> None:
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("|")]

    assert [row for row in rows if f"`{word}`" in row], f"explain {word} in screening/README.md"


@pytest.mark.parametrize("word", OTHER_WORDS)
def test_every_other_word_is_named(word: str) -> None:
    in_code = " ".join(README.split("`")[1::2])

    assert word in re.findall(r"\{said}|\w+", in_code), f"explain {word} in screening/README.md"


@pytest.mark.parametrize("name", [path.name for path in sorted(FOLDER.glob("*.yml"))])
def test_every_file_is_named_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


# --- All kinds of items ---------------------------------------------------------------------------


REST = """\
resourceType: Questionnaire
id: small
url: https://clinic.example/fhir/Questionnaire/small
name: Small
version: "1"
title: A small one
status: draft
item:
  - {linkId: hello, type: display, text: Hello.}
  - linkId: weeks
    type: group
    short: Rest
    help: suicide
    text: This is about rest.
    stem: Over the last 2 weeks
    item:
      - {linkId: rested, type: boolean, text: "Rested?", why: To know., short: Rested}
      - linkId: hours
        type: integer
        reads: number
        text: How many hours?
        why: To know.
        short: Hours
        enableWhen: [{question: rested, operator: "=", answerBoolean: true}]
"""


def test_groups_displays_and_yes_or_no_items_are_carried_too(tmp_path: Path) -> None:
    written = tmp_path / "rest.yml"
    written.write_text(REST, encoding="utf-8")
    form = Form(load_questionnaire(written))
    start = Progress.start(form.questionnaire)

    first = next_question(form, start)
    rested = receive(form, start, "yep", lenient=True).progress
    second = next_question(form, rested)
    tired = receive(form, start, "No", lenient=False).progress
    third = next_question(form, tired)
    response = questionnaire_response(form, rested, NOON)

    assert first is not None
    assert first.text == "Hello.\n\nThis is about rest.\n\nOver the last 2 weeks\n\nRested?"
    assert first.options == ("Yes", "No")
    assert (first.section, first.help) == ("Rest", "suicide")
    assert rested.value("rested") is True
    assert second is not None
    assert second.text == "Over the last 2 weeks\n\nHow many hours?"
    assert (second.link_id, second.section, second.help) == ("hours", "Rest", None)
    assert third is not None
    assert third.link_id == "review"
    assert response["item"] == [
        {
            "linkId": "weeks",
            "text": "This is about rest.",
            "item": [{"linkId": "rested", "text": "Rested?", "answer": [{"valueBoolean": True}]}],
        }
    ]
