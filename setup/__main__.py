"""`python3 -m setup run | train | test | chat | prepare`: what the Makefile calls."""

from __future__ import annotations

import os
import shutil
import sys

PYTHON = (3, 11)


def main() -> None:
    _go_to_the_right_python()
    # Only now: these lines may use what an older Python does not know.
    from setup.commands import COMMANDS
    from setup.home import CannotGoOn

    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in COMMANDS:
        sys.exit("usage: python3 -m setup " + " | ".join(COMMANDS))
    try:
        sys.exit(COMMANDS[name]())
    except CannotGoOn as problem:
        sys.exit("\n%s" % problem)
    except KeyboardInterrupt:
        sys.exit(130)


def _go_to_the_right_python() -> None:
    """Rasa's libraries exist for Python 3.11; use it even if `python3` is another one."""
    if sys.version_info[:2] == PYTHON:
        return
    other = shutil.which("python3.11")
    if other is None:
        sys.exit(
            "Python 3.11 is needed and python3 is %d.%d. Install python3.11, or name one: "
            "make run PYTHON=/path/to/python3.11" % sys.version_info[:2]
        )
    os.execv(other, [other, "-m", "setup", *sys.argv[1:]])  # noqa: S606  # no shell wanted


if __name__ == "__main__":
    main()
