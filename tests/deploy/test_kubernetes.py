"""Many machines: valid manifests, no rights that are not needed, and who may reach whom."""

from __future__ import annotations

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
WORKLOADS = [d for d in DOCUMENTS if d["kind"] in ("Deployment", "StatefulSet")]
PODS = {d["metadata"]["name"]: d["spec"]["template"]["spec"] for d in WORKLOADS}
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


@pytest.mark.parametrize("name", [name for name in CONTAINERS if not name.endswith("/migrate")])
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


@pytest.mark.parametrize(("server", "clients"), [("rasa", {"web"}), ("redis", {"web", "rasa"})])
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


def test_rasa_and_actions_have_no_way_out_to_the_internet() -> None:
    for name in ("rasa", "actions"):
        for rule in POLICIES[name]["egress"]:
            assert all(target.keys() == {"podSelector"} for target in rule["to"])
