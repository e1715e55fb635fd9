"""Load crisis/sentences: what the classifier learns danger, hints and ordinary talk from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nlu_components.crisis.phrases import CATEGORIES
from nlu_components.crisis.strict_yaml import CrisisFileError, read_mapping, text_list
from nlu_components.crisis.views import plain

HARD = "hard"
SOFT = "soft"
NONE = "none"
OUTCOMES = (HARD, SOFT, NONE)


@dataclass(frozen=True)
class Kind:
    """One file: sentences that ask for the same outcome and sound alike.

    `category` is empty where the file holds many of them, and for what is calm.
    """

    name: str
    outcome: str
    category: str
    sentences: tuple[str, ...]


def load_sentences(folder: Path) -> list[Kind]:
    """Every file of the folder, or a `CrisisFileError` that says what to change.

    The same words must not stand in two files: nobody could learn from that.
    """
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise CrisisFileError(folder, "there are no sentences to learn from")
    kinds = [_load_kind(path) for path in paths]
    seen: dict[str, str] = {}
    for kind, path in zip(kinds, paths, strict=True):
        for sentence in kind.sentences:
            other = seen.setdefault(plain(sentence) or sentence, kind.name)
            if other != kind.name:
                raise CrisisFileError(path, f"{sentence!r} stands in {other}.yml too")
    return kinds


def _load_kind(path: Path) -> Kind:
    content = read_mapping(path, {"outcome", "category", "sentences"})
    outcome, category = content["outcome"], content["category"] or ""
    if outcome not in OUTCOMES:
        raise CrisisFileError(path, f"outcome must be one of {', '.join(OUTCOMES)}")
    if category and (category not in CATEGORIES or outcome == NONE):
        raise CrisisFileError(path, f"there is no category {category!r} for {outcome} sentences")
    return Kind(path.stem, outcome, category, text_list(path, "sentences", content["sentences"]))
