"""Many machines: valid manifests, no rights that are not needed, and who may reach whom."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

FOLDER = Path("deploy/kubernetes")
KUSTOMIZATION = FOLDER / "kustomization.yaml"
SHOWN_TO_USERS = "1.33"
"""The oldest version of Kubernetes that is looked at; the newest is what the library knows."""


def _documents() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        if path != KUSTOMIZATION:
            found += list(yaml.safe_load_all(path.read_text("utf-8")))
    return found


DOCUMENTS = _documents()
WORKLOADS = [d for d in DOCUMENTS if d["kind"] in ("Deployment", "StatefulSet", "CronJob")]


def _template(workload: dict[str, Any]) -> dict[str, Any]:
    spec = workload["spec"]
    template: dict[str, Any] = spec.get("jobTemplate", {}).get("spec", spec)["template"]
    return template


PODS = {d["metadata"]["name"]: _template(d)["spec"] for d in WORKLOADS}
COME_AND_GO = ("/migrate", "/backup")
CONTAINERS = {
    f"{pod}/{container['name']}": container
    for pod, spec in PODS.items()
    for container in [*spec.get("initContainers", ()), *spec["containers"]]
}
POLICIES = {d["metadata"]["name"]: d["spec"] for d in DOCUMENTS if d["kind"] == "NetworkPolicy"}


@pytest.mark.parametrize("version", [SHOWN_TO_USERS, kubernetes_validate.latest_version()])
@pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[f"{d['kind']} {d['metadata']['name']}" for d in DOCUMENTS]
)
def test_a_manifest_is_valid(document: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(document, version, strict=True)


def test_every_manifest_is_applied() -> None:
    resources = set(yaml.safe_load(KUSTOMIZATION.read_text("utf-8"))["resources"])

    written = {path.name for path in FOLDER.glob("*.yaml")} - {KUSTOMIZATION.name}
    assert resources == written | {"../postgres"}


@pytest.mark.parametrize("name", PODS)
def test_nothing_runs_as_root_or_knows_the_cluster(name: str) -> None:
    pod = PODS[name]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_cannot_write_itself_gain_rights_or_take_all_the_memory(name: str) -> None:
    container = CONTAINERS[name]

    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    assert container["resources"]["requests"].keys() == {"cpu", "memory"}


@pytest.mark.parametrize("name", [name for name in CONTAINERS if not name.endswith(COME_AND_GO)])
def test_a_container_is_asked_whether_it_lives_and_whether_it_can_serve(name: str) -> None:
    assert CONTAINERS[name]["livenessProbe"]
    assert CONTAINERS[name]["readinessProbe"]


@pytest.mark.parametrize("name", ["web", "actions", "rasa"])
def test_there_are_two_of_each_and_one_is_there_during_an_upgrade(name: str) -> None:
    (workload,) = [d for d in WORKLOADS if d["metadata"]["name"] == name]

    assert workload["spec"]["replicas"] >= 2
    assert workload["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_nothing_may_talk_to_anything_unless_a_policy_says_so() -> None:
    assert POLICIES["nothing-by-itself"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }
    assert set(PODS) <= set(POLICIES)


@pytest.mark.parametrize("name", PODS)
def test_policies_find_their_pods(name: str) -> None:
    (workload,) = [d for d in WORKLOADS if d["metadata"]["name"] == name]

    assert _template(workload)["metadata"]["labels"] == POLICIES[name]["podSelector"]["matchLabels"]


@pytest.mark.parametrize(
    ("server", "clients"),
    [
        ("rasa", {"web"}),
        ("redis", {"web", "rasa"}),
        ("postgres", {"web", "actions", "rasa", "backup"}),
    ],
)
def test_a_server_is_reached_by_those_who_need_it_only(server: str, clients: set[str]) -> None:
    assert _who_may_reach(server) == clients


def _who_may_reach(server: str) -> set[str]:
    allowed: set[str] = set()
    for rule in POLICIES[server]["ingress"]:
        for source in rule["from"]:
            assert source.keys() == {"podSelector"}, "somebody from outside"
            selector = source["podSelector"]
            allowed |= set(selector.get("matchLabels", {}).values())
            for expression in selector.get("matchExpressions", ()):
                allowed |= set(expression["values"])
    return allowed


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_value_is_put_together_of_what_stands_before_it(name: str) -> None:
    """Kubernetes leaves $(NAME) as it is where NAME comes later."""
    known: set[str] = set()
    for variable in CONTAINERS[name].get("env", ()):
        assert set(re.findall(r"\$\((\w+)\)", variable.get("value", ""))) <= known
        known.add(variable["name"])


@pytest.mark.parametrize(
    "name", ["web/web", "web/migrate", "actions/actions", "actions/migrate", "backup/backup"]
)
def test_a_secret_that_not_everybody_has_is_read_where_it_is_there(name: str) -> None:
    given = {one["name"]: one.get("valueFrom", {}) for one in CONTAINERS[name]["env"]}

    for wanted in ("CLINIC_RETIRED_KEYS", "CLINIC_NOTICE_URLS", "CLINIC_VISITOR_MAIL"):
        assert given[wanted]["secretKeyRef"] == {
            "name": "front-desk",
            "key": wanted,
            "optional": True,
        }


def test_the_backup_knows_all_that_web_knows_and_rasas_conversations() -> None:
    names = {
        container: {one["name"] for one in CONTAINERS[container]["env"]}
        for container in ("web/web", "backup/backup")
    }

    assert names["backup/backup"] - names["web/web"] == {
        "RASA_DATABASE_PASSWORD",
        "RASA_TRACKER_KEYS",
        "RASA_TRACKER_URL",
        "CLINIC_BACKUP_FOLDER",
    }
    assert names["web/web"] <= names["backup/backup"]


def test_backups_are_kept_when_their_container_is_gone_and_only_their_owner_reads_them() -> None:
    (container,) = PODS["backup"]["containers"]
    (volume,) = [one for one in PODS["backup"]["volumes"] if "persistentVolumeClaim" in one]
    (claim,) = [d for d in DOCUMENTS if d["kind"] == "PersistentVolumeClaim"]

    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    places = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    folder = Path(container["command"][5])
    # The volume itself belongs to the group; the folder that the command makes in it does not.
    assert folder.parent == Path(places[volume["name"]])
    assert PODS["backup"]["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch"


def test_postgres_is_well_only_once_it_answers_others() -> None:
    """At the first start one that makes the databases answers on the socket alone."""
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        asked = CONTAINERS["postgres/postgres"][probe]["exec"]["command"]
        assert asked[asked.index("--host") + 1] == "127.0.0.1"


def test_rasa_actions_and_backups_have_no_way_out_to_the_internet() -> None:
    for name in ("rasa", "actions", "backup"):
        for rule in POLICIES[name]["egress"]:
            assert all(target.keys() == {"podSelector"} for target in rule["to"])
