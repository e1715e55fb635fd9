"""Leads leave as lines of JSON, as a spreadsheet or as FHIR; who takes them out is written down."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import lead_export
from clinic.commands.command_line import main
from clinic.leads import LeadRequest, save_lead
from clinic.screening.items import Coding
from clinic.tables import AuditEntry, Lead
from tests.clinic.screened import CLINICAL, SCORE_CODES, medicine, response, screened

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def score_codes(monkeypatch: pytest.MonkeyPatch) -> dict[str, Coding]:
    monkeypatch.setattr(lead_export, "score_codes", lambda: SCORE_CODES)
    return SCORE_CODES


@pytest.fixture
def lead(session: Session) -> Lead:
    saved = save_lead(session, screened())
    session.commit()
    return saved


def row_of(session: Session, **changes: Any) -> dict[str, str]:
    saved = save_lead(session, screened(**changes))
    session.flush()
    (row,) = csv.DictReader(io.StringIO(lead_export.as_csv([saved])))
    return row


def test_json_holds_all_that_is_kept_of_a_lead(lead: Lead) -> None:
    taken_out = json.loads(lead_export.as_jsonl([lead]))

    assert taken_out["clinical"] == CLINICAL
    assert taken_out["questionnaire_response"] == response()
    assert taken_out["summary"][0] == ["Age", "43"]
    kept = {column.name for column in Lead.__table__.columns}
    assert kept - {"conversation_id", "response"} == set(taken_out) - {"questionnaire_response"}


def test_a_spreadsheet_has_a_column_for_what_staff_look_for(session: Session) -> None:
    row = row_of(session)

    assert tuple(row) == lead_export.COLUMNS
    expected = {
        "status": "new",
        "urgency": "3",
        "outcome": "X",
        "outcome_label": "Clinician first",
        "reasons": "you gave a blood pressure of 150/95; you mentioned xanax",
        "name": "Zoë Example",
        "phone": "+12025550143",
        "email": "zoe@example.org",
        "contact": "Best time: Weekday mornings",
        "age": "43",
        "state": "Maryland",
        "phq9": "16",
        "gad7": "",
        "medicines": "alprazolam (review); sertraline; lithium (not taken now)",
        "unrecognised": "the blue heart pill",
        "missing": "Liver; Pregnancy and breastfeeding",
        "ruleset": "2",
        "questionnaire": "2",
    }
    assert {name: row[name] for name in expected} == expected
    assert json.loads(row["questionnaire_response"]) == response()


def test_a_callback_request_is_a_row_with_empty_cells(session: Session) -> None:
    saved = save_lead(session, LeadRequest(conversation_id="two", name="Sam"))
    session.flush()

    (row,) = csv.DictReader(io.StringIO(lead_export.as_csv([saved])))

    assert (row["name"], row["outcome"], row["phq9"], row["reasons"]) == ("Sam", "", "", "")
    assert row["questionnaire_response"] == ""


PLANTED = ["=HYPERLINK(0)", "+cmd|0", "-1+1", "@SUM(A1)", "\t=1", "\n=1", " =1", "＝1"]


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_a_visitor_typed_is_a_formula_in_a_spreadsheet(
    session: Session, planted: str
) -> None:
    row = row_of(
        session,
        name=planted,
        email=planted,
        contact={planted: planted},
        triage={"label": planted, "reasons": [{"text": planted, "rule": "a", "code": "X"}]},
        clinical={**CLINICAL, "medicines": [medicine(planted, None)], "missing": [planted]},
    )

    for column in ("name", "email", "contact", "outcome_label", "reasons", "missing"):
        assert row[column].startswith("'" + planted), column
    assert row["unrecognised"] == "'" + planted


def test_each_line_of_fhir_is_a_bundle(session: Session, lead: Lead, capsys: Captured) -> None:
    save_lead(session, LeadRequest(conversation_id="two", name="Sam"))
    session.commit()

    assert main(["leads", "export", "--format", "fhir"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    for line in lines:
        Bundle.model_validate_json(line)


def test_one_lead_as_fhir_is_one_bundle_that_people_can_read(
    session: Session, lead: Lead, capsys: Captured
) -> None:
    save_lead(session, LeadRequest(conversation_id="two", name="Sam"))
    session.commit()

    assert main(["leads", "export", "--format", "fhir", "--lead", lead.id]) == 0

    shown = capsys.readouterr().out
    assert shown.startswith('{\n  "resourceType": "Bundle"')
    assert "Zoë Example" in shown
    assert "Sam" not in shown
    Bundle.model_validate_json(shown)


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_one_lead_can_be_taken_out_in_every_format(
    session: Session, lead: Lead, kind: str, capsys: Captured
) -> None:
    save_lead(session, LeadRequest(conversation_id="two", name="Sam"))
    session.commit()

    assert main(["leads", "export", "--format", kind, "--lead", lead.id]) == 0

    shown = capsys.readouterr().out
    assert "Zoë Example" in shown
    assert "Sam" not in shown


def test_only_the_lead_that_leaves_is_in_the_audit_log(session: Session, lead: Lead) -> None:
    save_lead(session, LeadRequest(conversation_id="two", name="Sam"))
    session.commit()

    main(["leads", "export", "--format", "fhir", "--lead", lead.id])

    query = select(AuditEntry).where(AuditEntry.action == "lead.exported")
    entry = session.scalars(query).one()
    assert (entry.actor, entry.subject) == ("system", f"lead:{lead.id}")


@pytest.mark.parametrize("kind", list(lead_export.WRITERS))
def test_a_lead_that_does_not_exist_is_one_line(
    database_url: str, kind: str, capsys: Captured
) -> None:
    assert main(["leads", "export", "--format", kind, "--lead", "nobody"]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "There is no lead with this id.\n"


def test_the_codes_of_the_scores_are_those_of_the_clinics_own_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()

    codes = lead_export.score_codes()

    assert (codes["phq9"].code, codes["gad7"].code) == ("44261-6", "70274-6")
