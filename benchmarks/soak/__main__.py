"""`make soak`: let visitors come for half an hour and watch what the processes hold on to.

Only a run of the usual length is written to results.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.chat import usage
from benchmarks.chat.desks import Desk, make_keys, running, stop_all_when_told_to
from benchmarks.soak import page
from benchmarks.soak.run import Found, soak
from setup.home import HOME, QUIET, python_of

HERE = Path(__file__).parent
RAW = HOME / "var" / "benchmarks" / "soak.json"
USUAL_MINUTES = 30.0


def main() -> None:
    line = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    line.add_argument("--minutes", type=float, default=USUAL_MINUTES)
    asked = line.parse_args()
    make_keys()
    stop_all_when_told_to()
    machine = usage.machine()
    with (
        tempfile.TemporaryDirectory(prefix="soak-") as folder,
        running(Desk(Path(folder))) as desk,
    ):
        print("… the product runs", file=sys.stderr, flush=True)
        found = soak(desk, asked.minutes)
    words = page.page(found, asked.minutes, machine)
    if asked.minutes >= USUAL_MINUTES:
        (HERE / "results.md").write_text(words, "utf-8")
        plot(found, asked.minutes)
    print(words)
    sys.exit(1 if found.errors else 0)


def plot(found: Found, minutes: float) -> None:
    """Drawn in the other environment, which has what it takes."""
    shown = {
        "warm_up": page.warm_up(minutes),
        "moments": found.samples.moments,
        "resident": found.samples.resident,
    }
    RAW.parent.mkdir(parents=True, exist_ok=True)
    RAW.write_text(json.dumps(shown), "utf-8")
    command = [str(python_of("rasa")), "-m", "benchmarks.soak.plots", str(RAW)]
    subprocess.run(command, cwd=HOME, env={**os.environ, **QUIET}, check=True)


if __name__ == "__main__":
    main()
