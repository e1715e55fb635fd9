"""`leads index` makes leads be found again after the key was changed; `migrate` finds old ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from clinic import lead_search
from clinic.commands.command_line import main
from clinic.database import transaction
from clinic.derived_keys import derived_key
from clinic.leads import save_lead
from clinic.settings import settings
from clinic.tables import Lead, LeadTerm
from tests.clinic.screened import screened


@pytest.fixture
def a_lead(session: Session) -> None:
    save_lead(session, screened())
    session.commit()


@pytest.fixture
def another_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CLINIC_SEARCH_KEY", "another-key-that-is-long-enough-for-this")
    settings.cache_clear()
    derived_key.cache_clear()
    yield
    settings.cache_clear()
    derived_key.cache_clear()


def found() -> list[str]:
    with transaction() as session:
        return [lead.name for lead in lead_search.find(session, "example", staff_id=1).leads]


@pytest.mark.usefixtures("a_lead", "another_key")
def test_with_another_key_nobody_is_found_until_the_index_is_made(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert found() == []

    assert main(["leads", "index"]) == 0

    assert found() == ["Zoë Example"]
    assert capsys.readouterr().out == "1 lead can be found.\n"


@pytest.mark.usefixtures("a_lead")
def test_migrate_makes_leads_of_an_older_version_be_found_with_their_state(
    session: Session,
) -> None:
    session.execute(delete(LeadTerm))
    session.execute(update(Lead).values(state=None))
    session.commit()

    assert main(["migrate"]) == 0

    assert found() == ["Zoë Example"]
    with transaction() as reading:
        assert reading.query(Lead.state).scalar() == "MD"
