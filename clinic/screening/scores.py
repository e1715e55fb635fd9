"""Scores of standard scales, such as PHQ-9 and GAD-7: the sum of the points of all their items.

A scale is defined in `screening/scores.yml`, with its LOINC codes, its bands and who made it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clinic.screening.hand_written import Entry, UnusableFileError, read_file
from clinic.screening.items import Coding, Value
from clinic.screening.questionnaire import Questionnaire


class ScoresError(UnusableFileError):
    """A file of scales cannot be used; the message names the file and the place."""


@dataclass(frozen=True)
class Band:
    """What a total from here up to the next band is called."""

    least: int
    label: str


@dataclass(frozen=True)
class Scale:
    """How a scale is scored. `code` names the total in LOINC, `panel` the scale."""

    id: str
    label: str
    code: Coding
    panel: Coding
    items: tuple[str, ...]
    bands: tuple[Band, ...]
    attribution: str


@dataclass(frozen=True)
class Score:
    """A visitor's score. There is a total only when every item was answered: nothing is guessed."""

    scale: Scale
    answered: int
    total: int | None

    @property
    def band(self) -> str | None:
        if self.total is None:
            return None
        return next(band.label for band in reversed(self.scale.bands) if band.least <= self.total)


def points(
    questionnaire: Questionnaire, answers: Mapping[str, tuple[Value, ...]]
) -> dict[str, int]:
    """The points of what was chosen, by question; only of questions whose options have points."""
    found = {}
    for link_id, values in answers.items():
        item = questionnaire.item(link_id)
        options = [item.option(value) for value in values] if item else []
        counted = [one.points for one in options if one and one.points is not None]
        if counted:
            found[link_id] = sum(counted)
    return found


def score(scale: Scale, points_by_item: Mapping[str, int]) -> Score:
    """Score one scale.

    Args:
        points_by_item: what `points` gives.
    """
    counted = [points_by_item[item] for item in scale.items if item in points_by_item]
    complete = len(counted) == len(scale.items)
    return Score(scale, len(counted), sum(counted) if complete else None)


def load_scales(path: Path) -> tuple[Scale, ...]:
    try:
        entry = read_file(path)
        entry.only(("version", "scores"))
        scales = tuple(_scale(one) for one in entry.entries("scores"))
        if len({scale.id for scale in scales}) != len(scales):
            raise entry.wrong("each score is written once.")
        return scales
    except UnusableFileError as problem:
        raise ScoresError(str(problem)) from None


def unknown_items(scales: tuple[Scale, ...], questionnaire: Questionnaire) -> tuple[str, ...]:
    """Items that scales name and the questionnaire does not have, or that give no points."""
    wrong = []
    for scale in scales:
        for link_id in scale.items:
            item = questionnaire.item(link_id)
            if item is None:
                wrong.append(f"score '{scale.id}': there is no question '{link_id}'")
            elif any(option.points is None for option in item.options) or not item.options:
                wrong.append(f"score '{scale.id}': an option of '{link_id}' has no 'points'")
    return tuple(wrong)


def _scale(entry: Entry) -> Scale:
    name = entry.text("id")
    entry = entry.renamed(f"score '{name}'")
    entry.only(("id", "label", "code", "panel", "items", "bands", "attribution"))
    scale = Scale(
        id=name,
        label=entry.text("label"),
        code=_coding(entry.entry("code")),
        panel=_coding(entry.entry("panel")),
        items=entry.texts("items"),
        bands=tuple(_band(band) for band in entry.entries("bands")),
        attribution=entry.text("attribution"),
    )
    starts = [band.least for band in scale.bands]
    if not starts or starts[0] != 0 or starts != sorted(set(starts)):
        raise entry.wrong("'bands' begin with 'from: 0' and rise.")
    if not scale.items or len(set(scale.items)) != len(scale.items):
        raise entry.wrong("'items' names each question of the scale, once.")
    return scale


def _band(entry: Entry) -> Band:
    entry.only(("from", "label"))
    return Band(entry.number("from"), entry.text("label"))


def _coding(entry: Entry) -> Coding:
    entry.only(("system", "code", "display"))
    return Coding(entry.text("code"), entry.text("system"), entry.text("display"))
