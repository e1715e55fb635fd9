"""The six measures of NICE HTE30 say what they can, and say so where they cannot."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic import counts
from clinic.facts import facts
from clinic.numbers.figure import Cell
from clinic.numbers.leads import groups_of
from clinic.numbers.measures import Measure, measures
from tests.clinic.numbers.builders import JUNE, NOON, NOW, add_lead, count, june


def found(session: Session, place: int, **said: float) -> Measure:
    nothing = {"phone_intake_minutes": None, "monthly_cost": None}
    groups = groups_of(session, JUNE, NOW)
    return measures(session, JUNE, facts().model_copy(update={**nothing, **said}), groups)[place]


def values(measure: Measure) -> list[Cell]:
    return [value.cell for value in measure.values]


def test_there_are_six_each_with_how_and_what_it_leaves_out(session: Session) -> None:
    six = june(session).measures

    assert len({measure.title for measure in six}) == 6
    assert all(measure.how and measure.limits for measure in six)


def test_quality_counts_what_was_answered_of_what_was_asked(session: Session) -> None:
    count(session, counts.SCREENING_FINISHED, "R", 4)
    count(session, counts.ANSWER_ASKED, "", 80)
    count(session, counts.ANSWER_MISSING, "age", 3)
    count(session, counts.ANSWER_MISSING, "state", 1)
    count(session, counts.NOTHING_MISSING, "", 3)
    count(session, counts.CONTRADICTION_KEPT, "pregnant_and_male", 2)

    assert values(found(session, 0)) == [4, 0.95, 0.75, 2]


def test_decisions_are_judged_by_clinicians(session: Session) -> None:
    for verdict in ("right", "right", "right", "too_low", None):
        add_lead(session, triage_verdict=verdict)

    assert values(found(session, 1)) == [4, 0.75, 0.0, 0.25]


def test_the_burden_is_deeds_for_each_lead_and_the_time_after_opening(session: Session) -> None:
    add_lead(session, opened_at=NOON, contacted_after=12)
    add_lead(session)
    count(session, counts.STAFF_DEED, "lead.noted", 2)
    count(session, counts.STAFF_DEED, "lead.contacted", 1)

    assert values(found(session, 2)) == [1.5, 12, 12]


def test_time_saved_needs_the_clinics_own_minutes(session: Session) -> None:
    count(session, counts.SCREENING_FINISHED, "R", 6)

    assert found(session, 3).values == ()
    assert "phone_intake_minutes" in found(session, 3).limits
    assert values(found(session, 3, phone_intake_minutes=12.5)) == [6, 75]


def test_feedback_names_how_many_were_asked(session: Session) -> None:
    count(session, counts.FEEDBACK_ASKED, "", 10)
    count(session, counts.FEEDBACK, counts.HELPFUL, 3)
    count(session, counts.FEEDBACK, counts.NOT_HELPFUL, 1)

    assert values(found(session, 4)) == [10, 0.4, 0.75]


def test_cost_needs_the_clinics_own_figure(session: Session) -> None:
    count(session, counts.SCREENING_FINISHED, "R", 10)

    assert found(session, 5).values == ()
    assert "monthly_cost" in found(session, 5).limits
    assert values(found(session, 5, monthly_cost=100.0)) == [98.56, 9.86]


def test_cost_without_a_finished_screening_has_no_price_for_each(session: Session) -> None:
    assert values(found(session, 5, monthly_cost=100.0)) == [98.56, None]


def test_a_new_clinic_has_an_empty_report_without_a_division_by_zero(session: Session) -> None:
    assert june(session).is_empty


def test_one_conversation_is_enough_to_have_a_report(session: Session) -> None:
    count(session, counts.CONVERSATION)

    assert not june(session).is_empty
