"""Figures that are looked up when Prometheus asks: what waits, what the database and Rasa say.

Each look is bounded in time and holds for some seconds, so that who asks often costs no more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import httpx
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.pool import QueuePool

from clinic import counts, readiness
from clinic.clock import now
from clinic.database import engine, reading
from clinic.settings import HOME, settings
from clinic.tables import Notice, NoticeDelivery, VisitorMail

SECONDS_A_LOOK_HOLDS = 5.0
SECONDS_FOR_A_LOOK = 2.0
SECONDS_FOR_RASA = 0.8
"""For each of two questions: a Rasa that hangs is found out within one look."""

Gauges = list[Metric]


@dataclass
class Look:
    """One thing that is looked up: what it found last, and when."""

    find: Callable[[], Gauges]
    late: Callable[[], Gauges] = list
    """What is said while it takes too long."""
    found: Gauges | None = None
    at: float = float("-inf")
    running: Future[Gauges] | None = None


class Scraped(Collector):
    """Asks the database and Rasa, each in a thread of its own: if one hangs, the rest is told."""

    def __init__(self) -> None:
        self._looks = [
            Look(database, late=lambda: _is_down(DATABASE_UP)),
            Look(outbox),
            Look(model, late=lambda: _is_down(RASA_UP)),
            Look(process),
        ]
        self._threads = ThreadPoolExecutor(len(self._looks), thread_name_prefix="scraped")

    def describe(self) -> Iterable[Metric]:
        return ()  # nothing is looked up when the web starts

    def collect(self) -> Iterator[Metric]:
        for look in self._looks:
            self._begin(look)
        until = time.monotonic() + SECONDS_FOR_A_LOOK
        for look in self._looks:
            yield from self._end(look, until)

    def _begin(self, look: Look) -> None:
        if look.running is None and time.monotonic() - look.at > SECONDS_A_LOOK_HOLDS:
            look.running = self._threads.submit(look.find)

    def _end(self, look: Look, until: float) -> Gauges:
        """What was found; nothing at all rather than something that is no longer true. What does
        not answer in time is down: of a figure that is not there no alert speaks.
        """
        if look.running is None:
            return look.found or []
        try:
            look.found = look.running.result(max(0.0, until - time.monotonic()))
        except TookTooLong:
            return look.late()
        except Exception:  # the edge: a gap in the figures says it
            look.found = []
        look.at, look.running = time.monotonic(), None
        return look.found or []


DATABASE_UP = ("database_up", "1 if the database answers and fits this version.")
RASA_UP = ("rasa_up", "1 if Rasa answers.")


def _is_down(up: tuple[str, str]) -> Gauges:
    return [_gauge(*up, value=0.0)]


def database() -> Gauges:
    up = _gauge(*DATABASE_UP)
    up.add_metric((), float(readiness.database() == readiness.READY))
    return [up]


def outbox() -> Gauges:
    """Notices and mails that have not left, and how long the oldest of each has waited.

    A notice is first planned, which finds out who wants it, and then delivered to each of them.
    """
    planned = select(func.count(), func.min(Notice.created_at)).where(
        Notice.settled_at.is_(None), Notice.rounds == 0
    )
    delivered = (
        select(func.count(), func.min(Notice.created_at))
        .select_from(NoticeDelivery)
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .where(NoticeDelivery.sent_at.is_(None))
    )
    mails = select(func.count(), func.min(VisitorMail.asked_at)).where(
        VisitorMail.due_at.is_not(None)
    )
    size = _gauge("outbox_size", "Notices and visitors' mails that wait.", "queue")
    age = _gauge("outbox_age_seconds", "How long the oldest of them has waited.", "queue")
    with reading() as session:
        for queue, query in (("planning", planned), ("notices", delivered), ("mails", mails)):
            number, oldest = session.execute(query).one()
            size.add_metric((queue,), number)
            age.add_metric((queue,), _seconds_since(oldest))
    return [size, age]


def _seconds_since(at: datetime | None) -> float:
    return 0.0 if at is None else max(0.0, (now() - at).total_seconds())


def model() -> Gauges:
    """Whether Rasa answers, and with which model: the file's name, which says what it fits."""
    up = _gauge(*RASA_UP)
    info = _gauge("model_info", "The model that Rasa answers with.", "name")
    try:
        with httpx.Client(trust_env=False, timeout=SECONDS_FOR_RASA) as http:
            up.add_metric((), float(http.get(f"{settings().rasa_url}/").is_success))
            said = http.get(f"{settings().rasa_url}/status")
        name = str(said.json()["model_file"]) if said.is_success else "unknown"
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return [up] if up.samples else _is_down(RASA_UP)
    info.add_metric((name[:80],), 1.0)
    return [up, info]


def process() -> Gauges:
    """What is known without asking anybody."""
    used = _gauge("database_connections_used", "Connections to the database that are in use.")
    if isinstance(engine().pool, QueuePool):
        used.add_metric((), engine().pool.checkedout())  # type: ignore[attr-defined]
    unwritten = _gauge("counts_unwritten", "Counts that wait to be written.")
    unwritten.add_metric((), counts.unwritten())
    info = _gauge("info", "The version of the product.", "version")
    info.add_metric((_version(),), 1.0)
    return [used, unwritten, info]


def _version() -> str:
    with suppress(OSError):
        for line in (HOME / "pyproject.toml").read_text("utf-8").splitlines():
            if line.startswith("version = "):
                return line.partition("=")[2].strip(' "')
    return "unknown"


def _gauge(name: str, about: str, *labels: str, value: float | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"front_desk_{name}", about, value=value, labels=labels or None)
