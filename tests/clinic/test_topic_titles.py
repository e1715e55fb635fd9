"""A topic is found by what a person types, and never one that was not meant."""

from __future__ import annotations

import pytest

from clinic.topic_titles import UnknownTopic, find_topic, title_of, topics


def test_every_topic_of_the_files_is_known() -> None:
    assert len(topics()) == 109
    assert topics()["cost"].title == "How much does treatment cost?"
    assert topics()["cost"].area == "Cost and insurance"


@pytest.mark.parametrize(
    "words",
    ["How much does treatment cost?", " how much does  treatment cost? ", "cost",
     "How much does treatmnt cost"],
)  # fmt: skip
def test_a_topic_is_found_by_title_and_short_name_and_with_a_slip(words: str) -> None:
    assert find_topic(words).slug == "cost"


@pytest.mark.parametrize("words", ["price of treatment", "", "bitcoin"])
def test_what_may_be_another_is_not_guessed_but_the_nearest_are_offered(words: str) -> None:
    with pytest.raises(UnknownTopic) as unknown:
        find_topic(words)

    assert set(unknown.value.nearest) <= {topic.title for topic in topics().values()}


def test_a_topic_that_is_gone_is_shown_by_its_short_name() -> None:
    assert title_of("no_longer_there") == "No longer there"
