"""Files of one lead: only for staff, written down, and kept by no browser."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import select

from clinic import lead_export
from clinic.database import transaction
from clinic.leads import save_lead
from clinic.tables import AuditEntry, Lead
from tests.clinic.screened import SCORE_CODES, screened
from tests.web.console.conftest import Browser

Deeds = Callable[[], list[tuple[str, str]]]
ENDINGS = ("fhir.json", "csv", "jsonl")


@pytest.fixture
def lead(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Lead:
    monkeypatch.setattr(lead_export, "score_codes", lambda: SCORE_CODES)
    with transaction() as session:
        return save_lead(session, screened())


def test_fhir_is_one_valid_bundle(amira: Browser, lead: Lead) -> None:
    answer = amira.get(f"/staff/leads/{lead.id}/export.fhir.json")

    assert answer.headers["content-type"].startswith("application/fhir+json")
    Bundle.model_validate(answer.json())


def test_the_spreadsheet_opens_with_the_right_letters(amira: Browser, lead: Lead) -> None:
    answer = amira.get(f"/staff/leads/{lead.id}/export.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["name"] == "Zoë Example"


def test_json_is_everything_that_is_kept(amira: Browser, lead: Lead) -> None:
    answer = amira.get(f"/staff/leads/{lead.id}/export.jsonl")

    (line,) = answer.text.splitlines()
    assert json.loads(line)["clinical"]["scores"][0]["total"] == 16


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_is_saved_under_a_name_that_names_nobody(
    amira: Browser, lead: Lead, ending: str
) -> None:
    answer = amira.get(f"/staff/leads/{lead.id}/export.{ending}")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="lead-{lead.id[:8]}.{ending}"'
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_took_a_file_is_in_the_audit_log(amira: Browser, lead: Lead, ending: str) -> None:
    amira.get(f"/staff/leads/{lead.id}/export.{ending}")

    with transaction() as session:
        query = select(AuditEntry).where(AuditEntry.action == "lead.exported")
        entry = session.scalars(query).one()
    assert (entry.actor, entry.subject) == ("staff:1", f"lead:{lead.id}")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_stranger_gets_no_file_and_leaves_no_entry(
    stranger: Browser, lead: Lead, deeds: Deeds, ending: str
) -> None:
    answer = stranger.get(f"/staff/leads/{lead.id}/export.{ending}")

    assert answer.status_code == 303
    assert "Zoë" not in answer.text
    assert ("lead.exported", f"lead:{lead.id}") not in deeds()


@pytest.mark.parametrize("ending", [*ENDINGS, "pdf", "fhir"])
def test_a_file_of_nobody_is_a_kind_page(amira: Browser, ending: str) -> None:
    answer = amira.get(f"/staff/leads/{'0' * 32}/export.{ending}")

    assert answer.status_code == 404
    assert "could not find" in answer.text


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_front_desk_takes_no_clinical_data_out(
    ben: Browser, lead: Lead, deeds: Deeds, ending: str
) -> None:
    answer = ben.get(f"/staff/leads/{lead.id}/export.{ending}")

    assert answer.status_code == 403
    assert "Zoë" not in answer.text
    assert ("lead.exported", f"lead:{lead.id}") not in deeds()


def test_who_may_take_no_file_is_shown_no_button_for_it(
    ben: Browser, chris: Browser, lead: Lead
) -> None:
    for page in (f"/staff/leads/{lead.id}", f"/staff/leads/{lead.id}/summary"):
        assert "export.csv" not in ben.get(page).text
        assert "export.csv" in chris.get(page).text
