"""The first glance at a period: six numbers, each with a line that puts it into place."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.numbers.figure import Figure, share
from clinic.numbers.report import Report
from web.console.number_words import number, words


@dataclass(frozen=True)
class Tile:
    title: str
    value: str
    beside: str


def tiles(found: Report) -> list[Tile]:
    figures = found.figures
    chats, live = figures["conversations"], figures["live_chats"]
    return [
        Tile(
            "Conversations",
            _total(chats, "Conversations"),
            f"{_total(chats, 'Messages of visitors')} messages of visitors",
        ),
        _screenings(found),
        *_leads(found),
        Tile(
            "Asked for a person",
            _total(live, "Asked for a person"),
            f"nobody came: {_total(live, 'Nobody came')}",
        ),
        _alarms(figures["crisis_by_category"]),
    ]


def _screenings(found: Report) -> Tile:
    figure = found.figures["screenings"]
    started, finished = figure.total("Started"), figure.total("Finished")
    part = words("share", share(finished, started), found.period)
    beside = f"of {number(started)} started, {part}" if started else "none was started"
    return Tile("Screenings sent", number(finished), beside)


def _leads(found: Report) -> list[Tile]:
    figure, rows = found.figures["leads"], found.figures["contact_of_all"].rows
    if not rows:
        none = "nobody has asked for a call"
        return [Tile("Leads", "0", none), Tile("Half contacted within", "–", "no leads yet")]
    ((_, contacted, median, _, in_time, late_now),) = rows
    return [
        Tile("Leads", _total(figure, "Leads"), f"{contacted:,} contacted, {late_now:,} late now"),
        Tile(
            "Half contacted within",
            words("minutes", median, found.period),
            f"{words('share', in_time, found.period)} in time",
        ),
    ]


def _alarms(figure: Figure) -> Tile:
    unseen = figure.total("Not looked at yet")
    beside = f"{number(unseen)} not looked at yet" if unseen else "all were looked at"
    heard = figure.total("Help lines shown")
    return Tile("Words of crisis", number(heard), beside if heard else "none was heard")


def _total(figure: Figure, title: str) -> str:
    return number(figure.total(title))
