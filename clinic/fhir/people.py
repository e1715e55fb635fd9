"""The visitor as a FHIR Patient. Only an age is known, so there is no date of birth."""

from __future__ import annotations

from typing import Any

from clinic.fhir.codes import URI
from clinic.fhir.sources import PATIENT, Source
from clinic.screening.states import STATES


def patient(source: Source) -> dict[str, Any]:
    lead = source.lead
    resource: dict[str, Any] = {
        "resourceType": "Patient",
        "identifier": [{"system": URI, "value": f"urn:uuid:{source.uuid(PATIENT)}"}],
    }
    if lead.name:
        # As typed: which part of it is the family name is not ours to guess.
        resource["name"] = [{"text": lead.name}]
    reached_by = (("phone", lead.phone), ("email", lead.email))
    if telecom := [{"system": system, "value": value} for system, value in reached_by if value]:
        resource["telecom"] = telecom
    if state := _state(source):
        resource["address"] = [{"state": state, "country": "US"}]
    return resource


def _state(source: Source) -> str | None:
    answer = source.answers.get("state")
    code = str(answer.values[0]) if answer else ""
    return code if code in STATES else None
