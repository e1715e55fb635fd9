"""The commands by name."""

from __future__ import annotations

from typing import Callable, Dict, Optional

from setup import environments, rasa_model
from setup.audit import audit
from setup.benchmarks import (
    bench_chat,
    bench_crisis,
    bench_growth,
    bench_inbox,
    bench_screening,
    bench_understanding,
    chaos,
    fuzz,
    soak,
    thresholds,
)
from setup.chat import chat
from setup.checks import check, fix
from setup.dotenv import write_deploy_env
from setup.encoders import train_crisis
from setup.keys import rotate_keys
from setup.lock import lock
from setup.run import prepare, run
from setup.tests import test


def train() -> None:
    prepare()
    print("  " + rasa_model.train(always=True).name)


def build_environments() -> None:
    """Both Python environments and nothing else: an image's first layer."""
    environments.build("app", ["app.txt"])
    environments.build("rasa", ["rasa.txt", "rasa-test.txt"])


COMMANDS: Dict[str, Callable[[], Optional[int]]] = {
    "run": run,
    "train": train,
    "chat": chat,
    "check": check,
    "fix": fix,
    "test": test,
    "lock": lock,
    "audit": audit,
    "rotate-keys": rotate_keys,
    "environments": build_environments,
    "deploy-env": write_deploy_env,
    "thresholds": thresholds,
    "bench-understanding": bench_understanding,
    "train-crisis": train_crisis,
    "bench-crisis": bench_crisis,
    "bench-screening": bench_screening,
    "bench-inbox": bench_inbox,
    "bench-chat": bench_chat,
    "bench-growth": bench_growth,
    "soak": soak,
    "chaos": chaos,
    "fuzz": fuzz,
}
