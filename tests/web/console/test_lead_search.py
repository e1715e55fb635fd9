"""Staff find a lead by name, phone or e-mail, and no address ever holds what they typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.database import transaction
from clinic.leads import LeadRequest, save_lead
from tests.web.console.conftest import Browser

SEARCH = "/staff/leads/search"


def keep(name: str, *, phone: str | None = None, email: str | None = None) -> None:
    with transaction() as session:
        save_lead(session, LeadRequest(conversation_id=name, name=name, phone=phone, email=email))


@pytest.mark.parametrize("words", ["exam", "Zoe Example", "202 555 0143", "ZOE@example.org"])
def test_a_lead_is_found(ben: Browser, words: str) -> None:
    keep("Zoë Example", phone="+12025550143", email="zoe@example.org")
    keep("Bob Other", phone="+12025550199", email="bob@example.org")

    answer = ben.fill_in("/staff/leads", SEARCH, words=words)

    assert answer.status_code == 200
    assert "Zoë Example" in answer.text
    assert "Bob Other" not in answer.text
    assert "exam" not in str(answer.url)


def test_what_was_typed_is_in_no_address_of_the_page(ben: Browser) -> None:
    keep("Zoë Example")

    page = ben.fill_in("/staff/leads", SEARCH, words="quicksilver").text

    assert "quicksilver" not in "".join(part for part in page.split('"') if part.startswith("/"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nobody", "Nobody was found"),
        ("x", "Whom are you looking for?"),
        ("", "Whom are you looking for?"),
        ("555-0143", "Whom are you looking for?"),
    ],
)
def test_finding_nobody_says_what_to_do_next(ben: Browser, words: str, said: str) -> None:
    assert said in ben.fill_in("/staff/leads", SEARCH, words=words).text


def test_coming_back_to_the_search_shows_an_empty_one(ben: Browser) -> None:
    page = ben.get(SEARCH)

    assert page.status_code == 200
    assert "Whom are you looking for?" in page.text


def test_what_was_typed_stays_text(ben: Browser) -> None:
    page = ben.fill_in("/staff/leads", SEARCH, words='"><script>alert(1)</script>').text

    assert "<script>alert" not in page


def test_a_search_is_written_down_without_its_words(
    ben: Browser, deeds: Callable[[], list[tuple[str, str]]]
) -> None:
    ben.fill_in("/staff/leads", SEARCH, words="Zoe Example")

    assert ("leads.searched", "leads:all") in deeds()


def test_a_forged_search_is_refused(ben: Browser) -> None:
    assert ben.post(SEARCH, data={"words": "exam", "csrf": "made up"}).status_code == 403


def test_strangers_find_nobody(stranger: Browser) -> None:
    assert stranger.get(SEARCH).status_code == 303
    assert stranger.post(SEARCH, data={"words": "exam"}).status_code == 303
