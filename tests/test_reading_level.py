"""The reading level is counted as its inventors did, and nothing makes a text look easier."""

from __future__ import annotations

import pytest

from tests.reading_level import (
    AS_SAID,
    by_letters,
    grade,
    hardest_sentence,
    sentences,
    syllables,
    words,
)

PLATYPUS = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
HOME = "You can go home when you feel well. Take the bus."


# The first is the example of the formula's article in Wikipedia (11.3); the others are counted by
# hand.
@pytest.mark.parametrize(
    ("text", "word_count", "syllable_count", "sentence_count", "expected"),
    [
        (PLATYPUS, 13, 24, 1, 11.26),
        ("The cat sat on the mat.", 6, 6, 1, -1.45),
        (HOME, 11, 11, 2, -1.65),
        ("Ask your doctor about it. A clinician decides later.", 9, 15, 2, 5.83),
        ("Ketamine may raise your blood pressure for a while.", 9, 12, 1, 3.65),
    ],
)
def test_a_text_has_the_grade_that_is_worked_out_by_hand(
    text: str, word_count: int, syllable_count: int, sentence_count: int, expected: float
) -> None:
    assert len(words(text)) == word_count
    assert sum(map(syllables, words(text))) == syllable_count
    assert len(sentences(text)) == sentence_count
    assert grade(text) == pytest.approx(expected, abs=0.01)


def test_plain_words_are_told_from_hard_ones() -> None:
    hard = "Psychopharmacological interventions necessitate comprehensive multidisciplinary care."

    assert grade(HOME) < 3
    assert grade(hard) > 12


# As the CMU Pronouncing Dictionary has them.
IN_THE_DICTIONARY = {
    1: "called don’t dose eyes friend played rule safe tea times tongue used while",
    2: "argue being careful centre client doesn’t doses equal fatigue going handles lifeline "
    "little loyal our people reaches safely safety session settled someone special technique "
    "tired treated trial trying",
    3: "anyone beautiful clinician clinician’s easier employer every familiar idea lithium "
    "reaction serious suicide usual video",
    4: "anxiety diagnosis immediate psychiatrist suicidal usually",
    5: "dissociation evaluation metabolism",
}


@pytest.mark.parametrize(
    ("word", "expected"),
    [(word, count) for count, line in IN_THE_DICTIONARY.items() for word in line.split()],
)
def test_syllables_are_those_of_the_dictionary(word: str, expected: int) -> None:
    assert syllables(word) == expected


@pytest.mark.parametrize("word", AS_SAID)
def test_only_words_that_the_rules_get_wrong_stand_in_the_table(word: str) -> None:
    assert by_letters(word) != AS_SAID[word]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ketamine", 3), ("ketamine's", 3), ("esketamine", 4), ("Spravato", 3), ("opioids", 3),
        ("benzodiazepines", 6), ("theophylline", 4), ("hypomania", 5), ("lamotrigine", 4),
        ("sedatives", 3), ("naltrexone", 3),
    ],
)  # fmt: skip
def test_words_of_the_field_that_no_dictionary_has_are_counted_too(
    word: str, expected: int
) -> None:
    assert syllables(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("FDA", 3), ("PTSD", 4), ("SSRIs", 4), ("I", 1), ("pm", 2), ("1,000", 1), ("128/82", 1),
        ("FDA-approved", 5), ("self-harm", 2), ("e-mail", 2),
    ],
)  # fmt: skip
def test_what_is_spelt_out_has_a_syllable_for_each_letter_and_a_number_one(
    word: str, expected: int
) -> None:
    assert syllables(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call us; we answer: every day.", 1),
        ("Call us. We answer! Do you?", 3),
        ("A session takes 1.5 hours.", 1),
        ("It was made by Drs. Spitzer and Williams.", 1),
        ("Ask “Is it safe?” before you start.", 1),
        ("You asked “Is it safe?” It mostly is.", 2),
        ("Bring these things.\n\n- a coat\n- a friend", 3),
        ("Bring these:\n\n- a coat\n- a friend", 2),
        ("Read https://www.fda.gov/a/b.html first.", 1),
    ],
)
def test_sentences_end_with_their_full_stop_or_their_point_of_a_list_and_nowhere_else(
    text: str, expected: int
) -> None:
    assert len(sentences(text)) == expected


def test_a_phone_number_and_an_address_are_one_easy_word_each() -> None:
    numbers = grade(
        "Call +1 202-555-0143 or see https://www.somewhere-complicated.org/explanations"
    )

    assert numbers == grade("Call 1 or see it")


def test_the_hardest_sentence_is_the_one_that_a_text_is_best_without() -> None:
    assert hardest_sentence(f"{HOME} {PLATYPUS} See you.") == PLATYPUS
    assert hardest_sentence("Hello.") == "Hello."
