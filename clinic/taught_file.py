"""The file of what staff taught the bot: Rasa's own YAML, for people to read first."""

from __future__ import annotations

from typing import Any

import yaml

from clinic.screening.hand_written import UnusableFileError
from clinic.taught import LEFT_OUT, Patch

HEAD = """\
# What visitors asked and staff assigned to topics. Written by `python -m clinic unanswered export`.
# Read every line before you commit it: no program knows every name.
version: "3.1"
"""
EMPTY = "nlu: []\n"


def as_yaml(patch: Patch) -> str:
    """The whole file."""
    if not patch.examples:
        return HEAD + EMPTY
    return HEAD + "nlu:\n" + "".join(_entry(intent, patch) for intent in sorted(patch.examples))


def _entry(intent: str, patch: Patch) -> str:
    # A literal block takes every sign as it is, so no sentence can become anything else.
    lines = "".join(f"    - {text}\n" for text in patch.examples[intent])
    return f"- intent: {intent}\n  examples: |\n{lines}"


def read(text: str) -> Patch:
    """What an earlier export holds.

    Raises:
        UnusableFileError: it is no such file.
    """
    try:
        content: Any = yaml.safe_load(text) or {}
        entries = content.get("nlu", [])
        examples = {entry["intent"]: _lines(entry["examples"]) for entry in entries}
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        raise UnusableFileError("This file was not written by `unanswered export`.") from None
    return Patch(examples=examples)


def _lines(block: str) -> list[str]:
    return [line.strip().removeprefix("- ") for line in block.splitlines() if line.strip()]


def report(patch: Patch) -> str:
    """How many sentences there are, and how many stayed out for which reason."""
    intents = len(patch.examples)
    said = [f"{patch.number} sentences for {intents} intents."]
    said += [
        f"{number} left out: {LEFT_OUT[reason]}."
        for reason, number in sorted(patch.left_out.items())
    ]
    return "\n".join(said)
