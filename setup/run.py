"""`make run`: everything that a fresh clone needs, then the product itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import List

from setup import dotenv, encoders, environments, processes, rasa_model
from setup.home import HOME, LOGS, CannotGoOn, environment, port_number, python_of
from setup.steps import step


def run() -> None:
    # What we write holds what visitors said: nobody else on this machine may read it.
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _as_if_interrupted)
    print("Front desk")
    dotenv.write_dotenv()
    started = processes.ours(rasa_model.model_path(), environment())
    processes.refuse_taken_ports(started)
    prepare()
    with step("Bringing the database up to date"):
        clinic(["migrate"])
    started = processes.ours(rasa_model.train(), environment())
    try:
        processes.start(started, environment())
        _tell_addresses()
        processes.watch(started)
    except KeyboardInterrupt:
        print("\nStopping.")
    finally:
        processes.stop(started)


def prepare() -> None:
    """Environments, secrets and the embedding model; quick when all is there."""
    environments.build("app", ["app.txt"] if not _for_tests() else ["app.txt", "test.txt"])
    environments.build("rasa", ["rasa.txt", "rasa-test.txt"])
    encoders.make()


def _for_tests() -> bool:
    """An environment that has the test tools already keeps them."""
    return (python_of("app").parent / "pytest").is_file()


def _tell_addresses() -> None:
    settings = environment()
    port = port_number(settings, "CLINIC_WEB_PORT", 8000)
    url = settings.get("CLINIC_PUBLIC_URL") or "http://127.0.0.1:%d" % port
    first = json.loads(clinic(["staff", "first"]) or "{}")
    print("\n  Chat    %s/\n  Staff   %s/staff" % (url, url))
    if first:
        print(
            "          sign in as %s with the one-time password %s"
            % (first["username"], first["password"])
        )
        print("          it is shown only now; you choose your own when you sign in")
    print("  Logs    %s\n\nCtrl-C stops everything." % LOGS.relative_to(HOME), flush=True)


def clinic(arguments: List[str]) -> str:
    """Run `python -m clinic …`; its own one-line complaint becomes ours."""
    command = [str(python_of("app")), "-m", "clinic", *arguments]
    done = subprocess.run(command, cwd=HOME, env=environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotGoOn(done.stderr.strip() or "`python -m clinic %s` failed" % arguments[0])
    return done.stdout


def _as_if_interrupted(*_: object) -> None:
    raise KeyboardInterrupt
