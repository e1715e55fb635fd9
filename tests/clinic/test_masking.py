"""No personal datum survives masking; what matters to a clinician does."""

from __future__ import annotations

import pytest

from clinic.masking import masked

# A sentence, and the part of it that must be gone.
PERSONAL = [
    ("my mail is ann@example.com", "ann@"),
    ("ANN.EXAMPLE+x@MAIL.EXAMPLE.CO.UK is mine", "ANN"),
    ("write to ann_9@example-clinic.org.", "example-clinic"),
    ("call 2025550143", "0143"),
    ("call 202-555-0143", "0143"),
    ("call 202.555.0143 please", "0143"),
    ("call 202 555 0143", "0143"),
    ("call 202/555/0143", "0143"),
    ("call (202) 555-0143", "202"),
    ("call (202)555-0143", "202"),
    ("call +1 (202) 555-0143", "1 ("),
    ("call 1-202-555-0143", "0143"),
    ("call +44 20 7946 0958", "7946"),
    ("tel:+12025550143", "0143"),
    ("555 01 43 is my number", "01 43"),
    ("my card is 4111 1111 1111 1111", "1111"),
    ("ssn 123-45-6789", "6789"),
    ("my zip is 97201", "97201"),
    ("I was born 12/05/1980", "1980"),
    ("I was born 12-5-80", "80"),
    ("I was born 5.12.1980", "1980"),
    ("I was born 1980-12-05", "1980"),
    ("I live at 12 Main Street", "Main"),
    ("I live at 4 Old Mill Rd.", "Old Mill"),
    ("1600 pennsylvania ave is where I am", "pennsylvania"),
    ("see https://example.org/ann and www.example.org/ann", "/ann"),
    ("my name is Ann", "Ann"),
    ("my name is ann", "ann"),
    ("My Name Is ANN", "ANN"),
    ("My name's Zoë Example", "Zoë"),
    ("my name is Anna Maria Example", "Example"),
    ("my full name: Ann O'Neil", "Neil"),
    ("her name is Mary-Jane", "Jane"),
    ("I'm called Ann", "Ann"),
    ("call me Ann", "Ann"),
    ("this is Ann Example", "Example"),
    ("Dr. Smith told me so", "Smith"),
    ("I see nurse Betty", "Betty"),
    ("Mrs Lee-Chan is my mother", "Lee"),
]
WRITTEN_ODDLY = [
    ("write to ann.o'neil@example.com", "ann"),
    ("write to ann @ example.com", "ann"),
    ("call 202 - 555 - 0143", "0143"),
    ("call 202–555–0143", "0143"),
    ("call 202-555-0143x12", "0143"),
    ("I was born May 12, 1980", "1980"),
    ("I was born 12 May 1980", "1980"),
    ("I was born 12 / 05 / 1980", "1980"),
    ("I live at 221B Baker Street", "Baker"),
    ("my name is anna smith", "smith"),
    ("my name’s Ann", "Ann"),
    ("I’m called Ann", "Ann"),
    ("my name is Élodie", "Élodie"),
    ("my husband's name is Bob", "Bob"),
    ("dr smith told me so", "smith"),
]
MEDICAL = [
    "my blood pressure is 140 over 90",
    "I take 150 mg twice a day",
    "I get 0.5 mg/kg over 40 minutes",
    "6 infusions in 2 to 3 weeks",
    "my PHQ-9 is 21 and I am 43",
    "I weigh 180 lbs, or 81.6 kg",
    "it began in 2019",
    "1 in 4 people, about 25%",
    "does it help treatment-resistant depression?",
    "call me back",
    "call me about the price",
    "this is a hard time for me",
    "this is not what I asked",
    "is my name kept secret?",
    "can I see a doctor or a nurse?",
]
HARMLESS = [
    "my blood pressure is 140/90",
    "I had 6 infusions by the way",
    "this is what I need to know",
    "this is urgent",
]


@pytest.mark.parametrize(
    ("sentence", "datum"),
    [
        *PERSONAL,
        *WRITTEN_ODDLY,
    ],
)
def test_no_personal_datum_survives(sentence: str, datum: str) -> None:
    assert datum in sentence
    assert datum not in masked(sentence)


@pytest.mark.parametrize(
    "sentence",
    [*MEDICAL, *HARMLESS],
)
def test_what_tells_nothing_of_who_asks_stays_word_for_word(sentence: str) -> None:
    assert masked(sentence) == sentence


@pytest.mark.parametrize(("sentence", "datum"), PERSONAL)
def test_masking_twice_changes_nothing_more(sentence: str, datum: str) -> None:
    once = masked(sentence)

    assert masked(once) == once


def test_the_rest_of_the_sentence_stays() -> None:
    sentence = "Hi, I'm called Ann. Does it help at 43? Call 202-555-0143 or ann@example.com!"

    assert masked(sentence) == (
        "Hi, I'm called [name]. Does it help at 43? Call [number] or [e-mail]!"
    )
