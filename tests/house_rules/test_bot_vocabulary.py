"""What the domain names exists, and what exists is named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from actions.__main__ import ACTIONS

DOMAIN: dict[str, Any] = yaml.safe_load(Path("domain.yml").read_text("utf-8"))
SCHEMA: dict[str, Any] = json.loads(Path("web/bot_message.schema.json").read_text("utf-8"))
RULES = "\n".join(path.read_text("utf-8") for path in Path("data/rules").glob("*.yml"))


def test_every_action_of_the_domain_is_registered_and_the_reverse() -> None:
    registered = sorted(action().name() for action in ACTIONS)

    assert registered == sorted(DOMAIN["actions"])


def test_every_reply_that_code_asks_for_is_defined() -> None:
    written = "\n".join(path.read_text("utf-8") for path in Path("actions").glob("*.py"))
    asked_for = set(re.findall(r'"(utter_\w+)"', written))
    added_by_training = {"utter_human_handoff", "utter_book_appointment", "utter_crisis"}
    asked_for.discard("utter_action")  # Rasa's word for “the reply to this topic”

    assert asked_for <= set(DOMAIN["responses"]) | added_by_training


def test_every_intent_has_a_rule_and_examples() -> None:
    examples = "\n".join(path.read_text("utf-8") for path in Path("data").rglob("*.yml"))

    for intent in DOMAIN["intents"]:
        assert f"intent: {intent}\n" in RULES, intent
        assert f"intent: {intent}\n" in examples or f"topic: {intent}\n" in examples, intent


def test_every_written_reply_follows_the_schema() -> None:
    validator = Draft202012Validator(SCHEMA)

    for name, variations in DOMAIN["responses"].items():
        for variation in variations:
            if "custom" in variation:
                assert list(validator.iter_errors(variation["custom"])) == [], name
