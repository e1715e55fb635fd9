"""`make bench-crisis`: measure crisis detection, and write results.md and the plots."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.crisis import datasets, plots
from benchmarks.crisis.datasets import EXPLICIT, HOME, Case
from benchmarks.crisis.measures import (
    Cost,
    Count,
    Hear,
    by_kind,
    cost,
    survives,
    thread_time,
    total,
)
from nlu_components.crisis.classifier import CrisisClassifier
from nlu_components.crisis.component import load_judge
from nlu_components.crisis.detector import CrisisDetector

HERE = Path(__file__).parent
RANDOM_STRINGS = 100_000
LONGEST_MESSAGE = 2_000
"""Characters; web takes no longer message."""
LONG = "I have read your page and would like to know what it costs and when you are open. "


def main() -> None:
    """Measure everything, say what is being done, and write the results."""
    settings = _settings()
    judge = load_judge(settings)
    detector = CrisisDetector.from_folder(Path(settings["phrases"]))
    classifier = CrisisClassifier.load(Path(settings["model"]), Path(settings["classifier"]))

    def together(text: str) -> str:
        return judge.judge(text).outcome

    def phrases(text: str) -> str:
        found = detector.find(text)
        return found.outcome if found else "none"

    def learnt(text: str) -> str:
        likely = classifier.likelihood(text)
        if likely.hard >= settings["hard"]:
            return "hard"
        return "soft" if likely.crisis >= settings["soft"] else "none"

    listeners: dict[str, Hear] = {
        "phrases and classifier": together,
        "phrases alone": phrases,
        "classifier alone": learnt,
    }
    lines = ["# Crisis detection", "", INTRODUCTION.format(**settings), ""]
    for half in ("test", "development"):
        _say(f"{half} sentences")
        lines += _held_out(half, listeners)
    _say("ordinary questions")
    lines += _ordinary(together)
    folder = datasets.public_data()
    if folder is None:
        lines += ["## Public sets", "", "Not measured: FRONT_DESK_BENCHMARK_DATA is not set.", ""]
    else:
        _say("public sets")
        lines += _public(datasets.public(folder), together)
    _say("cost")
    lines += _costs(listeners)
    _say(f"{RANDOM_STRINGS} random strings: some minutes")
    lines += _random(together)
    _say("plots")
    _curves(classifier, settings["soft"])
    (HERE / "results.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


INTRODUCTION = """\
`make bench-crisis` writes this file. *Heard* is the crisis reply or the check-in; *hard* is the
crisis reply at once. Intervals are Wilson's, 95 %. Thresholds (config.yml): hard {hard}, soft
{soft} (Spanish {spanish_soft}), doubt {doubt}. They were picked on the development sentences;
`doubt` alone was set after the count of hard alarms on test and public sets was known."""


def _settings() -> dict[str, Any]:
    content = yaml.safe_load((HOME / "config.yml").read_text("utf-8"))
    return next(part for part in content["pipeline"] if part["name"].endswith("DetectorComponent"))


def _held_out(half: str, listeners: dict[str, Hear]) -> list[str]:
    cases = datasets.held_out(half)
    crisis = [case for case in cases if case.is_crisis]
    calm = [case for case in cases if not case.is_crisis]
    lines = [f"## Our own sentences: {half}", ""]
    lines += ["| | heard | hard alarms on calm | any alarm on calm |", "|---|---|---|---|"]
    for name, hear in listeners.items():
        heard = total(by_kind(crisis, hear), "crisis")
        alarms = total(by_kind(calm, hear), "calm")
        lines.append(f"| {name} | {_share(heard)} | {alarms.hard_share:.1f} % | {_share(alarms)} |")
    hear = listeners["phrases and classifier"]
    counts, alarms_of = by_kind(crisis, hear), by_kind(calm, hear)
    explicit = [count for count in counts if count.kind in EXPLICIT]
    missed = sum(count.sentences - count.hard - count.soft for count in explicit)
    of = sum(count.sentences for count in explicit)
    lines += ["", f"Missed of explicit suicide, overdose and medical emergency: {missed} of {of}."]
    lines += ["", *_table(counts), "", *_table(alarms_of), ""]
    if half == "test":
        plots.kinds(counts, 99, HERE / "heard.png", "Danger that is heard, unseen sentences")
        plots.kinds(alarms_of, 5, HERE / "alarms.png", "Alarms at calm sentences, unseen")
        lines += ["![heard](heard.png)", "", "![alarms](alarms.png)", ""]
    return lines


def _ordinary(hear: Hear) -> list[str]:
    counted = total(by_kind(datasets.ordinary(), hear), "ordinary")
    return [
        "## Ordinary questions",
        "",
        f"Of {counted.sentences} held-out questions of tests/understanding {counted.hard} are "
        f"called danger and {counted.soft} get a check-in ({counted.heard:.1f} %).",
        "",
    ]


def _public(sets: dict[str, list[Case]], hear: Hear) -> list[str]:
    lines = ["## Public sets", "", "| set | sentences | hard | soft | hard + soft |"]
    lines.append("|---|---|---|---|---|")
    for name, cases in sets.items():
        for is_crisis in (True, False):
            chosen = [case for case in cases if case.is_crisis == is_crisis]
            if chosen:
                said = "crisis" if is_crisis else "not crisis"
                counted = total(by_kind(chosen, hear), name)
                lines.append(
                    f"| {name}, {said} | {counted.sentences} | {counted.hard_share:.2f} % | "
                    f"{100 * counted.soft / counted.sentences:.2f} % | {_share(counted)} |"
                )
    return [*lines, ""]


def _costs(listeners: dict[str, Hear]) -> list[str]:
    texts = [case.text for case in datasets.held_out("test")] + [
        case.text for case in datasets.ordinary()
    ]
    longest = [(LONG * 40)[start : start + LONGEST_MESSAGE] for start in range(20)]
    lines = ["## Cost, processor milliseconds on one core", ""]
    lines += ["| | messages | p50 | p95 | highest |", "|---|---|---|---|---|"]
    for name, hear in listeners.items():
        lines.append(_cost_line(cost(name, texts, hear, clock=thread_time)))
        of_longest = f"{name}, {LONGEST_MESSAGE} characters"
        lines.append(_cost_line(cost(of_longest, longest, hear, clock=thread_time)))
    return [*lines, ""]


def _random(hear: Hear) -> list[str]:
    result = survives(hear, RANDOM_STRINGS)
    return [
        "## Random strings",
        "",
        f"{result['strings']} strings (unicode, emoji, control characters; {result['huge']} of "
        f"64 KB): {result['raised']} raised an exception.",
        "",
        "## The classifier",
        "",
        "![trade-off](trade_off.png) ![calibration](calibration.png)",
    ]


def _curves(classifier: CrisisClassifier, chosen: float) -> None:
    cases = datasets.held_out("development")
    likely = np.array([classifier.likelihood(case.text).crisis for case in cases])
    is_crisis = np.array([case.is_crisis for case in cases])
    plots.trade_off(likely[is_crisis], likely[~is_crisis], chosen, HERE / "trade_off.png")
    plots.calibration(likely, is_crisis, HERE / "calibration.png")


def _table(counts: Sequence[Count]) -> list[str]:
    lines = ["| kind | sentences | hard | soft | hard + soft |", "|---|---|---|---|---|"]
    return lines + [
        f"| {c.kind.replace('_', ' ')} | {c.sentences} | {c.hard} | {c.soft} | {c.heard:.0f} % |"
        for c in counts
    ]


def _share(counted: Count) -> str:
    low, high = counted.interval()
    return f"{counted.heard:.1f} % ({low:.1f}–{high:.1f})"


def _cost_line(found: Cost) -> str:
    return (
        f"| {found.name} | {found.messages} | {found.p50:.2f} | {found.p95:.2f} | "
        f"{found.highest:.2f} |"
    )


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
