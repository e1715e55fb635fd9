"""A plot of the results. Run in Rasa's environment, which has matplotlib, on what the run kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

COLOURS = {
    "right at first": "#0b6e4f",
    "right after repeats": "#7cc4a4",
    "missing": "#9aa5b1",
    "mis-filled": "#b3541e",
}


def fields(counts: list[dict[str, int | str]], path: Path) -> None:
    """For each question, the share of its answers by what became of them."""
    figure, axis = plt.subplots(figsize=(8, 0.24 * len(counts) + 1.4))
    names = [str(count["field"]) for count in counts]
    left = [0.0] * len(counts)
    for status, colour in COLOURS.items():
        shares = [100 * int(count[status]) / max(int(count["meant"]), 1) for count in counts]
        axis.barh(names, shares, left=left, color=colour, label=status)
        left = [before + share for before, share in zip(left, shares, strict=True)]
    axis.invert_yaxis()
    axis.margins(y=0.01)
    axis.set_xlim(0, 100)
    axis.tick_params(axis="y", labelsize=7)
    axis.set_xlabel("% of the answers that were meant")
    axis.set_title("Kept as meant", loc="left")
    axis.legend(fontsize=8, loc="lower right", bbox_to_anchor=(1, 1), ncol=4)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    kept = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    fields(kept["fields"], Path(__file__).parent / "fields.png")
