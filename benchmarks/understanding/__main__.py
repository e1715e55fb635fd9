"""`make bench-understanding`: measure, and write the tables and plots of this folder anew."""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from benchmarks.understanding import datasets, measures, plots, trials
from benchmarks.understanding.datasets import BOTS

FOLDER = Path(__file__).parent
SYSTEMS = ("dialogflow", "rasa", "luis", "haptik", "bert")
WHERE = (
    "The public sets are not shipped. Put HINT3 (github.com/hellohaptik/HINT3) and BANKING77 into "
    "a folder and name it in FRONT_DESK_BENCHMARK_DATA; benchmarks/README.md says how."
)


def main() -> None:
    line = argparse.ArgumentParser(prog="python -m benchmarks.understanding", description=__doc__)
    line.add_argument("--anew", action="store_true", help="repeat trials whose results are kept")
    line.add_argument("--quick", action="store_true", help="only our pipeline on our own messages")
    asked = line.parse_args()
    tables = [own_messages(anew=asked.anew, starter=not asked.quick)]
    public = datasets.public_data()
    if asked.quick:
        print("\n\n".join(tables))
        return
    if public is None:
        sys.exit(WHERE)
    tables += [hint3(public, anew=asked.anew), banking(public, anew=asked.anew)]
    tables += [cost(public, anew=asked.anew)]
    head = "# Understanding: the last run\n\nMade by `make bench-understanding`. Rates in percent."
    (FOLDER / "results.md").write_text("\n\n".join([head, *tables]) + "\n", "utf-8")
    print("\n\n".join(tables))


def own_messages(*, anew: bool, starter: bool) -> str:
    """Held-out messages of our own: all our examples, and a fair part beside the starter."""
    everything, part = datasets.own(), datasets.own(examples=datasets.OWN_EXAMPLES)
    runs = [("ours, all examples", "ours", everything)]
    if starter:
        runs.append((f"ours, {datasets.OWN_EXAMPLES} examples a topic", "ours", part))
        runs.append((f"starter, {datasets.OWN_EXAMPLES} examples a topic", "starter", part))
    rows = []
    for name, pipeline, data in runs:
        result = trials.run(pipeline, data, anew=anew)
        found = measures.own(data.test, result["predictions"])
        rows.append([name, *(percent(value) for value in asdict(found).values())])
    inside = sum(label != datasets.OUT_OF_SCOPE for _, label in everything.test)
    outside = len(everything.test) - inside
    title = f"## Our own held-out messages ({inside} in scope, {outside} out of scope)"
    head = ["", "right", "asked which", "wrong", "out of scope rejected", "best guess right"]
    return title + "\n\n" + table(head, rows)


def hint3(public: Path, *, anew: bool) -> str:
    """HINT3 v1, full training sets, beside the five published systems."""
    known = yaml.safe_load((FOLDER / "published.yml").read_text("utf-8"))["auroc"]
    scores: dict[str, dict[str, list[float]]] = {
        system: {bot: [*_published(public, system, bot), known[system][bot]] for bot in BOTS}
        for system in SYSTEMS
    }
    for pipeline in ("starter", "ours"):
        scores[pipeline] = {}
        for bot in BOTS:
            data = datasets.hint3(bot, public)
            result = trials.run(pipeline, data, anew=anew)
            found = measures.hint3(data.test, result["predictions"])
            scores[pipeline][bot] = [100 * value for value in asdict(found).values()]
    plots.hint3(scores, FOLDER / "hint3.png")
    rows = [
        [system, *(" / ".join(f"{value:.1f}" for value in of_bot[bot]) for bot in BOTS)]
        for system, of_bot in scores.items()
    ]
    title = "## HINT3 v1, full: accuracy in scope at 0.1 / recall out of scope at 0.5 / AUROC"
    return title + "\n\n" + table(["system", *BOTS], rows)


def banking(public: Path, *, anew: bool) -> str:
    """BANKING77 with ten examples of each intent."""
    title = "## BANKING77, 10 examples of each intent: accuracy"
    data = datasets.banking77(public)
    if data is None:
        return title + "\n\nNot measured: the files are not there."
    known = yaml.safe_load((FOLDER / "published.yml").read_text("utf-8"))["banking77_10"]
    rows = [[f"{name}, published", f"{value:.2f}"] for name, value in known.items()]
    for pipeline in ("starter", "ours"):
        result = trials.run(pipeline, data, anew=anew)
        rows.append([pipeline, f"{100 * measures.accuracy(data.test, result['predictions']):.2f}"])
    return title + "\n\n" + table(["", "accuracy"], rows)


def cost(public: Path, *, anew: bool) -> str:
    """What training and parsing take, on our own messages, one thread."""
    part = datasets.own(examples=datasets.OWN_EXAMPLES)
    runs = [
        ("starter", trials.run("starter", part, anew=anew)),
        ("ours", trials.run("ours", part, anew=anew)),
        ("ours, all examples", trials.run("ours", datasets.own(), anew=anew)),
        ("ours, ten times the topics", trials.run("ours", datasets.ten_times(public), anew=anew)),
    ]
    plots.cost(runs, FOLDER / "cost.png")
    rows = [[name, *_costs(result)] for name, result in runs]
    head = ["", "topics", "examples", "parse p50 ms", "parse p95 ms", "training s", "memory MB"]
    return "## Cost\n\n" + table([*head, "ready s", "archive MB"], rows)


def _costs(result: dict[str, Any]) -> list[str]:
    return [
        str(result["labels"]),
        str(result["examples"]),
        f"{measures.percentile(result['parse_ms'], 50):.1f}",
        f"{measures.percentile(result['parse_ms'], 95):.1f}",
        f"{result['train_seconds']:.0f}",
        f"{result['memory_mb']:.0f}",
        f"{result['ready_seconds']:.1f}",
        f"{result['archive_mb']:.1f}",
    ]


def _published(public: Path, system: str, bot: str) -> list[float]:
    with (public / "hint3" / "results" / f"{system}_{bot}.csv").open(newline="") as file:
        at = {row["Threshold"]: row for row in csv.DictReader(file)}
    accuracy = float(at[str(measures.ACCURACY_AT)]["Inscope Accuracy"])
    recall = float(at[str(measures.RECALL_AT)]["OOS Recall"])
    return [100 * accuracy, 100 * recall]


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


if __name__ == "__main__":
    main()
