"""The whole product, started for real on ports of its own, for tests that use it from outside."""

from __future__ import annotations

import json
import os
import signal
import socket
import uuid
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from setup import processes, rasa_model
from setup.home import QUIET
from setup.processes import Process

SCHEMA = Draft202012Validator(json.loads(Path("web/bot_message.schema.json").read_text("utf-8")))


class FrontDesk:
    """Rasa, actions and web with a database, keys and logs that nobody else uses."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("rasa", "actions", "web")}
        self.database = folder / "clinic.db"
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("CLINIC_", "RASA_"))},
            **QUIET,
            "CLINIC_ENCRYPTION_KEYS": os.environ["CLINIC_ENCRYPTION_KEYS"],
            "CLINIC_ACTION_TOKEN": "a-token-for-this-test",
            "CLINIC_REDIS_URL": "",
            "CLINIC_SEARCH_KEY": os.environ["CLINIC_SEARCH_KEY"],
            "CLINIC_DATABASE_URL": f"sqlite:///{self.database}",
            "CLINIC_RASA_URL": f"http://127.0.0.1:{self.ports['rasa']}",
            "CLINIC_ACTIONS_PORT": str(self.ports["actions"]),
            "CLINIC_ACTIONS_URL": f"http://127.0.0.1:{self.ports['actions']}",
            "CLINIC_WEB_PORT": str(self.ports["web"]),
            "CLINIC_PUBLIC_URL": f"http://127.0.0.1:{self.ports['web']}",
            "CLINIC_MESSAGES_PER_MINUTE": "1000",
            "CLINIC_CONVERSATIONS_PER_HOUR": "1000",
            "CLINIC_REQUESTS_PER_MINUTE": "1000000",
            "RASA_TRACKER_KEYS": os.environ["CLINIC_ENCRYPTION_KEYS"],
            "RASA_TRACKER_URL": f"sqlite:///{folder / 'rasa.db'}",
            **settings,
        }
        self.processes: dict[str, Process] = {}
        for process in self.processes_of(folder):
            process.log = folder / f"{process.name}.log"
            self.processes[process.name] = process

    def processes_of(self, folder: Path) -> list[Process]:
        return processes.ours(_model(), self.env)

    @property
    def url(self) -> str:
        return self.env["CLINIC_PUBLIC_URL"]

    def start(self) -> None:
        self.clinic("migrate")
        for process in self.processes.values():
            process.start(self.env)
        for process in self.processes.values():
            process.wait_until_well()

    def stop(self) -> None:
        processes.stop(list(self.processes.values()))

    def kill(self, name: str) -> None:
        self.processes[name].stop(signal.SIGKILL)
        self.processes[name].running.wait()

    def start_again(self, name: str) -> None:
        self.processes[name].start(self.env)
        self.processes[name].wait_until_well()

    def clinic(self, *arguments: str) -> str:
        """The output of `python -m clinic …`."""
        import subprocess
        import sys

        done = subprocess.run(
            [sys.executable, "-m", "clinic", *arguments],
            env=self.env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def say_to_rasa(self, text: str, sender: str | None = None) -> list[dict[str, Any]]:
        """What Rasa's REST channel answers, entry by entry."""
        url = f"{self.env['CLINIC_RASA_URL']}/webhooks/rest/webhook"
        body = {"sender": sender or uuid.uuid4().hex, "message": text}
        answer = httpx.post(url, json=body, timeout=30)
        answer.raise_for_status()
        return list(answer.json())

    def logs(self) -> str:
        """Everything that any process has logged."""
        return "\n".join(path.read_text("utf-8", "replace") for path in self.folder.glob("*.log"))


class Visitor:
    """A visitor's browser, as far as the chat API sees it."""

    def __init__(self, front_desk: FrontDesk) -> None:
        self.http = httpx.Client(base_url=front_desk.url, timeout=30)
        self.said: list[dict[str, Any]] = []
        self.open()

    @property
    def key(self) -> str:
        """What opens the conversation, as this browser sends it with every request."""
        return str(self.http.headers["Authorization"]).removeprefix("Bearer ")

    def use(self, key: str) -> None:
        """Send this key from now on."""
        self.http.headers["Authorization"] = f"Bearer {key}"

    def open(self) -> list[dict[str, Any]]:
        answer = self.http.post("/api/conversation", json={})
        answer.raise_for_status()
        self.use(answer.json()["key"])
        return list(answer.json()["messages"])

    def say(self, *texts: str) -> list[dict[str, Any]]:
        """Send texts one after the other; the bot's bubbles in answer to the last."""
        for text in texts:
            answer = self.http.post("/api/messages", json={"text": text, "key": str(uuid.uuid4())})
            answer.raise_for_status()
            self.said = answer.json()["messages"]
            for message in self.said:
                if message["payload"] is not None:
                    SCHEMA.validate(message["payload"])
        return self.said

    def field(self) -> str | None:
        """The question that is open after the last answer."""
        payloads = [message["payload"] or {} for message in self.said]
        fields = [p["field"] for p in payloads if p.get("type") == "question"]
        return fields[-1] if fields else None


def types(messages: list[dict[str, Any]]) -> list[str]:
    return [(message["payload"] or {}).get("type", "plain") for message in messages]


def everything(messages: list[dict[str, Any]]) -> str:
    """All that messages say, payloads included, to look for words in."""
    return json.dumps(messages, ensure_ascii=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _model() -> Path:
    path = rasa_model.model_path()
    assert path.is_file(), "no model fits the data: run `make train`, or `make test`"
    return path
