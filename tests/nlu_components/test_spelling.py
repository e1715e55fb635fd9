"""A slip becomes the word it was meant to be; every real word stays as the visitor wrote it."""

from __future__ import annotations

import pytest

from nlu_components.embedding import load_tokenizer
from nlu_components.spelling import MUCH_RARER, Speller, english_words
from tests.nlu_components.conftest import EMBEDDING

ENGLISH = frozenset(
    {"is", "does", "what", "the", "of", "my", "this", "form", "from", "pain"}
    | {"safe", "cost", "side", "effects", "treatment", "hurt"}
)
SENTENCES = [
    "Is ketamine safe?",
    "what is ketamine",
    "does Ketamine hurt",
    "the cost of treatment",
    "side effects of ketamine",
    "insurance coverage",
    "my psychiatrist",
]


@pytest.fixture
def speller() -> Speller:
    return Speller.learn(SENTENCES, ENGLISH)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ketmaine", "ketamine"),  # two letters swapped
        ("ketamne", "ketamine"),  # one left out
        ("kettamine", "ketamine"),  # one too many
        ("ketanine", "ketamine"),  # one taken for another
        ("covrege", "coverage"),  # two slips in a long word
        ("saef", "safe"),
        ("phsyciatrist", "psychiatrist"),
    ],
)
def test_a_slip_is_mended(speller: Speller, written: str, meant: str) -> None:
    assert speller.correct(f"what of {written}?") == f"what of {meant}?"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🐙 24/7!",
        "Is KETAMINE safe?",  # ours, in capitals
        "pain from this form",  # English, though near to each other
        "teh cst",  # too short to tell
        "xylophone",  # near to nothing
    ],
)
def test_what_is_no_slip_is_left_as_it_was_written(speller: Speller, text: str) -> None:
    assert speller.correct(text) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("saaaaafe", "safe"),
        ("treatmennnnt", "treatment"),
        ("effectsss", "effects"),
        ("xyzzzzzyx", "xyzzyx"),  # no word of ours: two letters are left
        ("effects!!!", "effects!!!"),
    ],
)
def test_a_stretched_letter_is_one_slip_at_most(speller: Speller, written: str, read: str) -> None:
    assert speller.correct(written) == read


def test_everything_around_a_slip_stays(speller: Speller) -> None:
    text = "  HELLO,\n(ketmaine)… 5mg;  COST?"

    assert speller.correct(text) == text.replace("ketmaine", "ketamine")


def test_a_short_word_may_have_one_slip_only() -> None:
    speller = Speller.learn(["does it hurt"], frozenset({"does", "it", "hurt"}))

    assert speller.correct("hrut") == "hurt"
    assert speller.correct("hxxt") == "hxxt"


def test_the_fewest_slips_win_then_the_same_beginning_then_the_more_frequent() -> None:
    fewest = Speller({"infusion": 1, "confusion": 99}, frozenset())
    beginning = Speller({"pain": 1, "wait": 99}, frozenset())
    frequent = Speller({"pain": 1, "paid": 99}, frozenset())

    assert fewest.correct("infusien") == "infusion"
    assert beginning.correct("pait") == "pain"
    assert frequent.correct("paiq") == "paid"


def test_a_slip_in_our_own_sentences_is_no_word_of_ours() -> None:
    sentences = ["is ketamine safe"] * MUCH_RARER + ["is ketamin safe"]

    speller = Speller.learn(sentences, frozenset())

    assert "ketamin" not in speller.ours
    assert speller.correct("ketamin") == "ketamine"


def test_two_names_of_ours_that_look_alike_are_both_kept() -> None:
    sentences = ["esketamine here", "ketamine there"] * 3

    speller = Speller.learn(sentences, frozenset())

    assert speller.correct("esketamine ketamine") == "esketamine ketamine"


def test_one_who_knows_nothing_changes_nothing() -> None:
    assert Speller({}, frozenset()).correct("is ketmaine safe") == "is ketmaine safe"


def test_mending_twice_is_mending_once(speller: Speller) -> None:
    once = speller.correct("wht does ketmaine costt, phsyciatrist?")

    assert speller.correct(once) == once


def test_english_is_the_whole_words_of_the_vocabulary() -> None:
    words = english_words({"pain": 0, "##ing": 1, "[CLS]": 2, "7": 3, "é": 4, "don't": 5})

    assert words == {"pain"}


def test_the_models_own_vocabulary_knows_common_words() -> None:
    words = english_words(load_tokenizer(EMBEDDING).get_vocab())

    assert {"the", "husband", "doctor", "expensive"} <= words
    assert "ketmaine" not in words
