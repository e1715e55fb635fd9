"""Who looks whether all is well looks at the right place, and strangers see none of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from web.__main__ import SECONDS_BETWEEN_REQUESTS

CADDY = Path("deploy/caddy/Caddyfile").read_text("utf-8")
PROMETHEUS: dict[str, Any] = yaml.safe_load(Path("deploy/prometheus/prometheus.yml").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load(Path("deploy/compose.yml").read_text("utf-8"))
WEB: dict[str, Any] = next(yaml.safe_load_all(Path("deploy/kubernetes/web.yaml").read_text()))


def test_the_proxy_shows_nobody_outside_what_is_down() -> None:
    (name,) = re.findall(r"(@\w+) path /healthz /readyz\n", CADDY)

    assert f"respond {name} 404\n" in CADDY


def test_the_proxy_uses_no_connection_that_web_has_just_closed() -> None:
    (seconds,) = re.findall(r"\tkeepalive (\d+)s\n", CADDY)

    assert int(seconds) < SECONDS_BETWEEN_REQUESTS


def test_prometheus_asks_every_replica_by_a_name_that_it_can_find() -> None:
    for job in PROMETHEUS["scrape_configs"]:
        (found,) = job["dns_sd_configs"]
        (name,) = found["names"]

        assert found["type"] == "A"
        assert "store" in COMPOSE["services"][name]["networks"]


def test_prometheus_asks_at_the_ports_where_the_figures_are() -> None:
    ports = {
        job["job_name"]: job["dns_sd_configs"][0]["port"] for job in PROMETHEUS["scrape_configs"]
    }
    web = COMPOSE["services"]["web"]["environment"]

    assert ports == {"web": int(web["CLINIC_METRICS_PORT"]), "actions": 5055}


def test_the_network_that_prometheus_is_told_to_join_is_there() -> None:
    told = Path("deploy/prometheus/prometheus.yml").read_text("utf-8")

    assert f"{COMPOSE['name']}_store" in told
    assert "store" in COMPOSE["networks"]


def test_a_crowd_has_no_process_started_again() -> None:
    (container,) = WEB["spec"]["template"]["spec"]["containers"]

    assert "tcpSocket" in container["livenessProbe"]


def test_help_is_shown_where_only_the_bot_is_down() -> None:
    (container,) = WEB["spec"]["template"]["spec"]["containers"]

    for probe in ("startupProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["path"] == "/healthz"
