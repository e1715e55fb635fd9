"""The addresses of this machine that others can reach it by."""

from __future__ import annotations

import ipaddress
import socket

NOBODY = (("192.0.2.1", socket.AF_INET), ("2001:db8::1", socket.AF_INET6))
"""Addresses kept for documentation. Nothing is sent: only the way to them is asked for."""

SECONDS = 0.5


def outer_addresses() -> list[str]:
    """Without the loopback; empty on a machine without a network."""
    found = dict.fromkeys([*_on_the_way_out(), *_of_the_name()])
    return [address for address in found if not is_loopback(address)]


def is_open(address: str, port: int) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection((address, port), timeout=SECONDS):
            return True
    except OSError:
        return False


def is_loopback(host: str) -> bool:
    """A name counts only if it is the one that always means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _on_the_way_out() -> list[str]:
    found = []
    for address, family in NOBODY:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                found.append(str(probe.getsockname()[0]))
        except OSError:
            continue
    return found


def _of_the_name() -> list[str]:
    try:
        infos = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(info[4][0]) for info in infos]
