"""The bot that `rasa init --no-prompt` makes: made, trained and run as it is."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from benchmarks.chat.visitors import StarterVisitor
from setup import processes
from setup.home import QUIET, python_of
from setup.processes import Process
from tests.front_desk import free_port

MAKE = "import sys; from rasa.cli.scaffold import create_initial_project as make; make(sys.argv[1])"
"""What `rasa init` itself calls, without the training after it: that is timed apart."""


class Starter:
    """Rasa's own policies, pipeline, channel and stores, with nothing held back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "starter"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        # Not on one thread, as ours is: it takes what it wants.
        quiet = {name: value for name, value in QUIET.items() if name != "OMP_NUM_THREADS"}
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("CLINIC_", "RASA_"))},
            **quiet,
        }
        command = [str(python_of("rasa")), "-m", "rasa", "run", "--port", str(port)]
        command += ["--interface", "127.0.0.1"]
        self.process = _In(self.folder, "starter", command, f"{self.url}/", folder)

    def train(self) -> float:
        """Seconds of `rasa train`, with Rasa's own start."""
        self.folder.mkdir(parents=True)
        self._run(["-c", MAKE, str(self.folder)])
        begun = time.perf_counter()
        self._run(["-m", "rasa", "train"])
        return time.perf_counter() - begun

    def start(self) -> None:
        self.process.start(self.env)
        self.process.wait_until_well()

    def stop(self) -> None:
        processes.stop([self.process])

    def pids(self) -> dict[str, int]:
        return {"rasa": self.process.running.pid}

    def visitor(self) -> StarterVisitor:
        return StarterVisitor(self.url)

    def _run(self, arguments: list[str]) -> None:
        with (self.folder.parent / "starter-training.log").open("ab") as log:
            subprocess.run(
                [str(python_of("rasa")), *arguments],
                cwd=self.folder,
                env=self.env,
                stdout=log,
                stderr=log,
                check=True,
            )


class _In(Process):
    """A process that works in a folder of its own instead of the project's."""

    def __init__(self, where: Path, name: str, command: list[str], health: str, logs: Path) -> None:
        super().__init__(name, command, health, logs)
        self.where = where

    def start(self, env: dict[str, str]) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command,
                cwd=self.where,
                env=env,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
