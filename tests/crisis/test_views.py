"""Disguised words read like plain ones in at least one view."""

from __future__ import annotations

import unicodedata

import pytest

from nlu_components.crisis.views import (
    APOSTROPHES,
    LONGEST_TEXT,
    LOOKALIKES,
    folded,
    is_stretched,
    plain,
    squeezed,
    views,
)


@pytest.mark.parametrize(
    ("disguised", "meant"),
    [
        ("I DON’T Want", "i dont want"),
        ("quiero hacerme daño", "quiero hacerme dano"),
        ("Ｗａｎｔ ｔｏ ｄｉｅ", "want to die"),
        ("k\u200bi\u200bll", "kill"),
        ("d\u0336i\u0336e\u0336", "die"),
        ("kіll", "kill"),  # the second letter is Cyrillic
        ("k i l l", "kill"),
        ("k.i.l.l", "kill"),
        ("k-i-l-l me", "kill me"),
        ("s u i c i d e  t o d a y", "suicide today"),
        ("su!c1de", "suicide"),
        ("k1ll", "kill"),
        ("ki11", "kill"),
        ("$u1c1d@l", "suicidal"),
        ("kill_myself", "kill myself"),
        ("want to ... die", "want to die"),
        ("want\nto die", "want to die"),
    ],
)
def test_a_disguise_is_seen_through(disguised: str, meant: str) -> None:
    seen = [" ".join(sentence.split()) for view in views(disguised) for sentence in view]

    assert meant in seen


def test_an_ordinary_message_has_one_view() -> None:
    assert views("How much is it? Do you take cards") == [["how much is it", "do you take cards"]]


def test_one_word_per_sentence_is_read_as_one_sentence() -> None:
    assert views("I. want. to. die.")[0] == ["i want to die"]


@pytest.mark.parametrize("address", ["killer@example.com", "https://example.com/die", "www.die.de"])
def test_words_inside_addresses_are_not_read(address: str) -> None:
    assert "die" not in plain(f"see {address} please")
    assert "kill" not in plain(f"see {address} please")


def test_stretched_words_are_shortened() -> None:
    assert is_stretched("kiiillll")
    assert squeezed("kiiillll") == squeezed("kill") == "kil"
    assert not is_stretched("kill")


def test_of_a_huge_text_the_start_and_the_end_are_kept() -> None:
    text = "first " + "x " * LONGEST_TEXT + " last"

    view = views(text)[0]

    assert view[0].startswith("first")
    assert view[-1].endswith("last")
    assert sum(map(len, view)) <= LONGEST_TEXT


def test_every_single_sign_is_drawn_as_unicode_says() -> None:
    for number in range(0x3000):
        sign = chr(number)
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", sign)).lower()
        seen = [
            " " if unicodedata.category(part) == "Cc" else part
            for part in decomposed
            if unicodedata.category(part) not in ("Mn", "Me", "Cf", "Cs")
            and part not in APOSTROPHES
        ]

        expected = "".join(seen).translate(LOOKALIKES)
        assert folded(sign) == expected, hex(number)
