"""A plot of the soak. Run in Rasa's environment, which has matplotlib, on what the run kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

COLOURS = ("#0b6e4f", "#b3541e", "#3d5a80", "#9aa5b1")


def memory(samples: dict[str, Any], path: Path) -> None:
    """Each process beside its own size after the warm-up."""
    figure, axis = plt.subplots(figsize=(8, 3.4))
    minutes = [moment / 60 for moment in samples["moments"]]
    first = next(
        (place for place, moment in enumerate(samples["moments"]) if moment >= samples["warm_up"]),
        0,
    )
    for colour, (name, values) in zip(COLOURS, samples["resident"].items(), strict=False):
        beside = [100 * value / values[first] for value in values]
        axis.plot(minutes, beside, color=colour, label=f"{name}, {values[first]:.0f} MB")
    axis.axvline(samples["warm_up"] / 60, color="#9aa5b1", linestyle=":")
    axis.axhline(105, color="#b3541e", linestyle="--", linewidth=0.8, label="goal")
    axis.set_xlabel("minutes")
    axis.set_ylabel("% of the size after the warm-up")
    axis.set_title("Memory of each process", loc="left", fontsize=10)
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8, loc="upper left")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    memory(json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(__file__).parent / "results.png")
