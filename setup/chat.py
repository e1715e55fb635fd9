"""`make chat`: talk to the bot in the terminal."""

from __future__ import annotations

import json
import os
import textwrap
import urllib.error
import urllib.request
import uuid
from typing import Any, Dict, List

from setup import dotenv, processes, rasa_model
from setup.home import CannotGoOn, environment
from setup.run import clinic, prepare

WIDTH = 88


def chat() -> None:
    """Start rasa and actions if they do not run, and pass lines between them and the terminal."""
    os.umask(0o077)
    dotenv.write_dotenv()
    prepare()
    clinic(["migrate"])
    actions, rasa, _ = processes.ours(rasa_model.train(), environment())
    started = [process for process in (actions, rasa) if not process.is_well()]
    try:
        processes.start(started, environment())
        print("\nWrite to the bot; an empty line or Ctrl-D ends the chat.\n")
        _talk(environment().get("CLINIC_RASA_URL", "http://127.0.0.1:5005"), uuid.uuid4().hex)
    finally:
        processes.stop(started)


def _talk(rasa_url: str, sender: str) -> None:
    while True:
        try:
            text = input("you  ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if not text:
            return
        for entry in _replies(rasa_url, sender, text):
            _show(entry)


def _replies(rasa_url: str, sender: str, text: str) -> List[Dict[str, Any]]:
    body = json.dumps({"sender": sender, "message": text}).encode()
    request = urllib.request.Request(
        rasa_url + "/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            replies: List[Dict[str, Any]] = json.load(answer)
    except (urllib.error.URLError, OSError):
        raise CannotGoOn("Rasa does not answer; see var/log/rasa.log") from None
    return replies or [{"text": "(no answer: are the actions running? see var/log/actions.log)"}]


def _show(entry: Dict[str, Any]) -> None:
    for line in entry.get("text", "").splitlines():
        print(textwrap.fill(line, WIDTH, initial_indent="bot  ", subsequent_indent="     "))
    payload = entry.get("custom", {})
    choices = list(payload.get("options", [])) + list(payload.get("suggestions", []))
    if choices:
        print("     [" + "] [".join(choices) + "]")
