"""The six things that NICE wants to know of a digital front door (HTE30), as far as we can tell.

Each says how it is computed and what it leaves out. What needs a fact that the clinic has not
written down is not computed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import counts
from clinic.facts import ClinicFacts
from clinic.numbers import tallies
from clinic.numbers.figure import Cell, Column, Figure, Kind, share
from clinic.numbers.leads import Group, came_in
from clinic.numbers.moments import minutes_between
from clinic.numbers.period import Period
from clinic.numbers.spread import spread
from clinic.tables import Lead

NAME = "nice_hte30"
SOURCE = "https://www.nice.org.uk/guidance/hte30/chapter/1-Recommendations"
DAYS_OF_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Value:
    label: str
    cell: Cell
    kind: Kind = "number"


@dataclass(frozen=True)
class Measure:
    """One of the six. `values` is empty where it cannot be computed; `limits` then says why."""

    title: str
    how: str
    limits: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Told:
    """What was counted, by kind and detail, and what the clinic says about itself."""

    counted: dict[str, Counter[str]]
    facts: ClinicFacts
    days: int

    def total(self, kind: str) -> int:
        return self.counted[kind].total()

    @property
    def finished(self) -> int:
        return self.total(counts.SCREENING_FINISHED)


KINDS = (
    counts.SCREENING_FINISHED,
    counts.ANSWER_ASKED,
    counts.ANSWER_MISSING,
    counts.NOTHING_MISSING,
    counts.CONTRADICTION_KEPT,
    counts.FEEDBACK_ASKED,
    counts.FEEDBACK,
    counts.STAFF_DEED,
)


def measures(
    session: Session, period: Period, facts: ClinicFacts, groups: list[Group]
) -> list[Measure]:
    """All six, in NICE's order."""
    told = Told(tallies.by_detail(session, period, *KINDS), facts, period.days)
    return [
        _quality(told),
        _decisions(groups),
        _burden(session, period, told, leads=sum(group.number for group in groups)),
        _time_saved(told),
        _feedback(told),
        _cost(told),
    ]


def as_figure(found: list[Measure]) -> Figure:
    """The six as one table, for a file."""
    return Figure(
        NAME,
        "The six outcome measures of NICE HTE30",
        (Column("Measure", "text"), Column("Value of", "text"), Column("Value", "amount")),
        tuple(
            (measure.title, value.label, value.cell)
            for measure in found
            for value in measure.values or (Value("not computed", None),)
        ),
    )


def _quality(told: Told) -> Measure:
    asked, missing = told.total(counts.ANSWER_ASKED), told.total(counts.ANSWER_MISSING)
    return Measure(
        "Quality of the information collected",
        "Of all questions that finished screenings asked, the share with an answer that is not "
        "“skip” or “not sure”; screenings with nothing open; and contradictions that a visitor "
        "was asked about and said are none. Required answers are always there: a screening "
        "cannot be sent without them.",
        "It shows that answers are there and agree, not that they are true: only a clinician who "
        "talks with the person can tell.",
        (
            Value("Finished screenings", told.finished),
            Value("Questions with an answer", share(asked - missing, asked), "share"),
            Value(
                "Screenings with nothing open",
                share(told.total(counts.NOTHING_MISSING), told.finished),
                "share",
            ),
            Value("Contradictions kept", told.total(counts.CONTRADICTION_KEPT)),
        ),
    )


def _decisions(groups: list[Group]) -> Measure:
    found: Counter[str] = Counter()
    for group in groups:
        if group.verdict is not None:
            found[group.verdict] += group.number
    judged = found.total()
    return Measure(
        "Effect on clinical decisions",
        "Clinicians say on a lead whether its triage was right, too high or too low. The share "
        "that was right, among the leads that were judged.",
        "Nobody is treated without the assistant here for comparison, so a change of decisions is "
        "not measured. Leads that clinicians chose to judge may not be typical.",
        (
            Value("Leads judged", judged),
            Value("Right", share(found["right"], judged), "share"),
            Value("Too high", share(found["too_high"], judged), "share"),
            Value("Too low", share(found["too_low"], judged), "share"),
        ),
    )


def _burden(session: Session, period: Period, told: Told, *, leads: int) -> Measure:
    took = minutes_between(session, Lead.opened_at, Lead.contacted_at).label("took")
    query = (
        select(took, func.count())
        .where(*came_in(period), Lead.contacted_at >= Lead.opened_at)
        .group_by("took")
    )
    waited = spread(dict(session.execute(query).tuples().all()))
    return Measure(
        "Administrative burden",
        "What staff did with leads in the period (each entry of the audit log, views apart), for "
        "each lead that came in; and the time from first opening a lead to first contact.",
        "Work outside the console, such as the call itself, leaves no trace here.",
        (
            Value(
                "Deeds of staff for each lead",
                share(told.total(counts.STAFF_DEED), leads),
                "amount",
            ),
            Value("Half contacted after opening within", waited.median, "minutes"),
            Value("Nine of ten within", waited.p90, "minutes"),
        ),
    )


def _time_saved(told: Told) -> Measure:
    minutes = told.facts.phone_intake_minutes
    how = (
        "Finished screenings × the minutes that staff need on the phone to ask the same "
        "(`phone_intake_minutes` in clinic.yml)."
    )
    if minutes is None:
        return Measure(
            "Time saved on collecting routine information",
            how,
            "Not computed: `phone_intake_minutes` in clinic.yml is empty. Time a few phone "
            "intakes and write the usual number of minutes there.",
        )
    return Measure(
        "Time saved on collecting routine information",
        how,
        f"It stands on the clinic's own figure of {minutes:g} minutes, and counts no time that "
        "staff need to read the answers.",
        (
            Value("Finished screenings", told.finished),
            Value("Time saved", round(told.finished * minutes), "minutes"),
        ),
    )


def _feedback(told: Told) -> Measure:
    found = told.counted[counts.FEEDBACK]
    asked = told.total(counts.FEEDBACK_ASKED)
    return Measure(
        "Feedback from visitors",
        "“Was this helpful?” is asked once in a conversation: after an outcome, a talk with "
        "staff, or three answers. The share of yes among those who answered.",
        "Who leaves early is never asked, and nobody is asked in or after a crisis.",
        (
            Value("Visitors asked", asked),
            Value("Of these, answered", share(found.total(), asked), "share"),
            Value("Helpful", share(found[counts.HELPFUL], found.total()), "share"),
        ),
    )


def _cost(told: Told) -> Measure:
    title, monthly = "Cost", told.facts.monthly_cost
    how = (
        "The monthly cost (`monthly_cost` in clinic.yml) for the days of the period ÷ finished "
        "screenings, in the clinic's own currency."
    )
    if monthly is None:
        return Measure(
            title,
            how,
            "Not computed: `monthly_cost` in clinic.yml is empty. Add up hosting, support, "
            "training and the checks of safety and privacy, and write the sum for a month there.",
        )
    spent = monthly * told.days / DAYS_OF_A_MONTH
    return Measure(
        title,
        how,
        "It is only as whole as the figure in clinic.yml; NICE asks for training, promotion and "
        "digital safety to be in it.",
        (
            Value("Cost of the period", round(spent, 2), "amount"),
            Value(
                "For each finished screening",
                round(spent / told.finished, 2) if told.finished else None,
                "amount",
            ),
        ),
    )
