"""The benchmarks, each a command: what is measured stands in benchmarks/."""

from __future__ import annotations

import subprocess

from setup import encoders, environments, rasa_model
from setup.home import HOME, environment, python_of


def thresholds() -> int:
    return _measure("benchmarks.thresholds")


def bench_understanding() -> int:
    return _measure("benchmarks.understanding")


def bench_crisis() -> int:
    return _measure("benchmarks.crisis")


def bench_screening() -> int:
    return _use("benchmarks.screening")


def bench_inbox() -> int:
    """A database server is started for it, and a million leads take eight gigabytes for a while."""
    environments.build("app", ["app.txt", "test.txt"])
    environments.build("rasa", ["rasa.txt", "rasa-test.txt"])  # draws the plot
    command = [str(python_of("app")), "-m", "benchmarks.inbox"]
    return subprocess.call(command, cwd=HOME, env=environment())


def bench_chat() -> int:
    return _use("benchmarks.chat", "beside", "replicas")


def bench_growth() -> int:
    return _use("benchmarks.chat", "growth")


def soak() -> int:
    return _use("benchmarks.soak")


def chaos() -> int:
    return _use("benchmarks.chaos")


def fuzz() -> int:
    return _use("benchmarks.fuzz")


def _use(module: str, *questions: str) -> int:
    """Unlike the others, these use the running product from outside, as visitors do."""
    environments.build("app", ["app.txt", "test.txt"])
    environments.build("rasa", ["rasa.txt", "rasa-test.txt"])
    encoders.make()
    rasa_model.train()
    command = [str(python_of("app")), "-m", module, *questions]
    return subprocess.call(command, cwd=HOME, env=environment())


def _measure(module: str) -> int:
    environments.build("rasa", ["rasa.txt", "rasa-test.txt"])
    encoders.make()
    command = [str(python_of("rasa")), "-m", module]
    env = {**environment(), **rasa_model.NO_NEIGHBOURS}
    return subprocess.call(command, cwd=HOME, env=env)
