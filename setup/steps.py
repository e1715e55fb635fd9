"""Say what is being done, and how long it took."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Dict, Iterator, List, Optional

from setup.home import HOME, LOGS, CannotGoOn

LAST_LINES = 15


@contextmanager
def step(what: str) -> Iterator[None]:
    """`  Building the rasa environment … 21 s`, on one line, when it is done."""
    sys.stdout.write("  " + what + " … ")
    sys.stdout.flush()
    started = time.monotonic()
    try:
        yield
    except BaseException:
        sys.stdout.write("failed\n")
        raise
    sys.stdout.write("%.0f s\n" % (time.monotonic() - started))
    sys.stdout.flush()


def run(command: List[str], *, log: str, env: Optional[Dict[str, str]] = None, remedy: str) -> None:
    """Run a command with its output in `var/log/<log>.log`.

    Raises:
        CannotGoOn: it failed; the message has the last lines of its output and the remedy.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / (log + ".log")
    with path.open("wb") as output:
        code = subprocess.call(command, cwd=HOME, env=env, stdout=output, stderr=output)
    if code != 0:
        raise CannotGoOn(last_lines(path) + "\n" + remedy)


def last_lines(path: Path) -> str:
    lines = path.read_text("utf-8", "replace").rstrip().splitlines()
    return "\n".join(lines[-LAST_LINES:])
