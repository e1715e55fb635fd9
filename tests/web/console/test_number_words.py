"""Quantities as people read them, never rounded to something that they are not."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from clinic.numbers.figure import Column, Figure
from clinic.numbers.period import Period
from web.console.charts import HEIGHT, SLOT, plot
from web.console.number_words import minutes, question, seconds, share, words

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), "week", ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (0, "under a minute"),
        (59, "59 min"),
        (60, "1 h"),
        (61, "1 h 1 min"),
        (1440, "1 d"),
        (1500, "1 d 1 h"),
        (1_440_000, "1,000 d"),
    ],
)
def test_a_length_is_told_in_the_two_largest_units(length: int, said: str) -> None:
    assert minutes(length) == said


@pytest.mark.parametrize(("length", "said"), [(0, "0 s"), (119, "119 s"), (120, "2 min")])
def test_a_short_wait_is_told_in_seconds(length: int, said: str) -> None:
    assert seconds(length) == said


@pytest.mark.parametrize(
    ("part", "said"),
    [(0, "0%"), (0.001, "under 1%"), (0.5, "50%"), (0.999, "over 99%"), (1, "100%")],
)
def test_a_share_is_nothing_or_all_only_if_it_is(part: float, said: str) -> None:
    assert share(part) == said


def test_a_question_of_an_older_version_is_shown_by_its_code() -> None:
    assert question("long_gone") == "long_gone"
    assert question("age") != "age"


def test_what_is_not_known_is_a_dash_and_no_outcome_is_a_callback() -> None:
    assert words("minutes", None, JUNE) == "–"
    assert words("outcome", None, JUNE) == "Callback request"


def chats(*numbers: int) -> Figure:
    rows = tuple(zip(JUNE.steps(), numbers, strict=True))
    return Figure("chats", "Chats", (Column("From", "day"), Column("Chats")), rows)


def test_bars_stay_in_their_box_and_their_heights_keep_the_proportion() -> None:
    found = plot(chats(10, 20, 0, 5, 40), JUNE, ["Chats"])

    heights = [bar.height for bar in found.bars]
    assert heights == [25, 50, 12.5, 100]  # what is nothing has no bar
    assert all(bar.y + bar.height == HEIGHT for bar in found.bars)
    assert all(bar.x >= 0 and bar.x + bar.width <= found.width for bar in found.bars)
    assert found.width == 5 * SLOT


def test_a_plot_says_in_words_what_it_shows() -> None:
    found = plot(chats(10, 20, 0, 5, 41), JUNE, ["Chats"])

    assert found.summary == "Chats: 76 in all, at most 41 in one week (week of 29 Jun 2026)."
    assert found.top == "50"
    assert found.bars[0].label == "Week of 1 Jun 2026: 10 chats"


def test_a_plot_of_nothing_says_none_and_has_no_bars() -> None:
    found = plot(chats(0, 0, 0, 0, 0), JUNE, ["Chats"])

    assert (found.summary, found.bars) == ("Chats: none.", ())
