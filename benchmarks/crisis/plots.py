"""Plots of the results."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from benchmarks.crisis.measures import Count

HEARD, MISSED, CALM = "#0b6e4f", "#b3541e", "#9aa5b1"


def kinds(counts: Sequence[Count], goal: float, path: Path, title: str) -> None:
    """For each kind the share heard as danger (dark) or as a hint (light), with its interval."""
    figure, axis = plt.subplots(figsize=(8, 0.32 * len(counts) + 1.2))
    names = [count.kind.replace("_", " ") for count in counts]
    hard = np.array([count.hard_share for count in counts])
    heard = np.array([count.heard for count in counts])
    low = np.array([max(count.heard - count.interval()[0], 0) for count in counts])
    high = np.array([max(count.interval()[1] - count.heard, 0) for count in counts])
    axis.barh(names, hard, color=HEARD, label="crisis reply")
    axis.barh(names, heard - hard, left=hard, color="#7cc4a4", label="check-in")
    axis.errorbar(heard, names, xerr=[low, high], fmt="none", ecolor="#33404d", capsize=2, lw=0.8)
    axis.axvline(goal, color=MISSED, lw=1, ls="--", label=f"goal {goal:g} %")
    axis.invert_yaxis()
    axis.set_xlim(0, 100 if max(heard) > 40 else max(heard.max() * 1.6, goal * 2))
    axis.set_xlabel("% of the sentences")
    axis.set_title(title, loc="left")
    axis.legend(fontsize=8, loc="lower right", bbox_to_anchor=(1, 1), ncol=3)
    _save(figure, path)


def trade_off(crisis: np.ndarray, calm: np.ndarray, chosen: float, path: Path) -> None:
    """What the classifier alone hears at each share of false alarms."""
    limits = np.linspace(0, 1, 400)
    alarms = np.array([(calm >= limit).mean() * 100 for limit in limits])
    heard = np.array([(crisis >= limit).mean() * 100 for limit in limits])
    figure, axis = plt.subplots(figsize=(6, 4))
    axis.plot(alarms, heard, color=HEARD)
    at = (calm >= chosen).mean() * 100, (crisis >= chosen).mean() * 100
    axis.plot(*at, "o", color=MISSED, label=f"threshold {chosen:g}")
    axis.set_xlim(0, 25)
    axis.set_ylim(60, 100)
    axis.set_xlabel("false alarms, % of calm sentences")
    axis.set_ylabel("heard, % of sentences of danger")
    axis.set_title("Classifier alone, development sentences", loc="left")
    axis.grid(alpha=0.3)
    axis.legend()
    _save(figure, path)


def calibration(likely: np.ndarray, is_crisis: np.ndarray, path: Path) -> None:
    """How often it is danger where the classifier says so many percent."""
    edges = np.linspace(0, 1, 11)
    middle, share = [], []
    for low, high in itertools.pairwise(edges):
        inside = (likely >= low) & (likely <= high)
        if inside.sum() >= 5:
            middle.append(100 * likely[inside].mean())
            share.append(100 * is_crisis[inside].mean())
    figure, axis = plt.subplots(figsize=(4.5, 4))
    axis.plot([0, 100], [0, 100], color=CALM, lw=1)
    axis.plot(middle, share, "o-", color=HEARD)
    axis.set_xlabel("said, %")
    axis.set_ylabel("true, %")
    axis.set_title("Calibration, development sentences", loc="left")
    _save(figure, path)


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)
