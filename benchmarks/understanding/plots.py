"""Plots of the results, for eyes that tire of tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from benchmarks.understanding.datasets import BOTS

Point = tuple[float, float, float, float]
"""A threshold, and the shares of right, wrong and rejected."""

OURS, STARTER, OTHERS = "#0b6e4f", "#b3541e", "#9aa5b1"


def hint3(scores: dict[str, dict[str, list[float]]], path: Path) -> None:
    """Accuracy in scope and AUROC of every system on every bot."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 4), sharey=True)
    for axis, (which, title) in zip(
        axes, [(0, "accuracy in scope, %"), (2, "AUROC, %")], strict=False
    ):
        _bars(axis, {name: [of[bot][which] for bot in BOTS] for name, of in scores.items()})
        axis.set_title(title, loc="left")
        axis.set_ylim(40, 100)
    axes[1].legend(loc="lower right", fontsize=8, ncol=2)
    _save(figure, path)


def cost(runs: Sequence[tuple[str, dict[str, Any]]], path: Path) -> None:
    """How long a message takes, from the quickest to the slowest."""
    figure, axis = plt.subplots(figsize=(8, 4))
    for (name, result), color in zip(runs, (STARTER, OURS, "#2f9e77", "#5c7cfa"), strict=False):
        times = np.sort(result["parse_ms"])
        axis.plot(times, np.linspace(0, 100, len(times)), color=color, label=name)
    axis.set_xlim(left=0, right=float(np.percentile(runs[0][1]["parse_ms"], 99)) * 1.5)
    axis.set_xlabel("milliseconds to parse a message")
    axis.set_ylabel("messages, %")
    axis.grid(alpha=0.3)
    axis.legend()
    _save(figure, path)


def trade_off(
    points: Sequence[tuple[float, float, float, float]], chosen: float, path: Path
) -> None:
    """Right, wrong and rejected against the threshold; each point is (threshold, three shares)."""
    figure, axis = plt.subplots(figsize=(8, 4.5))
    thresholds = [point[0] for point in points]
    names = ("right topic", "wrong topic", "out of scope rejected")
    for place, (name, color) in enumerate(
        zip(names, (OURS, "#c92a2a", "#5c7cfa"), strict=False), start=1
    ):
        axis.plot(thresholds, [100 * point[place] for point in points], color=color, label=name)
    axis.axvline(chosen, color="#495057", linestyle=":", label=f"chosen: {chosen:.2f}")
    axis.set_xlabel("confidence from which a topic is answered")
    axis.set_ylabel("messages, %")
    axis.grid(alpha=0.3)
    axis.legend(loc="center left")
    _save(figure, path)


def _bars(axis: Any, series: dict[str, list[float]]) -> None:
    width = 0.8 / len(series)
    for place, (name, values) in enumerate(series.items()):
        color = {"ours": OURS, "starter": STARTER}.get(name, OTHERS)
        shade = 1.0 if name in ("ours", "starter") else 0.45 + 0.1 * place
        middles = np.arange(len(values)) + (place - len(series) / 2) * width
        axis.bar(middles, values, width * 0.9, color=color, alpha=shade, label=name)
    axis.set_xticks(range(len(BOTS)), BOTS)
    axis.spines[["top", "right"]].set_visible(False)


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)
