"""A visitor who has answered part of the questions, and a database that is no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from clinic import interviews
from clinic.database import engine, transaction
from clinic.questionnaires import SCREENING
from clinic.settings import settings
from tests.actions.builders import VISITOR
from tests.clinic.screening.conftest import CALM

TEXTS = {**CALM, "age": "43", "state": "Oregon", "name": "Ann Example", "review": "Yes, send it"}
SCALE = [f"phq9_{number}" for number in range(1, 10)]

Answer = Callable[..., None]


@pytest.fixture
def answer(database_url: str) -> Answer:
    """Answers what is asked, up to a question or to the end; what nobody listed is skipped."""

    def go_on(name: str = SCREENING, *, until: str = "", **said: str) -> None:
        texts = TEXTS | dict.fromkeys(SCALE, "Not at all") | said
        with transaction() as session:
            while question := interviews.next_question(session, VISITOR, name):
                if question.link_id == until:
                    return
                heard = (
                    interviews.hear(session, VISITOR, name, texts[question.link_id], lenient=True)
                    if question.link_id in texts
                    else interviews.skip(session, VISITOR, name)
                )
                assert heard.taken, question.link_id
                if heard.finished:
                    return

    return go_on


@pytest.fixture
def broken_database(
    database_url: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """An address where a folder stands, which nobody can open as a database."""
    engine().dispose()
    monkeypatch.setenv("CLINIC_DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('broken')}")
    settings.cache_clear()
    engine.cache_clear()
    yield
    engine().dispose()
