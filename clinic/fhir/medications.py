"""What the visitor takes, in their own words, as FHIR MedicationStatements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clinic.fhir.observations import Named
from clinic.fhir.sources import Source

ACTIVE, UNKNOWN = "active", "unknown"

CHECK = "medicines:meant"
"""The question that clears up doubtful words; its options are the medicines."""

Mentioned = Mapping[str, Any]
"""One medicine of the clinical record."""


def medication_statements(source: Source) -> Iterator[Named]:
    """One for each medicine taken now, and one for each that is not clear.

    A medicine is named only where the visitor's words are certain; else their words stand.
    """
    statements: dict[tuple[str, str], list[Mentioned]] = {}
    for medicine in source.clinical.get("medicines", ()):
        if _is_certain(source, medicine):
            statements.setdefault((ACTIVE, medicine["generic"]), []).append(medicine)
        elif not _is_denied(medicine):
            statements.setdefault((UNKNOWN, medicine["said"]), []).append(medicine)
    for (status, name), mentions in statements.items():
        yield f"medication/{status}/{name}", _statement(source, status, name, mentions)


def _is_certain(source: Source, medicine: Mentioned) -> bool:
    generic = medicine["generic"]
    if generic is None:
        return False
    check = source.answers.get(CHECK)
    confirmed = check is not None and generic in check.values
    return confirmed or (medicine["now"] and not medicine["close"])


def _is_denied(medicine: Mentioned) -> bool:
    """The words say that it is not taken, and so did the visitor when asked."""
    return medicine["generic"] is not None and not medicine["now"] and not medicine["counts"]


def _statement(source: Source, status: str, name: str, mentions: list[Mentioned]) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement",
        "status": status,
        "medicationCodeableConcept": {"text": name},
        "subject": source.patient,
        **source.authored("dateAsserted"),
        "informationSource": source.patient,
        **source.derived_from(),
        "note": [{"text": _note(status, mentions)}],
    }


def _note(status: str, mentions: list[Mentioned]) -> str:
    said = "; ".join(dict.fromkeys(mention["said"] for mention in mentions))
    maybe = dict.fromkeys(mention["generic"] for mention in mentions if mention["counts"])
    if status == ACTIVE or not maybe:
        return f"As typed by the visitor: {said}"
    return f"As typed by the visitor: {said}. May be: {', '.join(maybe)}."
