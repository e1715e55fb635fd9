"""The same product on PostgreSQL: both databases by their addresses, nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.front_desk import FrontDesk, Visitor, types
from tests.postgres_server import postgres_server
from tests.running.test_screening import NO_YES, answer_all

pytestmark = pytest.mark.running


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDesk]:
    with postgres_server() as server:
        server.psql("CREATE DATABASE tracker;")
        desk = FrontDesk(
            tmp_path_factory.mktemp("on_postgres"),
            CLINIC_DATABASE_URL=server.get_uri(driver="psycopg"),
            RASA_TRACKER_URL=server.get_uri(database="tracker", driver="psycopg2"),
        )
        try:
            desk.start()
            yield desk
        finally:
            desk.stop()


def test_a_visitor_is_screened_kept_safe_and_becomes_a_lead(on_postgres: FrontDesk) -> None:
    visitor = Visitor(on_postgres)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")
    visitor.say("i want to kill myself")
    assert types(visitor.said) == ["crisis"]

    visitor.say("I'm safe, back to my question")
    answer_all(visitor, NO_YES)

    (lead,) = [json.loads(line) for line in on_postgres.clinic("leads", "export").splitlines()]
    assert (lead["name"], lead["urgency"]) == ("Ann Example", 3)
    assert len(visitor.open()) > 40
