"""No text that leaves the clinic says a word about health, about whom, or what it opens."""

from __future__ import annotations

import itertools

import pytest

from clinic import notice_words
from clinic.notice_words import KINDS, Words, words

HEALTH = (
    "ketamine", "esketamine", "spravato", "crisis", "suicid", "self-harm", "depress", "anxi",
    "ptsd", "trauma", "pain", "mental", "mood", "therap", "treatment", "infusion", "injection",
    "medic", "drug", "dose", "doctor", "nurse", "clinician", "clinic", "patient", "health",
    "screening", "symptom", "diagnos", "psych", "hospital", "emergency", "danger", "overdose",
    "pregnan", "bipolar", "harm", "lead", "name", "phone",
)  # fmt: skip
LINK = notice_words.link("https://desk.example", 7)
TEXTS = [
    words(kind, urgency=urgency, round_number=number, link=LINK)
    for kind, urgency, number in itertools.product(KINDS, range(5), (1, 2, 40))
] + [notice_words.words_of_a_test(LINK)]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.title)
def test_no_text_holds_a_word_about_health_or_about_a_person(text: Words) -> None:
    said = f"{text.title} {text.body}".lower()

    assert [word for word in HEALTH if word in said] == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.title)
def test_every_text_says_where_to_look(text: Words) -> None:
    assert text.body.endswith("\nhttps://desk.example/staff/open/7")


@pytest.mark.parametrize("kind", KINDS)
def test_a_repeat_can_be_told_from_the_first_by_its_subject_line(kind: str) -> None:
    first = words(kind, urgency=4, round_number=1, link=LINK)
    again = words(kind, urgency=4, round_number=3, link=LINK)

    assert again.title.startswith("Still waiting: ")
    assert not first.title.startswith("Still waiting")
    assert "notice 3" in again.body


def test_every_kind_has_a_subject_line_of_its_own() -> None:
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize(
    ("kind", "urgency", "repeated"),
    [
        ("new_lead", 2, False),
        ("new_lead", 3, True),
        ("crisis", 0, True),
        ("handoff", 0, True),
        ("late", 4, False),
    ],
)
def test_what_is_urgent_is_said_until_somebody_looks(
    kind: str, urgency: int, repeated: bool
) -> None:
    assert notice_words.is_repeated(kind, urgency) is repeated
