"""What visitors read, they can read: US grade 8 on average, and no text far above it.

`.venvs/app/bin/python -m pytest -s tests/house_rules/test_reading_level.py` shows the grades.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
import yaml

from nlu_components.clinic_facts import fill_in
from nlu_components.crisis.answers import load_answers
from nlu_components.topics import load_topics
from tests.reading_level import grade, hardest_sentence, words

HOUSE = Path(__file__).parents[2]

ON_AVERAGE = 8.0
AT_MOST = 10.0

# The grade is that of a passage. Of a button or a title of a few words it says nothing.
SHORTEST_PASSAGE = 8

# A clinic that has written down every fact, so that a clinic's own words are not judged here.
CLINIC = {
    "name": "Example Ketamine Clinic",
    "phone": "+1 202-555-0143",
    "address": "100 Example Street, Suite 2, Springfield",
    "hours": "Monday to Friday, 9 am to 5 pm",
    "booking": "New visits are booked by phone, usually within two weeks.",
    "states_served": "Oregon and Washington",
    "routes_offered": "We give ketamine by IV drip, and Spravato nasal spray.",
    "prices": "An IV session is $400; the first visit is $200.",
    "insurance": "We bill most plans for Spravato. IV sessions are self-pay.",
    "payment_plans": "You can pay in parts.",
    "ride_policy": "An adult you know has to take you home.",
    "privacy_policy": "https://www.example.com/privacy",
    "retention_days": "365",
}

# The words of these two forms are their authors', and count only as they stand.
OTHERS_WORDS = re.compile(r"(?:phq9|gad7)_(?:\d|difficulty)")

Texts = dict[str, str]


def read(path: str) -> Any:
    return yaml.safe_load((HOUSE / path).read_text("utf-8"))


def answers() -> Texts:
    topics = load_topics(HOUSE / "data" / "faq")
    return {topic.slug: fill_in(topic.answer, CLINIC) for topic in topics}


def answers_without_a_fact() -> Texts:
    topics = load_topics(HOUSE / "data" / "faq")
    without = {topic.slug: topic.answer_without for topic in topics}
    return {slug: fill_in(text, CLINIC) for slug, text in without.items() if text}


def crisis_answers() -> Texts:
    told = load_answers(HOUSE / "crisis", "US", phone=CLINIC["phone"], hours=CLINIC["hours"])
    groups = {"": told.crisis, ", a hint": told.check_in, ", safe again": told.glad_safe}
    return {
        reply.key + kind: reply.text
        for kind, replies in groups.items()
        for reply in replies
        if reply.language == "en"
    }


def notes_on_help_lines() -> Texts:
    lines = read("crisis/hotlines.yml")
    return {line["id"]: line["note"]["en"] for line in lines if "en" in line["note"]}


def items(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        yield entry
        yield from items(entry.get("item", []))


def questionnaire(*keys: str) -> Texts:
    """What these keys say at each item of both questionnaires."""
    return {
        f"{name}, {item['linkId']}": "\n".join(item[key] for key in keys if key in item)
        for name in ("questionnaire", "callback")
        for item in items(read(f"screening/{name}.yml")["item"])
        if not ("text" in keys and OTHERS_WORDS.fullmatch(item["linkId"]))
    }


def consents() -> Texts:
    return {name: text for name, text in questionnaire("text").items() if "consent" in name}


def outcomes() -> Texts:
    """Each with each of its reasons; `{said}` is what the visitor chose or wrote."""
    triage = read("screening/triage.yml")
    return {
        f"{rule['code']}, {rule['id']}": triage["outcomes"][rule["code"]]["text"].replace(
            "{reasons}", rule["reason"].replace("{said}", "it")
        )
        for rule in triage["rules"]
    }


def contradictions() -> Texts:
    return {c["id"]: c["ask"] for c in read("screening/contradictions.yml")["contradictions"]}


def other_replies() -> Texts:
    return {
        f"{name}, {number}": reply["text"]
        for name, replies in read("domain.yml")["responses"].items()
        for number, reply in enumerate(replies, 1)
    }


def leaves(content: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(content, str):
        yield name, content
    pairs = content.items() if isinstance(content, dict) else ()
    for key, value in [*pairs, *(enumerate(content) if isinstance(content, list) else ())]:
        yield from leaves(value, f"{name} {key}".strip())


def chat() -> Texts:
    texts = leaves(read("web/widget/texts/en.yml"), "")
    return {name: re.sub(r"\{\w+\}", "it", text) for name, text in texts}


KINDS = {
    "answers": answers,
    "answers without a fact of the clinic": answers_without_a_fact,
    "crisis answers": crisis_answers,
    "notes on help lines": notes_on_help_lines,
    "consent": consents,
    "questions": lambda: questionnaire("stem", "text"),
    "why we ask": lambda: questionnaire("why"),
    "outcomes": outcomes,
    "answers that do not fit together": contradictions,
    "other replies of the bot": other_replies,
    "the chat itself": chat,
}
for_every_kind = pytest.mark.parametrize("kind", KINDS)


@lru_cache
def passages(kind: str) -> list[tuple[float, str, str]]:
    """Grade, name and text of each passage, the hardest first."""
    return sorted(
        (
            (grade(text), name, text)
            for name, text in KINDS[kind]().items()
            if len(words(text)) >= SHORTEST_PASSAGE
        ),
        reverse=True,
    )


def average(kind: str) -> float:
    return mean(grade for grade, _, _ in passages(kind))


def hardest(kind: str, count: int = 10) -> str:
    """What to shorten first: the hardest texts, each with its hardest sentence."""
    lines = (
        f"{grade:5.1f}  {name}: {hardest_sentence(text)}" for grade, name, text in passages(kind)
    )
    return "\n".join([f"{kind}: {average(kind):.1f} on average; shorten", *lines][: count + 1])


@for_every_kind
def test_on_average_an_eighth_grader_reads_it_with_ease(kind: str) -> None:
    worst, name, _ = passages(kind)[0]
    print(f"| {kind} | {len(passages(kind))} | {average(kind):.1f} | {worst:.1f} ({name}) |")

    assert average(kind) <= ON_AVERAGE, hardest(kind)


@for_every_kind
def test_no_text_is_far_harder_than_the_others(kind: str) -> None:
    worst, _, _ = passages(kind)[0]

    assert worst <= AT_MOST, hardest(kind)


def test_the_clinic_of_this_test_knows_what_any_clinic_may_write_down() -> None:
    assert set(CLINIC) <= set(read("clinic.yml"))


@for_every_kind
def test_nothing_is_measured_with_a_gap_in_it(kind: str) -> None:
    assert [name for name, text in KINDS[kind]().items() if "{" in text] == []
