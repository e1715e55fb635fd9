"""Different spellings of one name or number meet, different ones do not, and none can be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clinic import search_terms
from clinic.derived_keys import derived_key
from clinic.search_terms import name_words, search_for, terms_of
from clinic.settings import settings


def is_found(
    typed: str, *, name: str = "", phone: str | None = None, email: str | None = None
) -> bool:
    terms = terms_of(name, phone, email)
    return any(one.term in terms for one in search_for(typed).tries)


@pytest.fixture
def another_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CLINIC_SEARCH_KEY", "another-key-that-is-long-enough-for-this")
    settings.cache_clear()
    derived_key.cache_clear()
    yield
    settings.cache_clear()
    derived_key.cache_clear()


@pytest.mark.parametrize(
    "typed",
    ["+12025550143", "202-555-0143", "(202) 555 0143", "1 202 555 0143", "202.555.0143 ext. 7"],
)
def test_a_phone_number_is_found_in_any_spelling(typed: str) -> None:
    assert search_for(typed).kind == "phone"
    assert is_found(typed, phone="+12025550143")
    assert is_found(typed, phone="+12025550143;ext=9")
    assert not is_found(typed, phone="+12025550144")


@pytest.mark.parametrize("typed", ["555", "555-0143", "0", "+", "12345678901234567890"])
def test_what_is_no_whole_phone_number_is_not_looked_for(typed: str) -> None:
    assert not is_found(typed, phone="+12025550143")


def test_a_number_of_another_country_is_found_with_its_code() -> None:
    assert is_found("+44 20 7946 0958", phone="+442079460958")


@pytest.mark.parametrize("typed", ["ann@example.org", " ANN@Example.ORG "])
def test_an_address_is_found_without_minding_capitals(typed: str) -> None:
    assert is_found(typed, email="Ann@example.org")
    assert not is_found(typed, email="anna@example.org")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ann Example", "ann EXAMPLE"),
        ("Example, Ann", "Ann Example"),
        ("example ann", "Ann Example"),
        ("munoz", "José Muñoz"),
        ("Muñoz", "Jose Munoz"),
        ("strauß", "Ann Strauss"),
        ("OBRIEN", "Mary O’Brien"),
        ("o'brien", "Mary O Brien"),
        ("Øster", "Ann Oster"),
        ("smith-jones", "Ann Smith Jones"),
        ("jones", "Ann Smith-Jones"),
        ("van der berg", "Ann van der Berg"),
        ("vanderberg", "Ann van der Berg"),
        ("king", "Dr. Martin King, Jr."),
        ("exa", "Ann Example"),
        ("ex", "Ann Example"),
        ("ann", "Ann"),
        ("ann exam", "Ann Marie Example"),
        ("wolfeschlegelstein", "Hubert Wolfeschlegelstein"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_spelt(typed: str, name: str) -> None:
    assert is_found(typed, name=name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ann", "Ann Example"),  # a first name alone is no last name
        ("examples", "Ann Example"),
        ("xample", "Ann Example"),
        ("lee", "Ann Le"),
    ],
)
def test_other_names_are_not_found(typed: str, name: str) -> None:
    assert not is_found(typed, name=name)


@pytest.mark.parametrize("typed", ["", " ", "a", "é", "--", ",", "'"])
def test_one_letter_or_none_is_too_little_to_look_for(typed: str) -> None:
    assert search_for(typed).tries == ()


def test_words_of_different_kinds_never_meet() -> None:
    as_name = terms_of("Lee", None, None)
    as_address = terms_of("", None, "lee")

    assert as_name.isdisjoint(as_address)


def test_a_term_shows_nothing_of_the_name_and_has_one_length() -> None:
    terms = terms_of("Ann Example", "+12025550143", "ann@example.org")

    assert {len(term) for term in terms} == {search_terms.LENGTH}
    for secret in (b"Ann", b"ann", b"xample", b"2025550143"):
        assert all(secret not in term for term in terms)


def test_with_another_key_all_terms_are_others(request: pytest.FixtureRequest) -> None:
    before = terms_of("Ann Example", "+12025550143", None)

    request.getfixturevalue("another_key")

    assert before.isdisjoint(terms_of("Ann Example", "+12025550143", None))


def test_a_title_or_an_ending_alone_is_a_name() -> None:
    assert name_words("Dr") == ("dr",)
    assert name_words("Jr.") == ("jr",)
