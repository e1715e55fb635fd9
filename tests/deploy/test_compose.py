"""One machine: who may talk to whom, as whom, and with which settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

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


def test_what_may_be_set_is_what_it_would_be_without_a_word() -> None:
    usual = {f"CLINIC_{name.upper()}": field for name, field in Settings.model_fields.items()}
    # On one machine behind TLS nobody signs in with a password alone, unless they are told to.
    stricter = {"CLINIC_REQUIRE_SECOND_FACTOR": True}
    may_be_set = dict(re.findall(r"(CLINIC_\w+): \$\{\1:-([^}]*)\}", WORDS))

    assert {
        "CLINIC_CONVERSATIONS_PER_HOUR",
        "CLINIC_REQUESTS_PER_MINUTE",
        "CLINIC_MESSAGES_PER_MINUTE",
        "CLINIC_SERVED_NAMES",
        "CLINIC_NOTICE_REPEAT_MINUTES",
        "CLINIC_NOTICE_REPEATS",
        "CLINIC_STAFF_SESSION_HOURS",
        "CLINIC_STAFF_IDLE_MINUTES",
    } <= set(may_be_set)
    for name, written in may_be_set.items():
        read = TypeAdapter[object](usual[name].annotation).validate_python(written)
        assert read == stricter.get(name, usual[name].default), name


def test_the_doctor_finds_the_action_server_where_it_is() -> None:
    assert SERVICES["web"]["environment"]["CLINIC_ACTIONS_URL"] == "http://actions:5055"


def test_postgres_is_well_only_once_it_answers_others() -> None:
    """At the first start one that makes the databases answers on the socket alone."""
    asked = SERVICES["postgres"]["healthcheck"]["test"]

    assert asked[asked.index("--host") + 1] == "127.0.0.1"


def test_backups_and_secrets_are_in_no_image() -> None:
    left_out = Path(".dockerignore").read_text("utf-8").splitlines()

    assert {".env", "deploy/.env", "deploy/backups"} <= set(left_out)


def test_the_images_know_their_version_and_are_built_on_any_kind_of_machine() -> None:
    words = Path("deploy/Dockerfile").read_text("utf-8")

    base = words.partition(" AS base\n")[2].partition("\nFROM ")[0]
    assert re.search(r"^COPY .*pyproject\.toml", base, re.MULTILINE)
    assert not re.search(r"x86_64|aarch64|amd64|arm64", words)


def test_every_secret_that_is_asked_for_is_made_by_make_deploy_env() -> None:
    asked = set(re.findall(r"\$\{(\w+)(?::\?run make deploy-env)?\}", WORDS))

    assert asked - {"FRONT_DESK_DOMAIN"} == set(SECRETS_OF_SERVERS)


def test_web_believes_the_address_of_a_visitor_only_from_the_network_of_the_proxy() -> None:
    (network,) = COMPOSE["networks"]["edge"]["ipam"]["config"]

    assert SERVICES["web"]["environment"]["CLINIC_TRUSTED_PROXIES"] == network["subnet"]
