"""What a clinician reads first about a screening: scores, medicines, what is open, the consent.

It is made once, when the visitor confirms, and kept with the lead: later versions of the rules or
of the list of medicines do not change what staff were told.
"""

from __future__ import annotations

import re
from typing import Any

from clinic.screening.enabling import enabled_questions
from clinic.screening.engine import kept_contradictions
from clinic.screening.evidence import medicines_of, scores_of
from clinic.screening.form import Form
from clinic.screening.items import Item
from clinic.screening.medicines import FLAGS, MedicineList, Mention
from clinic.screening.progress import Progress
from clinic.screening.scores import Score
from clinic.tables import Consent

UNRECOGNISED = "unrecognised"

_SOURCES = re.compile(r"\s*\[[^\]]*\]")
"""Where a note in the list of medicines comes from: for whoever keeps the list."""

UNSURE = ("unsure", "unknown")


def clinical_record(
    form: Form, progress: Progress, consent: Consent | None, *, ruleset: str
) -> dict[str, Any]:
    """The record as plain JSON values."""
    return {
        "scores": [_score(form, progress, one) for one in scores_of(form, progress)],
        "medicines": _medicines(form, progress, "medicines"),
        "tried": _medicines(form, progress, "antidepressants_tried"),
        "kept_contradictions": [
            {"id": one.id, "text": one.ask} for one in kept_contradictions(form, progress)
        ],
        "missing": [item.short for item in missing_items(form, progress)],
        "consent": _consent(consent),
        "questionnaire": progress.version,
        "ruleset": ruleset,
        "medicine_list": form.medicines.version if form.medicines else None,
    }


def _score(form: Form, progress: Progress, score: Score) -> dict[str, Any]:
    return {
        "id": score.scale.id,
        "label": score.scale.label,
        "total": score.total,
        "band": score.band,
        "answered": score.answered,
        "of": len(score.scale.items),
        "items": [_item(form, progress, link_id) for link_id in score.scale.items],
    }


def _item(form: Form, progress: Progress, link_id: str) -> dict[str, Any]:
    item = form.questionnaire.item(link_id)
    value = progress.value(link_id)
    option = item.option(value) if item and value is not None else None
    return {
        "text": item.text if item else link_id,
        "answer": option.label if option else None,
        "points": option.points if option else None,
    }


def _medicines(form: Form, progress: Progress, link_id: str) -> list[dict[str, Any]]:
    if form.medicines is None:
        return []
    listed = medicines_of(form, progress, link_id)
    return [_medicine(form.medicines, mention, counts=counts) for mention, counts in listed]


def _medicine(medicines: MedicineList, mention: Mention, *, counts: bool) -> dict[str, Any]:
    groups = [group for group in medicines.groups if group.code in mention.groups]
    flags = {group.flag for group in groups}
    flag = next((one for one in FLAGS if one in flags), UNRECOGNISED)
    return {
        "said": mention.said,
        "generic": mention.generic,
        "name": mention.name,
        "groups": list(mention.groups),
        "flag": flag,
        "counts": counts,  # false where the visitor says it is not meant, or not taken now
        "note": " ".join(_SOURCES.sub("", group.note) for group in groups if group.note),
        "close": mention.close,
        "now": mention.now,
    }


def missing_items(form: Form, progress: Progress) -> list[Item]:
    """What was skipped, or answered with “not sure”."""
    open_ones = []
    for asked in enabled_questions(form, progress):
        answer = progress.answered(asked.item.link_id)
        if answer and (answer.skipped or any(value in UNSURE for value in answer.values)):
            open_ones.append(asked.item)
    return open_ones


def _consent(consent: Consent | None) -> dict[str, str] | None:
    if consent is None:
        return None
    return {
        "version": consent.version,
        "language": consent.language,
        "at": consent.at.isoformat(timespec="seconds"),
    }
