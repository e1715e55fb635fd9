"""A topic file is read whole or refused, and the refusal names file, topic and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu_components.topics import Source, TopicError, load_topics


def entry(slug: str = "cost", **changes: Any) -> dict[str, Any]:
    topic: dict[str, Any] = {
        "topic": slug,
        "title": "What it costs" if slug == "cost" else f"About {slug}",
        "answer": "  It depends.\n",
        "sources": [{"title": "A page", "url": "https://example.org/page"}],
        "reviewed": date(2026, 11, 22),
        "review_by": date(2027, 11, 22),
        "questions": [f"tell me about {slug}"],
    }
    return {key: value for key, value in {**topic, **changes}.items() if value != "left out"}


def write(folder: Path, *topics: Any, name: str = "money.yml") -> Path:
    (folder / name).write_text(yaml.safe_dump({"area": "Money", "topics": list(topics)}), "utf-8")
    return folder


def test_a_topic_is_read_as_it_is_written(tmp_path: Path) -> None:
    write(tmp_path, entry())

    (topic,) = load_topics(tmp_path)

    assert (topic.slug, topic.answer, topic.answer_without) == ("cost", "It depends.", None)
    assert topic.sources == [Source(title="A page", url="https://example.org/page")]
    assert topic.reviewed == date(2026, 11, 22)


def test_a_topic_may_say_what_it_means_after_its_answer(tmp_path: Path) -> None:
    write(tmp_path, entry("cost"), entry("im_injection", about="an IM injection"))

    cost, injection = load_topics(tmp_path)

    assert (cost.about, injection.about) == (None, "an IM injection")


def test_topics_come_in_the_order_of_files_and_entries(tmp_path: Path) -> None:
    write(tmp_path, entry("c"), name="b.yml")
    write(tmp_path, entry("b"), entry("a"), name="a.yml")

    assert [topic.slug for topic in load_topics(tmp_path)] == ["b", "a", "c"]


@pytest.mark.parametrize(
    "key", ["title", "answer", "sources", "reviewed", "review_by", "questions"]
)
def test_a_key_that_is_missing_is_named(tmp_path: Path, key: str) -> None:
    write(tmp_path, entry(**{key: "left out"}))

    with pytest.raises(TopicError, match=rf"money\.yml, topic cost: {key} is missing"):
        load_topics(tmp_path)


def test_a_key_that_nobody_knows_is_named(tmp_path: Path) -> None:
    write(tmp_path, entry(anwser_without="Call us."))

    with pytest.raises(TopicError, match="topic cost: anwser_without is not a known key"):
        load_topics(tmp_path)


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"answer": ""}, "answer must be a text"),
        ({"answer": ["It", "depends"]}, "answer must be a text"),
        ({"title": None}, "title must be a text"),
        ({"sources": []}, "sources must be a list with at least one entry"),
        ({"questions": None}, "questions must be a list with at least one entry"),
        ({"questions": "how much"}, "questions must be a list with at least one entry"),
        ({"questions": [{"one thing": "how much"}]}, "in quotation marks"),
        ({"about": ["an IM injection"]}, "about must be a few words, such as “an IM injection”"),
        ({"about": 3}, "about must be a few words, such as “an IM injection”"),
        ({"reviewed": "last week"}, "reviewed must be a date such as 2026-11-22"),
        ({"review_by": 2027}, "review_by must be a date such as 2026-11-22"),
        ({"sources": [{"title": "A page"}]}, "a source has exactly a `title` and a `url`"),
        ({"sources": ["https://example.org"]}, "a source has exactly a `title` and a `url`"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_remedy(
    tmp_path: Path, changes: dict[str, Any], remedy: str
) -> None:
    write(tmp_path, entry(**changes))

    with pytest.raises(TopicError, match=f"topic cost: .*{remedy}"):
        load_topics(tmp_path)


@pytest.mark.parametrize(
    "content",
    ["", "- a list", "area: Money", "area: Money\ntopics:", "area: M\ntopics: [words]"],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "money.yml").write_text(content, "utf-8")

    with pytest.raises(TopicError, match=r"money\.yml: "):
        load_topics(tmp_path)


def test_a_topic_that_stands_twice_is_refused_across_files(tmp_path: Path) -> None:
    write(tmp_path, entry("cost", questions=["price"]), name="a.yml")
    write(tmp_path, entry("cost", questions=["how much"]), name="b.yml")

    with pytest.raises(TopicError, match="the topic “cost” stands twice"):
        load_topics(tmp_path)


def test_a_question_of_two_topics_is_refused_whatever_its_case(tmp_path: Path) -> None:
    write(tmp_path, entry("a", questions=["How much?"]), entry("b", questions=["how much?"]))

    with pytest.raises(TopicError, match="the question “how much\\?” stands twice"):
        load_topics(tmp_path)
