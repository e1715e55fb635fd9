"""Who asks what is held on them gets all of it, and nobody else's."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from sqlalchemy.orm import Session

from clinic import conversations, everything, lead_export, leads
from clinic.tables import Lead, Table
from tests.clinic.screened import SCORE_CODES, screened
from tests.clinic.whole_person import CONVERSATIONS, MARKER, whole_person

HOLDS_A_PERSON = {
    "conversations", "messages", "consents", "questionnaire_progress", "leads", "handoffs", "notes",
    "crisis_events", "unanswered_messages", "notices", "notice_deliveries", "audit", "feedback",
    "visitor_mails",
}  # fmt: skip
OTHERS = {
    "lead_terms",  # hashes of what is in the lead
    "saved_views", "notice_channels", "staff", "invitations", "staff_sessions", "sign_in_tries",
    "daily_counts", "erasures",
}  # fmt: skip


@pytest.fixture
def lead(session: Session) -> Lead:
    return whole_person(session)


def test_every_table_is_either_taken_out_or_known_to_hold_no_person() -> None:
    """Whoever adds a table decides: is it in clinic/everything.py and clinic/erasure.py?"""
    assert set(Table.metadata.tables) == HOLDS_A_PERSON | OTHERS


def test_all_parts_of_both_visits_are_in_it(session: Session, lead: Lead) -> None:
    held = everything.everything(session, lead)

    assert [one["id"] for one in held["conversations"]] == list(CONVERSATIONS)
    for request in held["requests"]:
        for part in ("name", "email", "contact", "triage", "summary", "clinical", "notes"):
            assert MARKER in json.dumps(request[part]), part
    for conversation in held["conversations"]:
        for part in (
            "said",
            "answers",
            "consents",
            "without_answer",
            "hand_offs",
            "copies_to_mail",
        ):
            assert MARKER in json.dumps(conversation[part]), part
        assert conversation["words_of_crisis"][0]["category"] == "suicide"
        assert conversation["found_helpful"] is True
    assert {one["kind"] for one in held["notices"]} == {"new_lead", "crisis", "handoff"}
    assert all(one["sent_at"] for one in held["notices"])
    assert {"lead.created", "lead.noted"} <= {one["action"] for one in held["deeds"]}


def test_nobody_elses_words_and_no_name_of_staff_are_in_it(session: Session, lead: Lead) -> None:
    conversations.add_message(
        session, "other", sender="visitor", key="k", content={"text": "somebody else"}
    )
    leads.save_lead(session, screened(conversation_id="other", name="Someone Else"))

    text = json.dumps(everything.everything(session, lead))

    for secret in ("somebody else", "Someone Else", "amira"):
        assert secret not in text


def test_the_zip_is_to_be_read_by_people_and_machines(
    session: Session, lead: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_export, "score_codes", lambda: SCORE_CODES)

    file = zipfile.ZipFile(io.BytesIO(everything.as_zip(session, lead)))

    assert file.namelist() == [
        "read-me.txt",
        "person.txt",
        "everything.json",
        "fhir-1.json",
        "fhir-2.json",
    ]
    assert f"I am {MARKER}" in file.read("person.txt").decode()
    assert json.loads(file.read("fhir-1.json"))["resourceType"] == "Bundle"
    assert json.loads(file.read("everything.json"))["requests"][0]["name"] == f"{MARKER} Example"
