"""The figures are served on a port of their own, hold nobody's name, and are what is looked at."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import yaml
from fastapi.testclient import TestClient
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from sqlalchemy.orm import Session

from actions import metrics as action_metrics
from clinic import notices
from clinic.clock import now
from clinic.settings import settings
from clinic.tables import Notice, NoticeDelivery
from web import metrics, metrics_port, scraped
from web.app import create_app
from web.scraped import Gauges, Scraped

DASHBOARD = Path("deploy/grafana/front-desk.json")
ALERTS = Path("deploy/prometheus/alerts.yml")
OF_THE_PROCESS = ("process_resident_memory_bytes", "process_cpu_seconds_total", "up")
"""What the client library and Prometheus itself add."""


@pytest.fixture
def http(database_url: str) -> Iterator[TestClient]:
    settings()
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield client


def now_said() -> dict[str, float]:
    """Every sample of the web's own figures, by its name and labels."""
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in generate_latest(REGISTRY).decode().splitlines()
        if not line.startswith("#")
    }


def looked_up() -> dict[str, float]:
    """What is looked up when Prometheus asks."""
    registry = CollectorRegistry()
    registry.register(Scraped())
    lines = generate_latest(registry).decode().splitlines()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in lines
        if not line.startswith("#")
    }


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/api/metrics", "/staff/metrics"])
def test_no_visitor_reaches_the_figures(http: TestClient, path: str) -> None:
    assert http.get(path).status_code == 404


