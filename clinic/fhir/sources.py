"""What the resources of one Bundle are made of, and how they refer to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from clinic.screening.response_answers import Answer, answers
from clinic.tables import Lead

PATIENT = "patient"
RESPONSE = "questionnaire-response"


@dataclass(frozen=True)
class Source:
    """One lead, read once."""

    lead: Lead
    answers: dict[str, Answer]
    clinical: dict[str, Any]

    @classmethod
    def of(cls, lead: Lead) -> Source:
        return cls(lead, answers(lead.response), lead.clinical or {})

    def uuid(self, role: str) -> str:
        """The same lead always gives the same ids: a second import finds what is there."""
        return str(uuid5(UUID(self.lead.id), role))

    def reference(self, role: str) -> dict[str, str]:
        """Points at another resource of the Bundle."""
        return {"reference": f"urn:uuid:{self.uuid(role)}"}

    @property
    def patient(self) -> dict[str, str]:
        return self.reference(PATIENT)

    def number(self, link_id: str) -> int | None:
        answer = self.answers.get(link_id)
        return answer.number if answer else None

    def authored(self, key: str) -> dict[str, str]:
        """When the visitor answered, under the name that a kind of resource has for it."""
        authored = (self.lead.response or {}).get("authored")
        return {key: authored} if authored else {}

    def derived_from(self) -> dict[str, list[dict[str, str]]]:
        """The answers that a resource was taken from; a callback request has none."""
        return {"derivedFrom": [self.reference(RESPONSE)]} if self.lead.response else {}
