"""The timeline of a run. Drawn in Rasa's environment, which has matplotlib, from what was kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

KILLED, FROZEN, ANSWERED, LATE = "#b3541e", "#7d9dc6", "#9aa5b1", "#c0392b"


def timeline(kept: dict[str, Any], path: Path) -> None:
    """Above, who was away when; below, how long visitors waited, and when 988 was shown."""
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, figsize=(10, 6), gridspec_kw={"height_ratios": [1, 1.6]}
    )
    names = sorted({one["server"] for one in kept["outages"]})
    for one in kept["outages"]:
        colour = KILLED if one["deed"] == "kill" else FROZEN
        width = one["ended"] - one["begun"]
        above.barh(names.index(one["server"]), width, left=one["begun"], color=colour, height=0.7)
    above.set_yticks(range(len(names)), names, fontsize=8)
    above.invert_yaxis()
    above.set_title("Away: killed until well again (brown), frozen (blue)", loc="left", fontsize=9)
    answers = kept["answers"]
    below.scatter(
        [one[0] for one in answers],
        [one[1] for one in answers],
        s=4,
        color=ANSWERED,
        label="answer",
    )
    shown = [one for one in kept["dangers"] if one["shown"] is not None]
    below.scatter(
        [one["at"] for one in shown],
        [one["shown"] for one in shown],
        s=14,
        color="#0b6e4f",
        label="988 on the screen",
    )
    below.axhline(2, color=LATE, linewidth=0.8, linestyle="--", label="2 s")
    below.set_yscale("log")
    below.set_xlabel("seconds since the beginning")
    below.set_ylabel("seconds until it was seen")
    below.legend(fontsize=8, loc="upper right")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    timeline(json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2]))
