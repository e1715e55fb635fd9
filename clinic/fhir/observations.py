"""What the visitor reported, as FHIR Observations: age, scores, blood pressure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clinic.fhir.codes import (
    AGE,
    BLOOD_PRESSURE,
    DIASTOLIC,
    SURVEY,
    SYSTOLIC,
    VITAL_SIGNS,
    concept,
    quantity,
)
from clinic.fhir.sources import Source
from clinic.screening.items import Coding

NOT_MEASURED = "Reported by the visitor before a first call; not measured by the clinic."

Named = tuple[str, dict[str, Any]]
"""A resource with its role in the Bundle."""


def observations(source: Source, score_codes: Mapping[str, Coding]) -> Iterator[Named]:
    """Those for which there is an answer.

    Args:
        score_codes: what LOINC calls the total of each score, by the score's id.
    """
    yield from _age(source)
    for score in source.clinical.get("scores", ()):
        if score["total"] is not None:
            yield f"score/{score['id']}", _score(source, score, score_codes.get(score["id"]))
    yield from _blood_pressure(source)


def _age(source: Source) -> Iterator[Named]:
    years = source.number("age")
    if years is not None:
        value = {"valueQuantity": quantity(years, "years", "a")}
        yield "age", _observation(source, SURVEY, AGE) | value


def _score(source: Source, score: Mapping[str, Any], code: Coding | None) -> dict[str, Any]:
    named = concept(code.system, code.code, code.display) if code else {}
    resource = _observation(source, SURVEY, named | {"text": f"{score['label']} total score"})
    resource["valueInteger"] = score["total"]
    if score.get("band"):
        resource["interpretation"] = [{"text": score["band"]}]
    return resource


def _blood_pressure(source: Source) -> Iterator[Named]:
    systolic, diastolic = source.number("bp_systolic"), source.number("bp_diastolic")
    # A lower number that is not lower is a slip: it stays an answer and becomes no vital sign.
    if systolic is None or diastolic is None or diastolic >= systolic:
        return
    pressures = ((SYSTOLIC, systolic), (DIASTOLIC, diastolic))
    yield (
        "blood-pressure",
        _observation(source, VITAL_SIGNS, BLOOD_PRESSURE)
        | {
            "note": [{"text": NOT_MEASURED}],
            "component": [
                {"code": code, "valueQuantity": quantity(number, "mmHg", "mm[Hg]")}
                for code, number in pressures
            ],
        },
    )


def _observation(source: Source, category: dict[str, Any], code: dict[str, Any]) -> dict[str, Any]:
    """What all of them have; the visitor is the one who says so."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [category],
        "code": code,
        "subject": source.patient,
        **source.authored("effectiveDateTime"),
        "performer": [source.patient],
        **source.derived_from(),
    }
