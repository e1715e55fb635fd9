"""The trained model understands sentences it has never seen, and is honest about the rest.

The bounds are a little below what was measured when they were written; they only rise.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from rasa.core.agent import Agent, load_agent

from setup import rasa_model

HONEST = ("nlu_fallback", "out_of_scope")
"""What the bot says “I did not understand” to."""

HELD_OUT = Path("tests/understanding")


class Parsed(NamedTuple):
    """A sentence, what it was meant to be, and what the model took it for."""

    text: str
    meant: str | None
    taken_for: str


@pytest.fixture(scope="module")
def agent() -> Agent:
    path = Path(os.environ.get("FRONT_DESK_MODEL") or rasa_model.model_path())
    assert path.is_file(), "no model fits the data: run `make train`, or `make test`"
    os.environ.setdefault("CLINIC_ACTIONS_URL", "http://127.0.0.1:1")
    return asyncio.run(load_agent(model_path=str(path)))


def parsed(agent: Agent, sentences: dict[str | None, list[str]]) -> list[Parsed]:
    return [
        Parsed(text, meant, taken_for(asyncio.run(agent.parse_message(text))))
        for meant, texts in sentences.items()
        for text in texts
    ]


def taken_for(message: dict[str, Any]) -> str:
    intent = message["intent"]["name"]
    if intent != "faq":
        return str(intent)
    label = message["response_selector"]["faq"]["response"]["intent_response_key"]
    return str(label).split("/")[1]


def share(results: list[Parsed], right: list[Parsed]) -> float:
    return len(right) / len(results)


def test_questions_it_has_never_seen_are_understood(agent: Agent) -> None:
    sentences: dict[str | None, list[str]] = {}
    for path in HELD_OUT.glob("*.yml"):
        content = yaml.safe_load(path.read_text("utf-8"))
        if isinstance(content, dict):
            sentences.update(content)

    results = parsed(agent, sentences)

    right = [r for r in results if r.taken_for == r.meant]
    wrong = [r for r in results if r.taken_for not in (r.meant, *HONEST)]
    print(f"\nright {share(results, right):.3f}, wrong {share(results, wrong):.3f}")
    assert share(results, right) >= 0.82, [r for r in results if r not in right]
    assert share(results, wrong) <= 0.06, wrong


def test_what_it_has_no_answer_to_is_rejected(agent: Agent) -> None:
    texts = yaml.safe_load((HELD_OUT / "out_of_scope.yml").read_text("utf-8"))

    results = parsed(agent, {None: texts})

    right = [r for r in results if r.taken_for in HONEST]
    print(f"\nrejected {share(results, right):.3f}")
    assert share(results, right) >= 0.85, [r for r in results if r not in right]


def test_words_of_crisis_it_has_never_seen_are_heard(agent: Agent) -> None:
    held_out = yaml.safe_load(Path("tests/crisis/held_out.yml").read_text("utf-8"))
    unseen = {category: halves["test"] for category, halves in held_out.items()}
    calm = unseen.pop("calm")

    in_crisis = parsed(agent, dict(unseen))
    in_calm = parsed(agent, {"calm": calm})

    heard = [r for r in in_crisis if r.taken_for == "crisis"]
    alarmed = [r for r in in_calm if r.taken_for == "crisis"]
    print(f"\nheard {share(in_crisis, heard):.3f}, false alarms {share(in_calm, alarmed):.3f}")
    # Only counts: who mends the detector must not look at these sentences.
    assert share(in_crisis, heard) >= 0.87
    assert share(in_calm, alarmed) <= 0.27
