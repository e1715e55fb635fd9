"""One machine: who may talk to whom, as whom, and with which settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic.settings import Settings
from setup.dotenv import SECRETS_OF_SERVERS

WORDS = Path("deploy/compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(WORDS)
SERVICES: dict[str, Any] = COMPOSE["services"]
RASAS = {"CLINIC_ACTIONS_URL", "RASA_TRACKER_URL", "RASA_TRACKER_KEYS"}


def test_only_the_proxy_is_open_to_the_world() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]


def test_rasa_is_reached_by_web_and_actions_and_by_nobody_from_outside() -> None:
    rasa = set(SERVICES["rasa"]["networks"])

    for network in rasa:
        assert COMPOSE["networks"][network]["internal"] is True
    assert not rasa & set(SERVICES["caddy"]["networks"])


def test_databases_stand_in_a_network_without_a_way_out() -> None:
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["store"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_has_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    # PostgreSQL's image changes the owner of its files at the start.
    assert service.get("read_only") is True or name == "postgres"


@pytest.mark.parametrize(
    "name", [name for name in SERVICES if name not in ("migrate", "backup", "caddy")]
)
def test_every_server_is_asked_whether_it_is_well_and_has_a_bound_of_memory(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["mem_limit"]


def test_every_setting_that_is_given_exists() -> None:
    known = {f"CLINIC_{name.upper()}" for name in Settings.model_fields} | RASAS
    given = {
        name
        for service in ("web", "actions", "rasa", "migrate", "backup")
        for name in SERVICES[service]["environment"]
    }

    assert given <= known


def test_every_secret_that_is_asked_for_is_made_by_make_deploy_env() -> None:
    asked = set(re.findall(r"\$\{(\w+)(?::\?run make deploy-env)?\}", WORDS))

    assert asked - {"FRONT_DESK_DOMAIN"} == set(SECRETS_OF_SERVERS)


def test_web_believes_the_address_of_a_visitor_only_from_the_network_of_the_proxy() -> None:
    (network,) = COMPOSE["networks"]["edge"]["ipam"]["config"]

    assert SERVICES["web"]["environment"]["CLINIC_TRUSTED_PROXIES"] == network["subnet"]
