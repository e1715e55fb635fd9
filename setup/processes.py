"""Start rasa, actions and web, wait until each is healthy, and stop all of them together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Dict, List
from urllib.parse import urlsplit

from setup.home import HOME, LOGS, CannotGoOn, port_number, python_of
from setup.steps import last_lines, step

SECONDS_TO_START = 180
SECONDS_TO_STOP = 10


class Process:
    """One of ours: how it is started, and the address that says it is well."""

    def __init__(self, name: str, command: List[str], health: str, logs: Path = LOGS) -> None:
        self.name, self.command, self.health = name, command, health
        self.log = logs / (name + ".log")

    @property
    def address(self) -> str:
        return urlsplit(self.health).netloc

    def start(self, env: Dict[str, str]) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists():
            # What is shown when a start fails must be of this start.
            self.log.replace(self.log.with_suffix(".before.log"))
        with self.log.open("ab") as output:
            # In a session of its own, so that Ctrl-C reaches only us and we stop them in order.
            self.running = subprocess.Popen(
                self.command,
                cwd=HOME,
                env=env,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def has_died(self) -> bool:
        return self.running.poll() is not None

    def is_well(self) -> bool:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                self.health, timeout=3
            ) as answer:
                body = answer.read()
        except (urllib.error.URLError, OSError):
            return False
        return not self.health.endswith("/healthz") or json.loads(body)["database"] == "up"

    def wait_until_well(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.is_well():
            if self.has_died():
                raise CannotGoOn(self.obituary())
            if time.monotonic() > deadline:
                raise CannotGoOn("%s did not become healthy; see %s" % (self.name, self.log))
            time.sleep(0.2)

    def obituary(self) -> str:
        return "%s\n%s has stopped; see %s" % (last_lines(self.log), self.name, self.log)

    def stop(self, how: int) -> None:
        if not self.has_died():
            os.killpg(self.running.pid, how)


def ours(model: Path, settings: Dict[str, str]) -> List[Process]:
    """Our three processes, in the order in which they need each other."""
    rasa_url = settings.get("CLINIC_RASA_URL", "http://127.0.0.1:5005").rstrip("/")
    rasa_port = _port_of(rasa_url)
    web_port = port_number(settings, "CLINIC_WEB_PORT", 8000)
    web_host = settings.get("CLINIC_WEB_HOST", "127.0.0.1")
    if web_host == "0.0.0.0":  # noqa: S104  # we look at it, we do not bind to it
        web_host = "127.0.0.1"
    rasa = [
        str(python_of("rasa")),
        "-m",
        "nlu_components.serve",
        "run",
        "--quiet",
        "--model",
        str(model),
    ]
    # Rasa answers to this machine only; the world talks to web.
    rasa += ["--interface", "127.0.0.1", "--port", str(rasa_port)]
    app = str(python_of("app"))
    return [
        Process("actions", [app, "-m", "actions"], settings["CLINIC_ACTIONS_URL"] + "/health"),
        Process("rasa", rasa, rasa_url + "/"),
        Process("web", [app, "-m", "web"], "http://%s:%d/healthz" % (web_host, web_port)),
    ]


def _port_of(url: str) -> int:
    try:
        return urlsplit(url).port or 80
    except ValueError:
        raise CannotGoOn("CLINIC_RASA_URL is wrong: %s is not an address." % url) from None


def refuse_taken_ports(processes: List[Process]) -> None:
    """Say now, in one line, what would otherwise fail minutes later."""
    for process in processes:
        host, _, port = process.address.partition(":")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, int(port)))
            except OSError:
                raise CannotGoOn(
                    "Port %s, which %s needs, is in use. Stop the program that uses it, or set "
                    "another port in .env (docs/settings.md)." % (port, process.name)
                ) from None


def start(processes: List[Process], env: Dict[str, str]) -> None:
    """Start all, then wait for each: they load at the same time."""
    for process in processes:
        process.start(env)
    for process in processes:
        with step("Starting " + process.name):
            process.wait_until_well()


def stop(processes: List[Process]) -> None:
    """Ask all to end, and end those that do not."""
    started = [process for process in processes if hasattr(process, "running")]
    for process in started:
        process.stop(signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    while time.monotonic() < deadline and not all(p.has_died() for p in started):
        time.sleep(0.1)
    for process in started:
        process.stop(signal.SIGKILL)


def watch(processes: List[Process]) -> None:
    """Return never; raise when one of them ends."""
    while True:
        for process in processes:
            if process.has_died():
                raise CannotGoOn(process.obituary())
        time.sleep(0.5)
