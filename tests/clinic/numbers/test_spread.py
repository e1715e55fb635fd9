"""Half of all, and nine of ten."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from clinic.numbers.spread import Spread, spread


def test_of_nothing_nothing_is_said() -> None:
    assert spread({}) == Spread(0, None, None)


def test_one_is_all_of_them() -> None:
    assert spread({7: 1}) == Spread(1, 7, 7)


def test_the_middle_and_the_ninth_of_ten() -> None:
    assert spread(dict.fromkeys(range(1, 11), 1)) == Spread(10, 5, 9)


@given(st.lists(st.integers(0, 1000), min_size=1))
def test_half_are_within_the_median_and_nine_of_ten_within_the_other(lengths: list[int]) -> None:
    found = spread(Counter(lengths))

    assert found.median is not None
    assert found.p90 is not None
    assert sum(length <= found.median for length in lengths) * 2 >= len(lengths)
    assert sum(length <= found.p90 for length in lengths) * 10 >= len(lengths) * 9
    assert {found.median, found.p90} <= set(lengths)
