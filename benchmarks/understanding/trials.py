"""Run trials, each in a process of its own, and keep their results."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from benchmarks.understanding.datasets import HOME, Dataset

KEPT = HOME / "var" / "benchmarks" / "understanding"
STARTER = Path(__file__).parent / "starter.yml"
FLAT = "__"
"""To the starter a topic is an intent; with a slash Rasa would train a response selector too."""


def run(pipeline: str, data: Dataset, *, anew: bool) -> dict[str, Any]:
    """The result of `ours` or `starter` on a data set; a kept one if nothing has changed."""
    KEPT.mkdir(parents=True, exist_ok=True)
    config = KEPT / f"{pipeline}.yml"
    config.write_text(_pipeline(pipeline), "utf-8")
    flat = Dataset(data.name, [(t, _flat(x)) for t, x in data.train], data.test)
    dataset = KEPT / f"{data.name}.json"
    (flat if pipeline == "starter" else data).write(dataset)
    mark = _mark(pipeline, config, dataset)
    kept = KEPT / f"{pipeline}-{data.name}-{mark}.json"
    if anew or not kept.is_file():
        print(f"  {pipeline} on {data.name}: {len(data.train)} examples …", flush=True)
        _trial(config, dataset, kept)
    result: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    for prediction in result["predictions"]:
        for key in ("decided", "best"):
            prediction[key] = prediction[key] and prediction[key].replace(FLAT, "/")
    return result


def _trial(config: Path, dataset: Path, result: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.understanding.trial"]
    # One thread: the product runs with one, and two threads of ours gain nothing.
    env = {**os.environ, "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    with (KEPT / "trial.log").open("wb") as log:
        code = subprocess.call(
            [*command, str(config), str(dataset), str(result)],
            cwd=HOME,
            env=env,
            stdout=log,
            stderr=log,
        )
    if code != 0:
        raise SystemExit(f"the trial failed; see {KEPT / 'trial.log'}")


def _pipeline(name: str) -> str:
    """Ours is that of config.yml as it is; policies and importers have no say here."""
    if name == "starter":
        return STARTER.read_text("utf-8")
    config = yaml.safe_load((HOME / "config.yml").read_text("utf-8"))
    config.pop("importers")
    config["policies"] = []
    return str(yaml.safe_dump(config, sort_keys=False))


def _mark(pipeline: str, config: Path, dataset: Path) -> str:
    digest = hashlib.sha256(config.read_bytes() + dataset.read_bytes())
    if pipeline == "ours":
        for path in sorted((HOME / "nlu_components").glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _flat(label: str) -> str:
    return label.replace("/", FLAT)
