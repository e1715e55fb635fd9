"""Of where a visitor came from only a plain name is kept."""

from __future__ import annotations

import pytest

from clinic.sources import cleaned


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("newsletter", "newsletter"),
        ("News.Example.ORG", "news.example.org"),
        ("www.example.org", "example.org"),
        (" google_ads ", "google-ads"),
        ("x" * 64, "x" * 64),
    ],
)
def test_a_campaign_or_a_website_is_kept_in_small_letters(said: str, kept: str) -> None:
    assert cleaned(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "ann@example.org",
        "=1+1",
        "-cmd",
        "<b>x</b>",
        "two words",
        "202-555-0143",
        "x" * 65,
        "",
        "bad\nname",
        "ſource",
        None,
        7,
        {"a": "b"},
    ],
)
def test_anything_else_is_dropped_whole(said: object) -> None:
    assert cleaned(said) is None
