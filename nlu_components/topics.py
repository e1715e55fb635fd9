"""Topics: what visitors ask, the approved answer, its sources and its review date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional

import yaml

TOPIC_INTENT = "faq"
"""The intent of every topic that only answers; its label is `faq/` and the slug."""
TOPIC_PREFIX = f"{TOPIC_INTENT}/"

REQUIRED = {"topic", "title", "answer", "sources", "reviewed", "review_by", "questions"}
OPTIONAL = {"about", "answer_without"}


class TopicError(Exception):
    """A topic file is not as it should be; the message names file, topic and remedy."""


@dataclass(frozen=True)
class Source:
    title: str
    url: str


@dataclass(frozen=True)
class Topic:
    """One entry of `data/faq/`.

    about: what “it” means after this answer, such as “an IM injection”; None if it is unclear.
    answer_without: said when a clinic fact is missing.
    """

    slug: str
    title: str
    answer: str
    answer_without: Optional[str]
    sources: List[Source]
    reviewed: date
    review_by: date
    questions: List[str]
    about: Optional[str] = None


def load_topics(folder: Path) -> List[Topic]:
    """Every topic of every file in the folder, in the order of files and entries.

    Raises:
        TopicError: a key is missing, unknown or of the wrong kind, or a slug or a question
            stands twice.
    """
    topics: List[Topic] = []
    for path in sorted(folder.glob("*.yml")):
        topics.extend(_topics_of(path))
    _refuse_twice("topic", [topic.slug for topic in topics])
    _refuse_twice("question", [q.lower() for topic in topics for q in _asked(topic)])
    return topics


def _topics_of(path: Path) -> List[Topic]:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise TopicError(f"{path.name} is not valid YAML: {error}") from None
    if not isinstance(content, dict) or set(content) != {"area", "topics"}:
        raise TopicError(f"{path.name}: expected exactly the keys `area` and `topics`")
    if not isinstance(content["topics"], list):
        raise TopicError(f"{path.name}: `topics` must be a list")
    return [_topic(entry, path) for entry in content["topics"]]


def _topic(entry: Any, path: Path) -> Topic:
    if not isinstance(entry, dict):
        raise TopicError(f"{path.name}: every topic is a set of keys, beginning with `topic`")
    where = f"{path.name}, topic {entry.get('topic', '?')}"
    missing, unknown = REQUIRED - set(entry), set(entry) - REQUIRED - OPTIONAL
    if missing:
        raise TopicError(f"{where}: {', '.join(sorted(missing))} is missing")
    if unknown:
        raise TopicError(f"{where}: {', '.join(sorted(unknown))} is not a known key")
    _check_kinds(entry, where)
    return Topic(
        slug=entry["topic"],
        title=entry["title"],
        answer=entry["answer"].strip(),
        answer_without=(entry.get("answer_without") or "").strip() or None,
        sources=[_source(source, where) for source in entry["sources"]],
        reviewed=entry["reviewed"],
        review_by=entry["review_by"],
        questions=entry["questions"],
        about=entry.get("about"),
    )


def _check_kinds(entry: Dict[str, Any], where: str) -> None:
    for key in ("topic", "title", "answer"):
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise TopicError(f"{where}: {key} must be a text")
    if not isinstance(entry.get("about", ""), str):
        raise TopicError(f"{where}: about must be a few words, such as “an IM injection”")
    for key in ("sources", "questions"):
        if not isinstance(entry[key], list) or not entry[key]:
            raise TopicError(f"{where}: {key} must be a list with at least one entry")
    for key in ("reviewed", "review_by"):
        if not isinstance(entry[key], date):
            raise TopicError(f"{where}: {key} must be a date such as 2026-11-22")
    if not all(isinstance(question, str) for question in entry["questions"]):
        raise TopicError(f"{where}: put questions that contain a colon in quotation marks")


def _source(entry: Any, where: str) -> Source:
    if not isinstance(entry, dict) or set(entry) != {"title", "url"}:
        raise TopicError(f"{where}: a source has exactly a `title` and a `url`")
    return Source(title=entry["title"], url=entry["url"])


def _asked(topic: Topic) -> List[str]:
    """Its questions, and its title: a button asks that."""
    title = topic.title.lower()
    return [topic.title, *(q for q in topic.questions if q.lower() != title)]


def _refuse_twice(kind: str, names: List[str]) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise TopicError(f"the {kind} “{name}” stands twice in data/faq/")
        seen.add(name)
