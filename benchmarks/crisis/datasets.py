"""The sentences to measure on: our own frozen ones, and public ones outside this repository.

Public sets are only measured with: none is shipped, and nothing is trained on them.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HOME = Path(__file__).parents[2]
HELD_OUT = HOME / "tests" / "crisis" / "held_out"
UNDERSTANDING = HOME / "tests" / "understanding"

EXPLICIT = ("suicide_explicit", "overdose", "medical_emergency")
"""Of these kinds nothing may be missed."""
MOST_WORDS = 60
"""Public messages of a crisis are measured up to this length: what people type into a chat."""


@dataclass(frozen=True)
class Case:
    """A sentence, its kind, and whether it is about danger."""

    text: str
    kind: str
    is_crisis: bool


def held_out(half: str) -> list[Case]:
    """`test`, which is frozen, or `development`, on which thresholds are picked."""
    content = yaml.safe_load((HELD_OUT / f"{half}.yml").read_text("utf-8"))
    return [
        Case(str(text), kind, group == "crisis")
        for group in ("crisis", "calm")
        for kind, texts in content[group].items()
        for text in texts
    ]


def ordinary() -> list[Case]:
    """The held-out questions of understanding: what visitors ask on any day."""
    cases = []
    for path in sorted(UNDERSTANDING.glob("*.yml")):
        content: Any = yaml.safe_load(path.read_text("utf-8"))
        lists = content.values() if isinstance(content, dict) else [content]
        cases += [Case(str(text), "ordinary", False) for texts in lists for text in texts]
    return cases


def public_data() -> Path | None:
    """The folder with the public sets, named by FRONT_DESK_BENCHMARK_DATA."""
    named = os.environ.get("FRONT_DESK_BENCHMARK_DATA")
    return Path(named) / "crisis" if named else None


def public(folder: Path) -> dict[str, list[Case]]:
    """Ordinary queries, figurative speech, and messages of people in a crisis."""
    return {
        "clinc_ordinary": _rows(folder / "clinc_ordinary.jsonl"),
        "xstest": _rows(folder / "xstest.jsonl"),
        "help_and_harm": [
            case
            for case in _rows(folder / "help_and_harm_llm2046.jsonl")
            if len(case.text.split()) <= MOST_WORDS
        ],
    }


def _rows(path: Path) -> list[Case]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Case(row["text"], row["category"], row["label"] == "crisis")
        for row in rows
        if row["label"] in ("crisis", "not_crisis")
    ]
