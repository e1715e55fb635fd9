"""Conversations for the tests of Rasa's tracker: a domain, messages, and a store for them."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components.tracker_store import EncryptedTrackerStore

CUSTOM = [{"type": "custom"}]
SLOTS = ("name", "questionnaire", "questionnaire_answer", "plain_answer")
DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {
            **{name: {"type": "any", "mappings": CUSTOM} for name in SLOTS},
            "crisis_watch": {"type": "any", "mappings": CUSTOM},
        },
        "forms": {"questionnaire_form": {"required_slots": []}},
    }
)
LISTEN = "action_listen"


def address(folder: Path) -> str:
    """A database of this test: a file, or a fresh one of the PostgreSQL that the run names."""
    server = os.environ.get("TRACKER_TEST_SERVER")
    if not server:
        return f"sqlite:///{folder}/rasa.db"
    known = folder / "database"
    if not known.exists():
        known.write_text(f"t{uuid.uuid4().hex}")
        with sa.create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {known.read_text()}"))
    return str(sa.engine.make_url(server).set(database=known.read_text()))


def is_a_file() -> bool:
    return not os.environ.get("TRACKER_TEST_SERVER")


def store(folder: Path, keys: str) -> EncryptedTrackerStore:
    return EncryptedTrackerStore(domain=DOMAIN, host=address(folder), keys=keys)


def tracker(*events: Event, sender: str = "visitor") -> DialogueStateTracker:
    made = DialogueStateTracker(sender, DOMAIN.slots)
    for event in events:
        made.update(event, DOMAIN)
    return made


def listens() -> ActionExecuted:
    return ActionExecuted(LISTEN)


def heard(outcome: str, text: str = "words", **judgement: Any) -> UserUttered:
    parsed: Any = {"crisis": {"outcome": outcome, "category": "suicide", **judgement}}
    return UserUttered(text, parse_data=parsed)


def said(**payload: Any) -> BotUttered:
    return BotUttered("words", {"custom": payload})


def texts(found: DialogueStateTracker | None) -> list[str]:
    """What the visitor said, as far as it is kept."""
    events = found.events if found else []
    return [e.text for e in events if isinstance(e, UserUttered) and e.text]


def new_key() -> str:
    return Fernet.generate_key().decode()
