"""A plot of the results. Run in Rasa's environment, which has matplotlib, on what the run kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

FEW, MANY = "#9aa5b1", "#0b6e4f"
HALF = 0.38


def pages(cases: list[dict[str, Any]], path: Path) -> None:
    """For each deed the 95th percentile of the whole page, with few leads and with many."""
    names = [case["name"] for case in cases]
    figure, axis = plt.subplots(figsize=(8, 0.32 * len(names) + 1.4))
    places = np.arange(len(names))
    sizes = sorted(cases[0]["by_leads"], key=int)
    for side, (size, colour) in enumerate(zip(sizes, (FEW, MANY), strict=True)):
        values = [case["by_leads"][size]["p95"] for case in cases]
        where = places + (side - 0.5) * HALF
        axis.barh(where, values, height=HALF, color=colour, label=f"{int(size):,} leads")
    axis.set_yticks(places, names, fontsize=8)
    axis.invert_yaxis()
    axis.margins(y=0.01)
    axis.set_xlabel("milliseconds for the whole page, 95th percentile")
    axis.grid(axis="x", alpha=0.3)
    axis.set_title("The inbox with few leads and with many", loc="left")
    axis.legend(fontsize=8, loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    kept = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    whole = [case for case in kept if case["way"] == "page"]
    pages(whole, Path(__file__).parent / "results.png")
