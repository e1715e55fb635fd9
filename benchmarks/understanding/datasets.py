"""The data sets: our own, and public ones that lie outside this repository.

Public sets are only measured with. None is shipped, and nothing is trained on their tests.
"""

from __future__ import annotations

import csv
import json
import os
import random
import re
from collections import defaultdict
from pathlib import Path

import yaml

HOME = Path(__file__).parents[2]
OUT_OF_SCOPE = "out_of_scope"
BOTS = ("sofmattress", "curekart", "powerplay11")
OWN_EXAMPLES = 20
"""Examples of each topic that both pipelines train on; with all, the starter takes hours."""

Sentence = tuple[str, str]
"""A text and its label; `out_of_scope` is what nothing should answer."""


class Dataset:
    """What to train on and what to test with."""

    def __init__(self, name: str, train: list[Sentence], test: list[Sentence]) -> None:
        self.name, self.train, self.test = name, train, test

    def write(self, path: Path) -> None:
        path.write_text(json.dumps({"train": self.train, "test": self.test}), "utf-8")


def public_data() -> Path | None:
    """The folder with the public sets, named by FRONT_DESK_BENCHMARK_DATA."""
    named = os.environ.get("FRONT_DESK_BENCHMARK_DATA")
    return Path(named) if named else None


def own(*, examples: int | None = None) -> Dataset:
    """Our topics and intents, and the held-out messages of tests/understanding/."""
    train = _training_sentences()
    if examples is not None:
        train = _at_most(train, examples)
    return Dataset(f"own-{examples or 'all'}", train, held_out())


def held_out(folder: str = "tests/understanding") -> list[Sentence]:
    """Every held-out message with its full label, such as `faq/cost`."""
    topics = {label.split("/")[1] for _, label in _training_sentences() if label.startswith("faq/")}
    found: list[Sentence] = []
    for path in sorted((HOME / folder).glob("*.yml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        groups = content if isinstance(content, dict) else {OUT_OF_SCOPE: content}
        for name, texts in groups.items():
            is_topic = name in topics and path.stem != "conversation"
            label = f"faq/{name}" if is_topic else name
            found += [(str(text), label) for text in texts]
    return found


def hint3(bot: str, data: Path) -> Dataset:
    """HINT3 v1, full training set (Arora et al. 2020); its out-of-scope label becomes ours."""
    train = _csv(data / "hint3" / "v1" / "train" / f"{bot}_train.csv")
    test = _csv(data / "hint3" / "v1" / "test" / f"{bot}_test.csv")
    labels = {label for _, label in train}
    return Dataset(bot, train, [(t, x if x in labels else OUT_OF_SCOPE) for t, x in test])


def banking77(data: Path) -> Dataset | None:
    """BANKING77 with the published 10-shot split, as files of lines; None if it is not there."""
    folder = data / "banking77"
    if not folder.is_dir():
        return None
    parts = [
        list(zip(_lines(folder / f"{part}_seq.in"), _lines(folder / f"{part}_label"), strict=False))
        for part in ("train", "test")
    ]
    return Dataset("banking77-10", parts[0], parts[1])


def ten_times(data: Path) -> Dataset:
    """Our topics and, from CLINC150 and BANKING77, nine times as many small ones, for timing."""
    mine = _at_most(_training_sentences(), OWN_EXAMPLES)
    by_label: dict[str, list[str]] = defaultdict(list)
    for line in (data / "crisis" / "clinc_ordinary.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        by_label[row["category"]].append(row["text"])
    bank = banking77(data)
    for text, label in [*bank.train, *bank.test] if bank else []:
        by_label[f"banking/{label}"].append(text)
    wanted = 10 * len({label for _, label in mine})
    slices = [
        (text, f"{_plain(label)}_{place // 7}")
        for label, texts in sorted(by_label.items())
        for place, text in enumerate(texts)
    ]
    names = sorted({label for _, label in slices})
    taken = set(random.Random(0).sample(names, min(len(names), wanted - wanted // 10)))
    more = [(text, label) for text, label in slices if label in taken]
    return Dataset("ten-times", [*mine, *more], held_out())


def _training_sentences() -> list[Sentence]:
    from nlu_components.importer import FrontDeskImporter

    data = FrontDeskImporter(
        str(HOME / "config.yml"), str(HOME / "domain.yml"), [str(HOME / "data")]
    ).get_nlu_data()
    return [
        (m.get("text"), m.get("intent_response_key") or m.get("intent"))
        for m in data.intent_examples
        if m.get("text")
    ]


def _at_most(sentences: list[Sentence], most: int) -> list[Sentence]:
    """So many of each label, drawn with a fixed seed."""
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in sentences:
        by_label[label].append(text)
    draw = random.Random(0)
    return [
        (text, label)
        for label, texts in by_label.items()
        for text in (texts if len(texts) <= most else draw.sample(texts, most))
    ]


def _csv(path: Path) -> list[Sentence]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["sentence"], row["label"]) for row in csv.DictReader(file)]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").split("\n")[:-1]


def _plain(label: str) -> str:
    return re.sub(r"\W+", "_", label)
