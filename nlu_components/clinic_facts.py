"""Put the facts of clinic.yml into approved answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict

import yaml

PLACEHOLDER = re.compile(r"\{clinic\.(\w+)\}")


class UnknownFact(Exception):
    """An answer asks for a fact that clinic.yml does not know."""


def load_facts(path: Path) -> Dict[str, str]:
    """Every fact as text; an empty one as an empty string."""
    facts: Dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    words = {name: _in_words(value) for name, value in facts.items()}
    if not words.get("hours") and facts.get("opening_hours"):
        words["hours"] = _by_day(facts["opening_hours"])
    return words


def _by_day(week: Dict[str, Any]) -> str:
    """The hours as they are written for each day, for a clinic that has no sentence for them."""
    open_days = ((day, _in_words(periods)) for day, periods in week.items())
    return "; ".join(f"{day.capitalize()} {periods}" for day, periods in open_days if periods)


def _in_words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        *most, last = [str(entry) for entry in value] or [""]
        return f"{', '.join(most)} and {last}" if most else last
    return str(value).strip()


def has_all_facts(text: str, facts: Dict[str, str]) -> bool:
    """Whether every fact the text asks for is written down.

    Raises:
        UnknownFact: the text asks for something that clinic.yml has no line for.
    """
    for name in PLACEHOLDER.findall(text):
        if name not in facts:
            raise UnknownFact(f"{{clinic.{name}}} is not a line of clinic.yml")
    return all(facts[name] for name in PLACEHOLDER.findall(text))


def fill_in(text: str, facts: Dict[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: facts[match.group(1)], text)
