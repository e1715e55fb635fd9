"""Load the approved crisis answers and the hotlines they offer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nlu_components.crisis.phrases import CATEGORIES
from nlu_components.crisis.strict_yaml import CrisisFileError, check_keys, read_list, read_mapping

AGAIN = "again"
"""The category of a yes, no or maybe after words of crisis: help again, in other words."""

UNCLEAR = "unclear"
"""The category when something was heard, or could not be read, and nobody can say what it was."""

EVERY_ANSWER_NAMES = ("911", "988")
TEXTS = ("opening", "urgent", "question")
FIELDS = {"id", "name", "call", "text", "chat", "note", "country", "verified_on", "source"}

Resource = dict[str, str]
"""name, call, text, chat and note of a hotline, as a person reads them; "" if there is none."""


@dataclass(frozen=True)
class CrisisAnswer:
    """What a visitor in crisis reads: the text, then the people who can help."""

    category: str
    text: str
    resources: list[Resource]


def load_answers(folder: Path) -> list[CrisisAnswer]:
    """One answer for every category, from answers.yml and hotlines.yml in this folder."""
    hotlines = load_hotlines(folder / "hotlines.yml")
    path = folder / "answers.yml"
    content = read_mapping(path, {"closing", "answers"})
    check_keys(path, "answers", content["answers"], {*CATEGORIES, UNCLEAR, AGAIN})
    return [
        _answer(path, category, content["answers"][category], content["closing"], hotlines)
        for category in (*CATEGORIES, UNCLEAR, AGAIN)
    ]


def load_hotlines(path: Path) -> dict[str, Resource]:
    """Every hotline by its id, in the order of the file."""
    hotlines: dict[str, Resource] = {}
    for entry in read_list(path):
        where = f"entry {len(hotlines) + 1}"
        check_keys(path, where, entry, FIELDS)
        resource = _resource(path, entry)
        if entry["id"] in hotlines:
            raise CrisisFileError(path, f"the id {entry['id']!r} stands there twice")
        hotlines[entry["id"]] = resource
    return hotlines


def _resource(path: Path, entry: Mapping[str, Any]) -> Resource:
    name = entry["id"]
    for field in ("id", "name", "note", "country", "source"):
        if not isinstance(entry[field], str) or not entry[field].strip():
            raise CrisisFileError(path, f"{name}: {field} must be a text")
    for field in ("call", "chat"):
        if not isinstance(entry[field], str | None):
            raise CrisisFileError(path, f"{name}: put {field} in quotes, or write null")
    if type(entry["verified_on"]) is not date:
        raise CrisisFileError(path, f"{name}: verified_on must be a day, like 2026-11-22")
    if not (entry["call"] or entry["text"] or entry["chat"]):
        raise CrisisFileError(path, f"{name}: there is no way to reach it")
    return {
        "name": entry["name"],
        "call": entry["call"] or "",
        "text": _texting(path, name, entry["text"]),
        "chat": entry["chat"] or "",
        "note": entry["note"],
    }


def _texting(path: Path, name: str, text: Any) -> str:
    """How to text it, in words: "Text HOME to 741741"."""
    if text is None:
        return ""
    where = f"{name}: text"
    check_keys(path, where, text, {"to"}, frozenset({"body"}))
    if not all(isinstance(value, str) for value in text.values()):
        raise CrisisFileError(path, f"{where}: put the number in quotes")
    return f"Text {text['body']} to {text['to']}" if "body" in text else f"Text {text['to']}"


def _answer(
    path: Path,
    category: str,
    entry: Any,
    closing: Any,
    hotlines: Mapping[str, Resource],
) -> CrisisAnswer:
    check_keys(path, category, entry, {*TEXTS, "resources"})
    paragraphs = [entry[key] for key in TEXTS] + [closing]
    if not all(isinstance(text, str) and text.strip() for text in paragraphs):
        raise CrisisFileError(path, f"{category}: {', '.join(TEXTS)} and closing must be texts")
    if not entry["resources"] or not isinstance(entry["resources"], list):
        raise CrisisFileError(path, f"{category}: resources must be a list of hotline ids")
    if unknown := [name for name in entry["resources"] if str(name) not in hotlines]:
        raise CrisisFileError(path, f"{category}: no such hotline: {', '.join(map(str, unknown))}")
    text = "\n\n".join(paragraph.strip() for paragraph in paragraphs)
    for number in EVERY_ANSWER_NAMES:
        if not re.search(rf"\b{number}\b", text):
            raise CrisisFileError(path, f"{category}: the text must name {number}")
    return CrisisAnswer(category, text, [hotlines[name] for name in entry["resources"]])
