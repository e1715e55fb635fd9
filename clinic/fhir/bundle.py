"""One lead as one FHIR R4 Bundle: the person, the answers, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clinic.fhir.codes import URI
from clinic.fhir.medications import medication_statements
from clinic.fhir.observations import Named, observations
from clinic.fhir.people import patient
from clinic.fhir.sources import PATIENT, RESPONSE, Source
from clinic.screening.items import Coding
from clinic.tables import Lead


def bundle(lead: Lead, score_codes: Mapping[str, Coding]) -> dict[str, Any]:
    """A collection that refers to nothing outside of itself but the Questionnaire.

    Args:
        score_codes: what LOINC calls the total of each score, by the score's id.
    """
    source = Source.of(lead)
    return {
        "resourceType": "Bundle",
        "id": source.uuid("bundle"),
        "identifier": {"system": URI, "value": f"urn:uuid:{source.uuid('bundle')}"},
        "type": "collection",
        "timestamp": lead.updated_at.isoformat(timespec="seconds"),
        "entry": [
            _entry(source, role, resource) for role, resource in _resources(source, score_codes)
        ],
    }


def _resources(source: Source, score_codes: Mapping[str, Coding]) -> Iterator[Named]:
    yield PATIENT, patient(source)
    if source.lead.response:
        yield RESPONSE, _response(source)
    yield from observations(source, score_codes)
    yield from medication_statements(source)


def _entry(source: Source, role: str, resource: dict[str, Any]) -> dict[str, Any]:
    uuid = source.uuid(role)
    named = {"resourceType": resource["resourceType"], "id": uuid}
    return {"fullUrl": f"urn:uuid:{uuid}", "resource": named | resource}


def _response(source: Source) -> dict[str, Any]:
    """The answers as they were kept, now said to be this visitor's."""
    language = (source.clinical.get("consent") or {}).get("language")
    return {
        **({"language": language} if language else {}),
        **(source.lead.response or {}),
        "subject": source.patient,
        "source": source.patient,
    }
