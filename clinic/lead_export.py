"""Leads as other systems take them: lines of JSON, a spreadsheet, FHIR. Each one is audited."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.clinical_summary import ClinicalSummary, Medicine, clinical_summary
from clinic.fhir.bundle import bundle
from clinic.questionnaires import SCREENING, form
from clinic.screening.items import Coding
from clinic.tables import Lead, Moment

COLUMNS = (
    "id",
    "created_at",
    "status",
    "status_reason",
    "merged_into",
    "urgency",
    "outcome",
    "outcome_label",
    "reasons",
    "wants_callback",
    "name",
    "phone",
    "email",
    "contact",
    "age",
    "state",
    "phq9",
    "gad7",
    "medicines",
    "unrecognised",
    "missing",
    "ruleset",
    "questionnaire",
    "questionnaire_response",
)

MOMENTS = tuple(column.name for column in Lead.__table__.columns if isinstance(column.type, Moment))

# A cell that begins like this is a formula to a spreadsheet, and visitors choose their names.
FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
TELEPHONE = re.compile(r"\+\d+")


def wanted(session: Session, lead_id: str | None = None) -> list[Lead]:
    """Every lead, oldest first, or the one with this id if there is one."""
    query = select(Lead).order_by(Lead.created_at, Lead.id)
    if lead_id is not None:
        query = query.where(Lead.id == lead_id)
    return list(session.scalars(query))


def record(session: Session, leads: Sequence[Lead], *, actor: str) -> None:
    """Write down who takes these leads out; commit it before anything leaves."""
    for lead in leads:
        audit.record(session, actor=actor, action="lead.exported", subject=f"lead:{lead.id}")


def exported(lead: Lead) -> dict[str, Any]:
    """All that is kept of a lead, as plain JSON values; not what staff wrote about it."""
    return {
        "id": lead.id,
        **{name: _moment(getattr(lead, name)) for name in MOMENTS},
        "status": lead.status,
        "status_reason": lead.status_reason,
        "urgency": lead.urgency,
        "outcome": lead.outcome,
        "triage_verdict": lead.triage_verdict,
        "wants_callback": lead.wants_callback,
        "state": lead.state,
        "source": lead.source,
        "assignee_id": lead.assignee_id,
        "merged_into": lead.merged_into,
        "name": lead.name,
        "phone": lead.phone,
        "email": lead.email,
        "contact": lead.contact,
        "triage": lead.triage,
        "clinical": lead.clinical,
        "summary": lead.summary,
        "questionnaire_response": lead.response,
    }


def as_jsonl(leads: Sequence[Lead]) -> str:
    return "".join(json.dumps(exported(lead), ensure_ascii=False) + "\n" for lead in leads)


def as_csv(leads: Sequence[Lead]) -> str:
    """A row for each lead, with a column for what staff look for first."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in _row(lead).items()} for lead in leads)
    return out.getvalue()


def as_fhir(leads: Sequence[Lead]) -> str:
    """One Bundle in each line."""
    bundles = (bundle(lead, score_codes()) for lead in leads)
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in bundles)


def as_one_bundle(lead: Lead) -> str:
    """The Bundle of one lead, for people to read too."""
    return json.dumps(bundle(lead, score_codes()), ensure_ascii=False, indent=2) + "\n"


WRITERS: Mapping[str, Callable[[Sequence[Lead]], str]] = {
    "jsonl": as_jsonl,
    "csv": as_csv,
    "fhir": as_fhir,
}


def score_codes() -> dict[str, Coding]:
    """What LOINC calls the total of each score."""
    return {scale.id: scale.code for scale in form(SCREENING).scales}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _row(lead: Lead) -> dict[str, Any]:
    summary = clinical_summary(lead, None)
    versions = dict(summary.versions)
    totals = {score["id"]: score["total"] for score in (lead.clinical or {}).get("scores", ())}
    return {
        "id": lead.id,
        "created_at": lead.created_at.isoformat(),
        "status": lead.status,
        "status_reason": lead.status_reason,
        "merged_into": lead.merged_into,
        "urgency": lead.urgency,
        "outcome": lead.outcome,
        "outcome_label": summary.label,
        "reasons": "; ".join(reason.text for reason in summary.reasons),
        "wants_callback": lead.wants_callback,
        "name": lead.name,
        "phone": lead.phone,
        "email": lead.email,
        "contact": "; ".join(f"{label}: {words}" for label, words in lead.contact.items()),
        "age": summary.age,
        "state": summary.state,
        "phq9": totals.get("phq9"),
        "gad7": totals.get("gad7"),
        **_medicine_cells(summary),
        "missing": "; ".join(summary.missing),
        "ruleset": versions.get("ruleset"),
        "questionnaire": versions.get("questionnaire"),
        "questionnaire_response": lead.response,
    }


def _medicine_cells(summary: ClinicalSummary) -> dict[str, str]:
    return {
        "medicines": "; ".join(map(_medicine_words, summary.medicines)),
        "unrecognised": "; ".join(medicine.said for medicine in summary.unrecognised),
    }


def _medicine_words(medicine: Medicine) -> str:
    remarks = ", ".join(filter(None, (medicine.asks_for, medicine.doubt)))
    return f"{medicine.generic} ({remarks})" if remarks else str(medicine.generic)


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and FORMULA.match(value) and not TELEPHONE.fullmatch(value):
        return "'" + value
    return value