def test_they_are_served_on_a_port_of_their_own(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, ports = CollectorRegistry(), []
    monkeypatch.setattr(metrics_port, "REGISTRY", registry)
    monkeypatch.setattr(
        metrics_port, "start_http_server", lambda port, addr: ports.append((addr, port))
    )

    metrics_port.open_metrics_port()
    monkeypatch.setenv("CLINIC_METRICS_PORT", "9101")
    settings.cache_clear()
    metrics_port.open_metrics_port()

    assert ports == [("127.0.0.1", 9101)]


def test_a_request_is_counted_by_its_route_and_never_by_its_address(http: TestClient) -> None:
    before = now_said()
    http.get("/staff/leads/a-secret-id")
    http.get("/nobody/is/here?name=a-secret-name")
    http.get("/api/handoff/a-secret-id")

    said = now_said()
    new = {name for name, value in said.items() if value != before.get(name)}
    assert any('route="/staff/leads/{lead_id}"' in name for name in new)
    assert any('route="none"' in name for name in new)
    assert not any("a-secret" in name for name in said)


def test_an_odd_method_makes_no_label_of_its_own(http: TestClient) -> None:
    http.request("BREW", "/")

    assert not any("BREW" in name for name in now_said())


def test_a_refusal_is_counted_by_the_code_that_was_told(http: TestClient) -> None:
    name = 'front_desk_refusals_total{code="not_here"}'
    before = now_said().get(name, 0)

    http.get("/", headers={"Host": "evil.example"})

    assert now_said()[name] == before + 1


@pytest.mark.parametrize(
    ("payloads", "outcome"),
    [
        ([None], "text"),
        ([], "silent"),
        ([None, {"type": "fallback"}], "fallback"),
        ([{"type": "answer"}, {"type": "check_in"}], "check_in"),
        ([{"type": "question"}, {"type": "crisis"}], "crisis"),
        ([{"type": "what a visitor wrote"}], "text"),
    ],
)
def test_a_turn_counts_as_the_weightiest_thing_said(
    payloads: list[dict[str, str] | None], outcome: str
) -> None:
    assert metrics.outcome_of(payloads) == outcome


def test_every_kind_of_reply_is_an_outcome() -> None:
    schema = json.loads(Path("web/bot_message.schema.json").read_text("utf-8"))

    kinds = set(re.findall(r'"const": "(\w+)"', json.dumps(schema)))
    assert kinds - {"text"} <= set(metrics.WEIGHT) | {"live"}


def test_words_of_danger_are_counted_by_who_answered() -> None:
    name = 'front_desk_crisis_answers_total{by="first_help"}'
    before = now_said()[name]

    metrics.count_turn("crisis", crisis_by=metrics.FIRST_HELP)
    metrics.count_turn("answer", crisis_by=metrics.FIRST_HELP)

    assert now_said()[name] == before + 1


def test_how_long_the_oldest_notice_waits_is_told(session: Session) -> None:
    notices.queue(session, kind="new_lead", subject="lead:1")
    session.flush()
    waits = Notice(kind="new_lead", subject="lead:2", rounds=1)
    waits.created_at = now() - timedelta(minutes=20)
    session.add(waits)
    session.flush()
    session.add(NoticeDelivery(notice_id=waits.id, target="x"))
    session.commit()

    said = looked_up()

    assert said['front_desk_outbox_size{queue="planning"}'] == 1
    assert said['front_desk_outbox_size{queue="notices"}'] == 1
    assert said['front_desk_outbox_age_seconds{queue="notices"}'] >= 1200
    assert said['front_desk_outbox_size{queue="mails"}'] == 0
    assert said["front_desk_database_up"] == 1


def test_without_a_database_and_rasa_the_rest_is_still_told(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from clinic.database import engine

    monkeypatch.setenv("CLINIC_DATABASE_URL", f"sqlite:///{tmp_path}")
    monkeypatch.setenv("CLINIC_RASA_URL", "http://127.0.0.1:1")
    settings.cache_clear()
    engine.cache_clear()

    said = looked_up()

    assert said["front_desk_database_up"] == 0
    assert said["front_desk_rasa_up"] == 0
    assert any(name.startswith("front_desk_info") for name in said)
    assert not any(name.startswith("front_desk_outbox") for name in said)


def test_what_does_not_answer_in_time_is_down_each_time(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_over = threading.Event()

    def hangs() -> Gauges:
        is_over.wait(30)
        return []

    monkeypatch.setattr(scraped, "SECONDS_FOR_A_LOOK", 0.1)
    monkeypatch.setattr(scraped, "database", hangs)
    monkeypatch.setattr(scraped, "model", hangs)
    registry = CollectorRegistry()
    registry.register(Scraped())

    said = [generate_latest(registry).decode().splitlines() for _ in range(3)]
    is_over.set()

    for lines in said:
        assert "front_desk_rasa_up 0.0" in lines
        assert "front_desk_database_up 0.0" in lines


def test_a_rasa_that_hangs_is_found_out_within_one_look(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes connections, and no more
        monkeypatch.setenv("CLINIC_RASA_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        settings.cache_clear()
        monkeypatch.setattr(scraped, "SECONDS_FOR_RASA", 0.05)

        said = looked_up()

    assert said["front_desk_rasa_up"] == 0


def test_both_questions_to_rasa_fit_into_one_look() -> None:
    assert 2 * scraped.SECONDS_FOR_RASA < scraped.SECONDS_FOR_A_LOOK


def test_who_asks_often_is_told_what_was_found_before(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def look() -> Gauges:
        looks.append("database")
        return []

    monkeypatch.setattr(scraped, "database", look)
    registry = CollectorRegistry()
    registry.register(Scraped())

    generate_latest(registry)
    generate_latest(registry)

    assert looks == ["database"]


def test_the_model_is_named(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def rasa(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"model_file": "front-desk-1.tar.gz"})

    client = httpx.Client(transport=httpx.MockTransport(rasa))
    monkeypatch.setattr("web.scraped.httpx.Client", lambda **_: client)

    assert looked_up()['front_desk_model_info{name="front-desk-1.tar.gz"}'] == 1


def asked_for() -> set[str]:
    """The figures that the dashboard and the alerts look at."""
    targets = [
        target["expr"]
        for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]
        for target in panel["targets"]
    ]
    rules = [
        rule["expr"]
        for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
        for rule in group["rules"]
    ]
    found = re.findall(r"\b(?:front_desk|process)_\w+|\bup\b", " ".join([*targets, *rules]))
    return {re.sub(r"_bucket$", "", name) for name in found}


def exported() -> set[str]:
    """What there is, with or without a value by now."""
    of_libraries = set(OF_THE_PROCESS)
    defined = {
        family.name + ("_total" if family.type == "counter" else "")
        for metric in (*vars(metrics).values(), *vars(action_metrics).values())
        if hasattr(metric, "describe") and not isinstance(metric, type)
        for family in metric.describe()
    }
    scraped_now = {
        family.name
        for look in (scraped.database, scraped.outbox, scraped.model, scraped.process)
        for family in look()
    }
    return of_libraries | defined | scraped_now | {"front_desk_model_info"}


def test_what_the_dashboard_and_the_alerts_look_at_is_really_there(database_url: str) -> None:
    assert asked_for() - exported() == set()


def test_each_alert_says_what_it_means() -> None:
    for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]:
        for rule in group["rules"]:
            assert rule["annotations"]["summary"]
            assert rule["labels"]["severity"] in ("page", "look")


def test_all_figures_of_ours_are_described_in_the_documentation(database_url: str) -> None:
    described = Path("docs/observability.md").read_text("utf-8")

    ours = {name for name in exported() if name.startswith("front_desk_")}
    assert {name for name in ours if f"`{name}`" not in described} == set()
