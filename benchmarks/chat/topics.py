"""What ten times the topics cost: the reading of a message, in Rasa's environment.

Run there: `python -m benchmarks.chat.topics RESULT.json`. It trains two pipelines anew, as
`make bench-understanding` does, so that both are measured on the machine as it is now.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from setup import rasa_model
from setup.home import HOME, environment, python_of


@dataclass(frozen=True)
class Trial:
    """One pipeline: milliseconds of each message that it read."""

    labels: int
    examples: int
    parse_ms: Sequence[float]
    memory_mb: float
    train_seconds: float


def measure(folder: Path) -> tuple[Trial, Trial] | None:
    """With our topics and with ten times as many; None without the public messages for it."""
    if not os.environ.get("FRONT_DESK_BENCHMARK_DATA"):
        return None
    result = folder / "topics.json"
    subprocess.run(
        [str(python_of("rasa")), "-m", "benchmarks.chat.topics", str(result)],
        cwd=HOME,
        env={**environment(), **rasa_model.NO_NEIGHBOURS},
        check=True,
    )
    few, many = (Trial(**one) for one in json.loads(result.read_text("utf-8")))
    return few, many


def main(result: Path) -> None:
    from benchmarks.understanding import datasets, trials

    public = datasets.public_data()
    if public is None:
        raise SystemExit("FRONT_DESK_BENCHMARK_DATA is not set")
    sets = (datasets.own(examples=datasets.OWN_EXAMPLES), datasets.ten_times(public))
    found = [_as_json(trials.run("ours", data, anew=True)) for data in sets]
    result.write_text(json.dumps(found), "utf-8")


def _as_json(trial: dict[str, Any]) -> dict[str, Any]:
    names = ("labels", "examples", "parse_ms", "memory_mb", "train_seconds")
    return {name: trial[name] for name in names}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
