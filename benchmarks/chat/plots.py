"""Plots of the results. Run in Rasa's environment, which has matplotlib, on what the run kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

HERE = Path(__file__).parent
COLOURS = ("#9aa5b1", "#0b6e4f", "#b3541e")
WIDTH = 0.38


def beside(bots: dict[str, Any], path: Path) -> None:
    """The 95th percentile and turns per second at each number of visitors."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.2))
    titles = {"p95": "milliseconds, 95th percentile", "per_second": "turns a second"}
    for axis, (what, title) in zip(axes, titles.items(), strict=True):
        for side, (name, levels) in enumerate(bots.items()):
            values = [level[what] for level in levels.values()]
            places = np.arange(len(values)) + (side - 0.5) * WIDTH
            bars = axis.bar(places, values, width=WIDTH, color=COLOURS[side], label=name)
            axis.bar_label(bars, fmt="%.0f", fontsize=8)
        axis.set_xticks(range(len(levels)), list(levels))
        axis.set_xlabel("visitors at once")
        axis.set_title(title, loc="left", fontsize=10)
        axis.grid(axis="y", alpha=0.3)
        axis.margins(y=0.12)
    axes[0].legend(fontsize=8)
    _save(figure, path)


def growth(conversations: dict[str, dict[str, float]], path: Path) -> None:
    """Milliseconds of a turn along a conversation."""
    figure, axis = plt.subplots(figsize=(8, 3.2))
    for colour, (name, along) in zip(COLOURS[1:], conversations.items(), strict=False):
        places = [int(place) for place in along]
        axis.plot(places, list(along.values()), color=colour, label=name)
    axis.set_ylim(bottom=0)
    axis.set_xlabel("turn of the conversation")
    axis.set_ylabel("milliseconds, median")
    axis.set_title("A turn along a conversation", loc="left", fontsize=10)
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8, loc="lower right")
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    which, kept = sys.argv[1], json.loads(Path(sys.argv[2]).read_text("utf-8"))
    if which == "beside":
        beside(kept, HERE / "results.png")
    else:
        growth(kept, HERE / "growth.png")
