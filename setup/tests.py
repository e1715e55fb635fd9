"""`make test`: everything the tests need, then every test."""

from __future__ import annotations

import subprocess
import time
from typing import Dict, List

from setup import dotenv, encoders, environments, rasa_model
from setup.home import HOME, LOGS, environment, python_of

# These test what only Rasa's environment has.
BESIDE_RASA = ["tests/crisis", "tests/nlu_components"]
# These start the product, and the browser's keep an event loop of their own.
RUNNING = ["tests/running", "tests/browser"]
VALIDATE = ["rasa", "data", "validate", "--fail-on-warnings", "--quiet"]
CONVERSATIONS = ["rasa", "test", "core", "--stories", "tests/conversations", "--quiet"]
CONVERSATIONS += ["--out", "var/rasa-test", "--fail-on-prediction-errors"]


def test() -> int:
    environments.build("app", ["app.txt", "test.txt"])
    environments.build("rasa", ["rasa.txt", "rasa-test.txt"])
    encoders.make()
    model = rasa_model.train()
    # The tests make their own keys, databases and ports: a developer's .env must not matter.
    env = {name: v for name, v in environment().items() if not name.startswith("CLINIC_")}
    env.update(FRONT_DESK_MODEL=str(model), CLINIC_ACTIONS_URL="http://127.0.0.1:1")
    env.update(CLINIC_ACTION_TOKEN="-", CLINIC_REDIS_URL="", RASA_TRACKER_URL="sqlite://")
    env.update(RASA_TRACKER_KEYS=dotenv.fernet_key())
    LOGS.mkdir(parents=True, exist_ok=True)
    rasa = [str(python_of("rasa")), "-m"]
    app = [str(python_of("app")), "-m"]
    ignored = ["--ignore=" + folder for folder in BESIDE_RASA + RUNNING]
    return _all(
        {
            "Rasa's data is valid": [*rasa, *VALIDATE],
            "conversations, by rasa test": [*rasa, *CONVERSATIONS, "--model", str(model)],
            "beside Rasa": [*rasa, "pytest", "-q", *BESIDE_RASA],
            "units": [*app, "pytest", "-q", "-n", "auto", "tests", *ignored],
            # A file stays with one process: its tests share a running product.
            "the running product": [
                *app,
                "pytest",
                "-q",
                "-n",
                "2",
                "--dist",
                "loadfile",
                *RUNNING,
            ],
        },
        env,
    )


def _all(parts: Dict[str, List[str]], env: Dict[str, str]) -> int:
    """Run every part even if one fails."""
    failed = []
    for name, command in parts.items():
        print("\n== %s" % name, flush=True)
        started = time.monotonic()
        code = _run(command, env)
        took = time.monotonic() - started
        print("== %s: %s in %.0f s" % (name, "failed" if code else "passed", took), flush=True)
        failed += [name] if code else []
    if failed:
        print("\nFailed: " + ", ".join(failed))
    return 1 if failed else 0


def _run(command: List[str], env: Dict[str, str]) -> int:
    """pytest reports as it goes; Rasa's pages of output are shown only if something failed."""
    if "pytest" in command:
        return subprocess.call(command, cwd=HOME, env=env)
    log = LOGS / "test.log"
    with log.open("wb") as output:
        code = subprocess.call(command, cwd=HOME, env=env, stdout=output, stderr=output)
    if code != 0:
        print(log.read_text("utf-8", "replace"))
    return code
