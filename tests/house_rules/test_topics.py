"""What every answer in data/faq/ promises its reader, checked topic by topic."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

Topic = dict[str, Any]

HOUSE = Path(__file__).parents[2]
TOPICS: list[Topic] = [
    topic
    for path in sorted((HOUSE / "data" / "faq").glob("*.yml"))
    for topic in yaml.safe_load(path.read_text("utf-8"))["topics"]
]
TIMES_ASKED = Counter(question.casefold() for topic in TOPICS for question in topic["questions"])
FACTS = set(yaml.safe_load((HOUSE / "clinic.yml").read_text("utf-8")))
ALWAYS_KNOWN = {"name", "phone"}

PLACEHOLDER = re.compile(r"\{([^}]*)\}")
CRISIS = re.compile(r"suicid|crisis|hopeless|self-harm|end (?:my|their|his|her) life", re.I)
DOSE = re.compile(r"\b(?:mg|mcg|µg|ug|ml|milligrams?|micrograms?)\b|\d(?:mg|mcg|µg|ml)\b", re.I)
PROMISE = re.compile(
    r"guarantee|miracle|breakthrough|game.changer|life.changing|revolution|risk.free"
    r"|(?:100|completely|perfectly|totally) ?(?:%|percent|safe)|no (?:risks?|side effects)\b"
    r"|\b(?:will|always) (?:cure|heal|work|help you|make you better|feel better)|\bcures\b"
    r"|\bproven to (?:work|help|cure)|\byou (?:qualify|are eligible|are a good candidate)\b",
    re.I,
)
ORDER = re.compile(
    r"\b(?:stop|start|quit|skip) taking\b"
    r"|\b(?:increase|decrease|raise|lower|reduce|double|halve|skip|adjust) your"
    r"|\byou (?:should|must|can) (?:stop|start|change|switch|increase|reduce)\b"
    r"|\b(?:come off|wean off|taper|switch to)\b",
    re.I,
)
DIAGNOSIS = re.compile(
    r"\byou (?:have|suffer from|are) (?:depress|bipolar|anxi|ptsd|ocd|psycho)", re.I
)
OWN_MEDICINE = re.compile(
    r"\b(?:my|i take|i'm on|together with) (?:\w+ )?"
    r"(?:antidepressants?|meds|medications?|pills|ssris?|lithium|lexapro|zoloft|xanax|benzos?)\b",
    re.I,
)
# Other clinics' names, towns and numbers that were read while topics were gathered. They stand
# here as the start of a SHA-256 digest of the word, so that not even this file tells them.
OTHERS = {
    "6ede337e4ec9",
    "85ac10def6b9",
    "8a37f9135006",
    "f081feadbc0c",
    "f49c6320e08e",
    "fb7818e8e0aa",
}

for_every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic["topic"])
with_every_text = pytest.mark.parametrize(
    "text",
    [
        pytest.param(topic[key], id=f"{topic['topic']}-{key}")
        for topic in TOPICS
        for key in ("answer", "answer_without")
        if key in topic
    ],
)


def facts_asked_for(text: str) -> set[str]:
    return {name.removeprefix("clinic.") for name in PLACEHOLDER.findall(text)}


def words_and_numbers(text: str) -> set[str]:
    """Every word in small letters, and every run of digits as one number, however it is spaced."""
    numbers = re.findall(r"\(?\d(?:[\s().–-]*\d)*", text)
    return {*re.findall(r"[^\W\d_]+", text.lower()), *(re.sub(r"\D", "", n) for n in numbers)}


@for_every_topic
def test_a_topic_can_be_asked_for_in_many_ways(topic: Topic) -> None:
    assert len(topic["questions"]) >= 20


@for_every_topic
def test_no_question_stands_twice(topic: Topic) -> None:
    assert [q for q in topic["questions"] if TIMES_ASKED[q.casefold()] > 1] == []


@for_every_topic
def test_a_title_fits_on_one_line(topic: Topic) -> None:
    assert 0 < len(topic["title"]) <= 60


@for_every_topic
def test_what_a_topic_is_about_is_said_in_a_few_words(topic: Topic) -> None:
    about = topic.get("about", "a few words")

    assert about == about.strip()
    assert 0 < len(about) <= 40


@for_every_topic
def test_an_answer_says_where_it_comes_from(topic: Topic) -> None:
    assert topic["sources"]
    for source in topic["sources"]:
        assert source["title"].strip()
        assert re.match(r"https://[\w.-]+\.\w+/", source["url"])


@for_every_topic
def test_an_answer_is_read_again_within_a_year(topic: Topic) -> None:
    reviewed, review_by = topic["reviewed"], topic["review_by"]

    assert isinstance(reviewed, date)
    assert isinstance(review_by, date)
    assert timedelta(0) < review_by - reviewed <= timedelta(days=366)


@pytest.mark.parametrize("slug", ["telehealth", "at_home"])
def test_what_the_law_may_change_at_new_year_is_read_again_before(slug: str) -> None:
    (topic,) = [topic for topic in TOPICS if topic["topic"] == slug]

    assert topic["review_by"] <= date(2026, 12, 31)


@with_every_text
def test_an_answer_leads_with_words_and_makes_at_most_four_points(text: str) -> None:
    points = [line for line in text.splitlines() if line.startswith("- ")]

    assert not text.startswith("- ")
    assert len(points) <= 4


@with_every_text
def test_no_answer_names_a_dose(text: str) -> None:
    assert DOSE.findall(text) == []


@with_every_text
def test_no_answer_promises_anything(text: str) -> None:
    assert PROMISE.findall(text) == []


@with_every_text
def test_no_answer_tells_anyone_to_start_stop_or_change_a_medicine(text: str) -> None:
    assert ORDER.findall(text) == []


@with_every_text
def test_no_answer_makes_a_diagnosis(text: str) -> None:
    assert DIAGNOSIS.findall(text) == []


@with_every_text
def test_an_answer_that_says_do_not_stop_also_says_whom_to_ask(text: str) -> None:
    assert "not stop" not in text or "prescriber" in text


@for_every_topic
def test_who_asks_about_their_own_medicine_is_sent_to_the_prescriber(topic: Topic) -> None:
    about_medicine = [q for q in topic["questions"] if OWN_MEDICINE.search(q)]

    assert not about_medicine or "prescriber" in topic["answer"]


@with_every_text
def test_off_label_ketamine_and_approved_spravato_are_kept_apart(text: str) -> None:
    kept_apart = "Spravato" in text or "no form of ketamine is FDA-approved" in text

    assert "off-label" not in text or kept_apart
    assert "Spravato" not in text or "esketamine" in text.lower()


@for_every_topic
def test_whoever_speaks_of_suicide_or_crisis_reads_988_and_911(topic: Topic) -> None:
    answers = [topic[key] for key in ("answer", "answer_without") if key in topic]
    asked_or_answered = " ".join([*topic["questions"], *answers])

    if CRISIS.search(asked_or_answered):
        assert all("988" in answer and "911" in answer for answer in answers)


@with_every_text
def test_an_answer_asks_only_for_facts_of_clinic_yml(text: str) -> None:
    assert all(name.startswith("clinic.") for name in PLACEHOLDER.findall(text))
    assert facts_asked_for(text) <= FACTS


@for_every_topic
def test_a_fact_that_may_be_missing_has_an_answer_without_it(topic: Topic) -> None:
    may_be_missing = facts_asked_for(topic["answer"]) - ALWAYS_KNOWN

    assert bool(may_be_missing) == ("answer_without" in topic)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(topic["answer_without"], id=topic["topic"])
        for topic in TOPICS
        if "answer_without" in topic
    ],
)
def test_an_answer_without_a_fact_says_so_and_offers_a_call_back(text: str) -> None:
    assert facts_asked_for(text) <= ALWAYS_KNOWN
    assert re.search(r"does not (?:have|know)", text)
    assert '"call me back"' in text


@for_every_topic
def test_no_other_clinic_is_ever_named(topic: Topic) -> None:
    said = words_and_numbers(yaml.safe_dump(topic, allow_unicode=True))

    assert {w for w in said if hashlib.sha256(w.encode()).hexdigest()[:12] in OTHERS} == set()


@with_every_text
def test_no_phone_number_is_written_into_an_answer(text: str) -> None:
    assert [number for number in words_and_numbers(text) if re.fullmatch(r"\d{7,}", number)] == []
