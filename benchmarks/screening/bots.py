"""The bot that visitors talk to: the running product, or the bare engine without Rasa."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum, auto
from typing import Any, Protocol

import httpx

from clinic import conversations
from clinic.questionnaires import SCREENING, early_ending, form, outcome
from clinic.screening import engine
from clinic.screening.changes import find_change
from clinic.screening.progress import Progress
from clinic.screening.response import questionnaire_response
from tests.front_desk import FrontDesk

PATIENCE = 60.0
REFUSED = 422
"""What web says to an empty or an endless message; the question stays on the page."""


class Deed(StrEnum):
    """What a visitor does with a message. The engine is told; Rasa must hear it by itself."""

    BEGIN = auto()
    ANSWER = auto()
    DIGRESS = auto()
    BACK = auto()
    SKIP = auto()
    CHANGE = auto()
    STOP = auto()
    RESUME = auto()
    CALM = auto()


@dataclass(frozen=True)
class Reply:
    """What the bot said to one message."""

    text: str = ""
    questions: tuple[Mapping[str, Any], ...] = ()
    types: tuple[str, ...] = ()
    outcome: str | None = None
    refused: bool = False
    seconds: float = 0.0

    @property
    def field(self) -> str | None:
        return str(self.questions[-1]["field"]) if self.questions else None

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(self.questions[-1].get("options") or ()) if self.questions else ()

    @property
    def optional(self) -> bool:
        return bool(self.questions and self.questions[-1].get("optional"))


@dataclass(frozen=True)
class Kept:
    """What staff have of a visitor in the end."""

    response: Mapping[str, Any]
    outcome: str | None


class Bot(Protocol):
    """Somebody to talk to, for one visitor."""

    def say(self, text: str, deed: Deed) -> Reply: ...

    def come_back(self) -> None:
        """Go away, and open the chat again in another browser window."""
        ...


class EngineBot:
    """The engine alone: no language but the readers', and nothing is kept anywhere."""

    def __init__(self) -> None:
        self.form = form(SCREENING)
        self.progress = Progress.start(self.form.questionnaire)
        self.ended: str | None = None

    def say(self, text: str, deed: Deed) -> Reply:
        started = time.perf_counter()
        if deed == Deed.STOP:
            return Reply(seconds=time.perf_counter() - started)
        line = "" if deed in (Deed.BEGIN, Deed.RESUME, Deed.CALM) else self._hear(text, deed)
        return replace(self._ask(line), seconds=time.perf_counter() - started)

    def come_back(self) -> None:
        self.progress = Progress.from_json(json.loads(json.dumps(self.progress.to_json())))

    def kept(self) -> Kept | None:
        if not self.progress.confirmed:
            return None
        response = questionnaire_response(self.form, self.progress, datetime.now(UTC))
        return Kept(response, self.ended)

    def _hear(self, text: str, deed: Deed) -> str:
        """In the order of the action that hears answers; what is wanted takes Rasa's place."""
        received = engine.receive(self.form, self.progress, text, lenient=False)
        if received.problem is not None:
            received = self._changed(text) or self._wished(text, deed)
        self.progress = received.progress
        return received.problem or received.said or ""

    def _changed(self, text: str) -> engine.Received | None:
        items = engine.answered_items(self.form, self.progress)
        wish = find_change(text, items, items[-1].link_id) if items else None
        if wish is None:
            return None
        return engine.change(self.form, self.progress, wish.link_ids, wish.text)

    def _wished(self, text: str, deed: Deed) -> engine.Received:
        if deed == Deed.BACK:
            return engine.Received(engine.go_back(self.form, self.progress))
        if deed == Deed.SKIP:
            return engine.skip(self.form, self.progress)
        if deed == Deed.DIGRESS:
            return engine.Received(self.progress)
        return engine.receive(self.form, self.progress, text, lenient=True)

    def _ask(self, line: str) -> Reply:
        over = early_ending(SCREENING, self.progress)
        question = None if over else engine.next_question(self.form, self.progress)
        if question is None:
            over = over or outcome(SCREENING, self.progress)
            self.ended = over.code if over else None
            return Reply(types=("outcome",), outcome=self.ended)
        payload = {
            "field": question.link_id,
            "options": list(question.options),
            "optional": question.optional,
        }
        return Reply("\n\n".join(filter(None, (line, question.text))), (payload,), ("question",))


class RunningBot:
    """The running product, through the API that the widget uses."""

    def __init__(self, desk: FrontDesk) -> None:
        self.desk = desk
        self.http = self._browser()
        self._open()
        self.last = Reply()

    @property
    def conversation_id(self) -> str:
        return conversations.id_of(self.key)

    def say(self, text: str, deed: Deed) -> Reply:
        started = time.perf_counter()
        sent = {"text": text, "key": str(uuid.uuid4())}
        answer = self.http.post("/api/messages", json=sent)
        seconds = time.perf_counter() - started
        if answer.status_code == REFUSED:
            return replace(self.last, refused=True, seconds=seconds)
        answer.raise_for_status()
        self.last = replace(reply_of(answer.json()["messages"]), seconds=seconds)
        return self.last

    def come_back(self) -> None:
        self.http.close()
        self.http = self._browser()
        self._use(self.key)
        self._open()

    def close(self) -> None:
        self.http.close()

    def _browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.desk.url, timeout=PATIENCE)

    def _open(self) -> None:
        answer = self.http.post("/api/conversation", json={})
        answer.raise_for_status()
        self._use(str(answer.json()["key"]))

    def _use(self, key: str) -> None:
        self.key = key
        self.http.headers["Authorization"] = f"Bearer {key}"


def reply_of(bubbles: Sequence[Mapping[str, Any]]) -> Reply:
    """The bubbles of one answer, as far as a visitor looks at them."""
    payloads = [bubble["payload"] or {} for bubble in bubbles]
    outcomes = [one["code"] for one in payloads if one.get("type") == "outcome"]
    return Reply(
        text="\n\n".join(bubble["text"] for bubble in bubbles),
        questions=tuple(one for one in payloads if one.get("type") == "question"),
        types=tuple(one.get("type", "plain") for one in payloads),
        outcome=outcomes[-1] if outcomes else None,
    )


def kept_by_conversation(desk: FrontDesk) -> dict[str, Kept]:
    """Every lead as the clinic exports it, by the conversation it came from."""
    with sqlite3.connect(desk.database) as database:
        owners = dict(database.execute("SELECT id, conversation_id FROM leads").fetchall())
    leads = map(json.loads, desk.clinic("leads", "export", "--format", "jsonl").splitlines())
    return {
        owners[lead["id"]]: Kept(lead["questionnaire_response"] or {}, lead["outcome"])
        for lead in leads
    }
