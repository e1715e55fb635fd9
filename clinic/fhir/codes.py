"""Published words that our resources use. Each system and code is the exact one of its owner."""

from __future__ import annotations

from typing import Any

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
URI = "urn:ietf:rfc:3986"


def concept(system: str | None, code: str, display: str | None) -> dict[str, Any]:
    """A CodeableConcept with one coding."""
    coding = {"system": system, "code": code, "display": display}
    return {"coding": [{key: value for key, value in coding.items() if value}]}


def quantity(value: int, unit: str, code: str) -> dict[str, Any]:
    """A number in a unit; `unit` is for people, `code` is UCUM's."""
    return {"value": value, "unit": unit, "system": UCUM, "code": code}


SURVEY = concept(OBSERVATION_CATEGORY, "survey", "Survey")
VITAL_SIGNS = concept(OBSERVATION_CATEGORY, "vital-signs", "Vital Signs")

AGE = concept(LOINC, "30525-0", "Age")
BLOOD_PRESSURE = concept(LOINC, "85354-9", "Blood pressure panel with all children optional")
SYSTOLIC = concept(LOINC, "8480-6", "Systolic blood pressure")
DIASTOLIC = concept(LOINC, "8462-4", "Diastolic blood pressure")
