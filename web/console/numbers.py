"""What happened, by day, week or month: for clinicians, as plots, tables and files."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from clinic.clock import now
from clinic.database import reading, transaction
from clinic.facts import facts
from clinic.numbers.measures import SOURCE
from clinic.numbers.period import STEPS, Period, period_of
from clinic.numbers.report import Report, report
from clinic.roles import Role
from web.console import number_words
from web.console.access import signed_in
from web.console.charts import Plot, plot
from web.console.number_tables import Table, table
from web.console.number_tiles import tiles
from web.console.pages import page

router = APIRouter()

PERIODS = {"30d": "Last 30 days", "12w": "Last 12 weeks", "12m": "Last 12 months"}
PLOTTED = {
    "conversations": ("Conversations",),
    "screenings": ("Started", "Finished"),
    "leads": ("Leads",),
    "live_chats": ("Asked for a person", "Taken by staff"),
    "crisis": ("Help lines shown", "Check-ins after a hint"),
}
"""Figures that are shown as bars over time, and which of their columns."""
BARRED = {
    "where_people_stop": "Left here",
    "ended": "Visitors",
    "left_open": "Finished screenings",
    "leads_by_outcome": "Leads",
    "leads_by_status": "Leads",
    "sources": "Conversations",
    "topics": "Times",
    "unanswered": "Times",
}
"""Tables with a bar beside the numbers of one column."""
MOST_ROWS = {"topics": 20, "left_open": 10, "sources": 20}


@router.get("/numbers")
def numbers_page(request: Request) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.CLINICIAN)
    period = asked_period(request)
    with reading() as session:
        found = report_of(session, period)
    return page(
        request,
        "numbers.html",
        visit=visit,
        report=found,
        period=period,
        periods=PERIODS,
        steps=STEPS,
        span=number_words.span(period),
        tiles=tiles(found),
        plots=_plots(found),
        tables=_tables(found),
        words=number_words.words,
        address=_address(period),
        source=SOURCE,
    )


def asked_period(request: Request) -> Period:
    zone = facts().zone
    return period_of(request.query_params, today=now().astimezone(zone).date(), zone=zone)


def report_of(session: Session, period: Period) -> Report:
    return report(session, period, facts(), at=now())


def _address(period: Period) -> str:
    """The same period in the addresses of the files, whatever day they are fetched on."""
    return urlencode({"from": period.first, "to": period.last, "step": period.step})


def _plots(found: Report) -> Mapping[str, Plot]:
    return {
        name: plot(found.figures[name], found.period, columns) for name, columns in PLOTTED.items()
    }


def _tables(found: Report) -> Mapping[str, Table]:
    return {
        name: table(figure, found.period, bars=BARRED.get(name), most=MOST_ROWS.get(name))
        for name, figure in found.figures.items()
    }
