"""A screening that is begun is counted once, however often the visitor says so."""

from __future__ import annotations

from actions.start_questionnaire import StartScreening
from clinic import counts
from clinic.database import transaction
from clinic.questionnaires import CALLBACK, SCREENING
from clinic.tables import DailyCount
from tests.actions.builders import Ran, tracker
from tests.actions.conftest import Answer


def started() -> int:
    with transaction() as session:
        rows = session.query(DailyCount).where(DailyCount.kind == counts.SCREENING_STARTED)
        return sum(row.number for row in rows)


def test_the_first_start_counts(database_url: str) -> None:
    Ran(StartScreening(), tracker())

    assert started() == 1


def test_who_waits_at_the_consent_and_starts_again_is_not_counted_again(database_url: str) -> None:
    Ran(StartScreening(), tracker())
    Ran(StartScreening(), tracker(questionnaire=SCREENING))

    assert started() == 1


def test_who_is_in_the_middle_goes_on_and_is_not_counted_again(answer: Answer) -> None:
    answer(until="state")

    Ran(StartScreening(), tracker())

    assert started() == 0


def test_who_changes_from_a_callback_to_the_screening_is_counted(database_url: str) -> None:
    Ran(StartScreening(), tracker(questionnaire=CALLBACK))

    assert started() == 1
