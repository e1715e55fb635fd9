"""`make lock`: pin every requirement with hashes, and without the address it came from."""

from __future__ import annotations

import subprocess

from setup.environments import REQUIREMENTS, UV, install_uv
from setup.home import CannotGoOn
from setup.steps import step

COMPILE = ["pip", "compile", "--python-version", "3.11", "--generate-hashes", "--quiet"]
COMPILE += ["--no-emit-index-url", "--no-annotate", "--no-header"]
# In this order: rasa-test and test are pinned to fit the two before them.
NAMES = ["build", "rasa", "rasa-test", "embedding", "app", "test"]


def lock() -> None:
    install_uv()
    for name in NAMES:
        command = [str(UV), *COMPILE, name + ".in", "--output-file", name + ".txt"]
        if (REQUIREMENTS / (name + ".overrides")).is_file():
            command += ["--override", name + ".overrides"]
        with step("Pinning " + name):
            if subprocess.call(command, cwd=REQUIREMENTS) != 0:
                raise CannotGoOn("requirements/%s.in cannot be resolved; see above" % name)
