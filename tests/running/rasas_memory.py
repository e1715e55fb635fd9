"""What Rasa keeps of a conversation, read with its key."""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text

from tests.front_desk import FrontDesk


def events(front_desk: FrontDesk, conversation_id: str) -> list[dict[str, Any]]:
    cipher = Fernet(front_desk.env["RASA_TRACKER_KEYS"])
    engine = create_engine(front_desk.env["RASA_TRACKER_URL"])
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT data FROM trackers WHERE sender_id = :id"), {"id": conversation_id}
        )
        kept = [json.loads(cipher.decrypt(data.encode()))["events"] for (data,) in rows]
    engine.dispose()
    return [event for conversation in kept for event in conversation]
