"""Nothing a colleague typed as an address reaches into the clinic's own network."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from clinic.private_addresses import (
    PrivateAddress,
    is_outside,
    is_plainly_inside,
    only_outside,
)


@pytest.fixture
def port() -> Iterator[int]:
    """Somebody listens on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254",
        "0.0.0.0",  # noqa: S104  # nobody listens there, it is refused
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "localhost", "",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",  # through NAT64
        "2002:7f00:1::1", "2002:a00:1::", "::7f00:1", "::a9fe:a9fe",  # 6to4, IPv4-compatible
        "fec0::1", "feff::1", "fec0::1%eth0",  # site-local
    ],
)  # fmt: skip
def test_an_address_of_a_private_network_is_inside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34",
        "64:ff9b::5db8:d822", "2002:5db8:d822::1",
    ],
)  # fmt: skip
def test_an_address_of_the_internet_is_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("localhost", True),
        ("intranet", True),
        ("printer.local", True),
        ("db.internal.", True),
        ("[::1]", True),
        ("127.0.0.1", True),
        ("hooks.example.org", False),
        ("93.184.216.34", False),
    ],
)
def test_some_hosts_tell_by_their_name_that_they_are_inside(host: str, inside: bool) -> None:
    assert is_plainly_inside(host) is inside


def test_no_connection_into_the_network_is_made(port: int) -> None:
    with only_outside(), pytest.raises(PrivateAddress):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_name_that_turns_out_to_point_inside_is_refused(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)

    with only_outside(), pytest.raises(PrivateAddress):
        socket.create_connection(("hooks.example.org", port), timeout=1)


def test_a_door_on_this_machine_is_refused(tmp_path: object) -> None:
    door = socket.socket(socket.AF_UNIX)

    with only_outside(), door, pytest.raises(PrivateAddress):
        door.connect("/run/nobody.sock")


def test_everybody_else_connects_as_before(port: int) -> None:
    with only_outside():
        pass

    socket.create_connection(("127.0.0.1", port), timeout=1).close()
