"""`make check` looks, `make fix` changes."""

from __future__ import annotations

import subprocess
from typing import List

from setup import environments
from setup.home import HOME, environment, python_of

LINT = ["ruff", "check"]
FORMAT = ["ruff", "format"]
TYPES = ["mypy"]
ROOMS = ["lint-imports"]


def check() -> int:
    """Style, types, and which room may import which."""
    _prepare()
    return _all([LINT, [*FORMAT, "--check"], TYPES, ROOMS])


def fix() -> int:
    """What can be put right without thinking."""
    _prepare()
    return _all([[*LINT, "--fix"], FORMAT])


def _prepare() -> None:
    environments.build("app", ["app.txt", "test.txt"])


def _all(commands: List[List[str]]) -> int:
    """Run every command even if one fails: all complaints at once."""
    tools = python_of("app").parent
    worst = 0
    for tool, *arguments in commands:
        print("\n" + " ".join([tool, *arguments]), flush=True)
        worst |= subprocess.call([str(tools / tool), *arguments], cwd=HOME, env=environment())
    return worst
