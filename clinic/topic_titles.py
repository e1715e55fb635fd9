"""What the bot can be asked about: every topic of data/faq, by its short name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

from clinic.settings import HOME

FAQ = HOME / "data" / "faq"
CLEARLY_MEANT = 90.0
MOST_OFFERED = 3


@dataclass(frozen=True)
class TopicTitle:
    """`title` is what a button says; `area` is the subject that its file is about."""

    slug: str
    title: str
    area: str


class UnknownTopic(Exception):
    """No topic is called so; `nearest` holds the titles that come nearest."""

    def __init__(self, nearest: list[str]) -> None:
        super().__init__()
        self.nearest = nearest


@lru_cache
def topics() -> Mapping[str, TopicTitle]:
    """Every topic by its slug, in the order of their titles."""
    found = [topic for path in sorted(FAQ.glob("*.yml")) for topic in _topics_of(path)]
    return {topic.slug: topic for topic in sorted(found, key=lambda topic: topic.title.casefold())}


def _topics_of(path: Path) -> list[TopicTitle]:
    # The loader written in C: the files hold every question, too.
    file = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return [TopicTitle(one["topic"], one["title"], file["area"]) for one in file["topics"]]


def title_of(slug: str) -> str:
    """A topic's title; one that was taken out since is shown by its short name."""
    topic = topics().get(slug)
    return topic.title if topic else slug.replace("_", " ").capitalize()


def find_topic(words: str) -> TopicTitle:
    """The topic whose title or short name somebody typed, forgiving a slip.

    Raises:
        UnknownTopic: with the titles that come nearest.
    """
    words = " ".join(words.split())
    if words in topics():
        return topics()[words]
    titles = {slug: topic.title.casefold() for slug, topic in topics().items()}
    near = process.extract(words.casefold(), titles, scorer=fuzz.WRatio, limit=MOST_OFFERED)
    if near and fuzz.ratio(words.casefold(), near[0][0]) >= CLEARLY_MEANT:
        return topics()[near[0][2]]
    raise UnknownTopic([topics()[slug].title for _, _, slug in near])
