"""Leads are found by what they say now, whoever was merged is found as who stayed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import lead_merge, lead_search
from clinic.clock import now
from clinic.lead_search import find, forget, index_batch, same_person
from clinic.tables import AuditEntry, Lead, LeadTerm
from tests.clinic.lead_world import PHONE, lead, member


def found(session: Session, words: str) -> list[str]:
    return [each.name for each in find(session, words, staff_id=1).leads]


def test_a_lead_is_found_by_its_phone_its_address_and_its_name(session: Session) -> None:
    lead(session, "a", name="Ann Example", phone="+12025550143", email="Ann@example.org")
    lead(session, "b", name="Bob Other", phone="+12025550199", email="bob@example.org")

    for words in ("202 555 0143", "ann@EXAMPLE.org", "Ann Example", "example", "exa"):
        assert found(session, words) == ["Ann Example"], words


def test_a_lead_is_found_by_what_it_says_now_and_not_by_what_it_said_before(
    session: Session,
) -> None:
    lead(session, "a", name="Ann Example", phone="+12025550143")
    lead(session, "a", name="Ann Newname", phone="+12025550199")

    assert found(session, "example") == []
    assert found(session, "+12025550143") == []
    assert found(session, "newname") == found(session, "+12025550199") == ["Ann Newname"]


def test_the_whole_last_name_comes_before_a_longer_one(session: Session) -> None:
    lead(session, "a", name="Ann Leeds")
    lead(session, "b", name="Bob Lee").created_at = now() - timedelta(days=9)

    assert found(session, "lee") == ["Bob Lee", "Ann Leeds"]


def test_those_who_wait_come_first_then_the_newest(session: Session) -> None:
    for conversation_id, name, status, days in (
        ("a", "Done Example", "closed", 0),
        ("b", "Old Example", "new", 9),
        ("c", "New Example", "contacted", 1),
    ):
        made = lead(session, conversation_id, name=name)
        made.status, made.created_at = status, now() - timedelta(days=days)
    session.flush()

    assert found(session, "example") == ["New Example", "Old Example", "Done Example"]


def test_words_of_a_name_in_part_find_only_whom_all_of_them_fit(session: Session) -> None:
    lead(session, "a", name="Ann Marie Example")
    lead(session, "b", name="Bob Example")

    assert found(session, "an exam") == ["Ann Marie Example"]
    assert found(session, "exam an") == ["Ann Marie Example"]


def test_who_was_merged_is_found_as_who_stayed(session: Session) -> None:
    staff_id = member(session)
    old = lead(session, "a", name="Ann Maiden", phone="+12025550143")
    kept = lead(session, "b", name="Ann Example", phone="+12025550199")
    lead_merge.merge(session, old, kept, staff_id=staff_id)
    session.flush()

    assert found(session, "maiden") == ["Ann Example"]
    assert found(session, "+12025550143") == ["Ann Example"]


def test_who_was_forgotten_or_erased_is_not_found(session: Session) -> None:
    gone = lead(session, "a", name="Ann Example")
    erased = lead(session, "b", name="Bob Example")
    forget(session, gone)
    erased.erased_at = now()
    session.flush()

    assert found(session, "example") == []


def test_more_than_fit_on_a_page_is_said(session: Session) -> None:
    for number in range(lead_search.SHOWN + 1):
        lead(session, f"c{number}", name=f"Visitor Example{chr(97 + number % 26)}")

    result = find(session, "example", staff_id=1)

    assert len(result.leads) == lead_search.SHOWN
    assert result.more


def test_too_little_is_not_looked_for_and_not_written_down(session: Session) -> None:
    result = find(session, "e", staff_id=1)

    assert not result.is_enough
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_that_somebody_searched_is_written_down_and_not_for_whom(session: Session) -> None:
    find(session, "Ann Example", staff_id=7)

    session.flush()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.detail) == ("staff:7", "leads.searched", "name")
    assert "xample" not in f"{entry.subject}{entry.detail}"


def test_the_same_phone_or_address_is_maybe_the_same_person(session: Session) -> None:
    ann = lead(session, "a", name="Ann", phone=PHONE, email="ann@example.org")
    by_phone = lead(session, "b", name="A. Example", phone=PHONE)
    by_email = lead(session, "c", name="Annie", phone="+12025550177", email="ANN@example.org")
    lead(session, "d", name="Ann", phone="+12025550188", email="other@example.org")

    assert same_person(session, ann) == [by_phone, by_email]
    assert same_person(session, by_phone) == [ann]


def test_a_lead_without_phone_and_address_is_like_nobody(session: Session) -> None:
    alone = lead(session, "a", name="Ann", phone=None)
    lead(session, "b", name="Ann", phone=None)

    assert same_person(session, alone) == []


def test_the_database_file_shows_no_name_and_no_beginning_of_one(
    session: Session, database_url: str
) -> None:
    lead(session, "a", name="Wilhelmina Quicksilver", phone="+12025550143")
    session.commit()

    folder = Path(database_url.removeprefix("sqlite:///")).parent
    stored = b"".join(path.read_bytes() for path in folder.glob("clinic.db*"))
    for secret in (b"Quicksil", b"quicksil", b"Wilhelm", b"wilhelm", b"2025550143"):
        assert secret not in stored


def test_going_through_all_leads_makes_the_terms_again_in_batches(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_search, "BATCH", 2)
    made = [lead(session, f"c{number}", name=f"Visitor Example{number}") for number in range(5)]
    changed = {each.id: each.updated_at for each in made}
    for each in made:
        forget(session, each)

    after, seen = "", []
    while ids := index_batch(session, after=after, only_missing=False):
        after = ids[-1]
        seen += ids
    session.commit()

    assert sorted(seen) == sorted(changed)
    assert len(found(session, "example")) == 5
    session.expire_all()
    assert {each.id: each.updated_at for each in session.scalars(select(Lead))} == changed


def test_only_those_that_cannot_be_found_are_gone_through_if_asked(session: Session) -> None:
    lead(session, "a", name="Found Already")
    lost = lead(session, "b", name="Lost Example")
    forget(session, lost)

    assert index_batch(session, after="", only_missing=True) == [lost.id]
    assert index_batch(session, after="", only_missing=True) == []
    assert session.scalar(select(func.count()).select_from(LeadTerm))
