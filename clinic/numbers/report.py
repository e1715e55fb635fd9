"""Everything that the page of numbers shows of one period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy.orm import Session

from clinic.facts import ClinicFacts
from clinic.numbers import alarms, chats, leads, measures, screenings
from clinic.numbers.figure import Figure
from clinic.numbers.measures import Measure
from clinic.numbers.period import Period


@dataclass(frozen=True)
class Report:
    """The figures by name, in the order in which they were made."""

    period: Period
    figures: dict[str, Figure]
    measures: list[Measure]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all happened."""
        return all(self.figures[name].is_empty for name in self.figures if name != measures.NAME)


def report(session: Session, period: Period, facts: ClinicFacts, *, at: datetime) -> Report:
    """
    Args:
        at: now; what is late depends on it.
    """
    groups = leads.groups_of(session, period, at)
    found = chain(
        chats.figures(session, period),
        screenings.figures(session, period),
        leads.figures(session, period, groups),
        alarms.figures(session, period),
    )
    figures = {figure.name: figure for figure in found}
    six = measures.measures(session, period, facts, groups)
    return Report(period, {**figures, measures.NAME: measures.as_figure(six)}, six)
