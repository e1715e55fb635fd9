"""`make rotate-keys`: everything stored is encrypted with the newest keys, in both environments."""

from __future__ import annotations

import subprocess
from typing import List

from setup.home import HOME, environment, python_of

ROTATIONS = [
    ("app", ["-m", "clinic", "keys", "rotate"]),
    ("rasa", ["-m", "nlu_components.tracker_keys", "rotate"]),
]


def rotate_keys() -> int:
    """The second one also runs where the first has found something to tell."""
    ends = [_rotate(name, arguments) for name, arguments in ROTATIONS]
    return int(any(ends))  # one that was killed ends with a number below zero


def _rotate(name: str, arguments: List[str]) -> int:
    return subprocess.call([str(python_of(name)), *arguments], cwd=HOME, env=environment())
