"""The trained model understands sentences it has never seen, and is honest about the rest.

The bounds are a little below what was measured when they were written; they only rise.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent, load_agent

from benchmarks.understanding import datasets, measures
from benchmarks.understanding.trial import prediction
from setup import rasa_model

TWO_IN_ONE = Path("tests/understanding/two_in_one/test.yml")


@pytest.fixture(scope="module")
def agent() -> Agent:
    path = Path(os.environ.get("FRONT_DESK_MODEL") or rasa_model.model_path())
    assert path.is_file(), "no model fits the data: run `make train`, or `make test`"
    os.environ.setdefault("CLINIC_ACTIONS_URL", "http://127.0.0.1:1")
    return asyncio.run(load_agent(model_path=str(path)))


def parsed(agent: Agent, text: str) -> dict[str, Any]:
    return prediction(asyncio.run(agent.parse_message(text)))


@pytest.fixture(scope="module")
def held_out(agent: Agent) -> measures.Own:
    test = datasets.held_out()
    return measures.own(test, [parsed(agent, text) for text, _ in test])


def test_questions_it_has_never_seen_are_understood(held_out: measures.Own) -> None:
    print(f"\n{held_out}")

    assert held_out.right >= 0.8
    assert held_out.right + held_out.asked >= 0.83
    assert held_out.wrong <= 0.06


def test_what_it_has_no_answer_to_is_rejected(held_out: measures.Own) -> None:
    assert held_out.rejected >= 0.88


def test_two_questions_in_one_message_are_two(agent: Agent) -> None:
    messages = yaml.safe_load(TWO_IN_ONE.read_text("utf-8"))["two"]

    found = [
        {label.split("/")[-1] for label in parsed(agent, message["text"])["questions"]}
        == set(message["topics"])
        for message in messages
    ]

    print(f"\nboth found {sum(found)} of {len(found)}")
    assert sum(found) >= 0.7 * len(found)


def test_one_question_with_an_and_in_it_stays_one(agent: Agent) -> None:
    messages = yaml.safe_load(TWO_IN_ONE.read_text("utf-8"))["one"]

    split = [m["text"] for m in messages if parsed(agent, m["text"])["questions"]]

    assert len(split) <= 0.1 * len(messages), split


@pytest.mark.parametrize(
    ("text", "outcome", "intent"),
    [
        ("i want to kill myself", "hard", "crisis"),
        ("how much does a session cost?", "none", "faq"),
        ("I'm safe, back to my question", "none", "im_safe"),
    ],
)
def test_the_pipeline_ends_with_what_was_heard_of_danger(
    agent: Agent, text: str, outcome: str, intent: str
) -> None:
    heard = asyncio.run(agent.parse_message(text))

    assert heard["crisis"]["outcome"] == outcome
    assert heard["intent"]["name"] == intent
