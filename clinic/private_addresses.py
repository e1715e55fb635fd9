"""Keep what a colleague typed as an address from reaching into the clinic's own network.

A name can point outside when it is looked at and inside when it is used, and a server can send us
on to another one. So the door is where a connection is made, and not where an address is typed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

_only_outside: ContextVar[bool] = ContextVar("only_outside", default=False)

OURS = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
"""Names that mean something inside a network only."""

ENDS_IN_IPV4 = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))
"""IPv4-compatible addresses, and those that NAT64 sends on to the IPv4 address in them."""

OWN_NAT64 = IPv6Network("64:ff9b:1::/48")
"""Where they lead is up to the network around us (RFC 8215)."""


class PrivateAddress(OSError):
    """Somebody wanted to connect to this machine or to the network around it."""


@contextmanager
def only_outside() -> Iterator[None]:
    """Whatever this thread connects to meanwhile must be an address of the public internet."""
    _listen()
    before = _only_outside.set(True)
    try:
        yield
    finally:
        _only_outside.reset(before)


def is_outside(address: str) -> bool:
    """Whether an IP address belongs to the public internet. A name is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        # Python calls both global.
        if found.is_site_local or found in OWN_NAT64:
            return False
        found = _ipv4_within(found) or found
    return found.is_global and not found.is_multicast


def _ipv4_within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that somebody arrives at who connects to this one."""
    if any(address in network for network in ENDS_IN_IPV4):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def is_plainly_inside(host: str) -> bool:
    """Whether a host can be told to be inside without asking anybody."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        ip_address(name)
    except ValueError:
        return name == "localhost" or "." not in name or name.endswith(OURS)
    return not is_outside(name)


@lru_cache
def _listen() -> None:
    """Python tells of every connection before it is made; a hook that raises stops it."""
    sys.addaudithook(_refuse_inside)


def _refuse_inside(event: str, details: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not _only_outside.get():
        return
    address = details[1]
    # Anything else than host and port is a door on this machine.
    if not isinstance(address, tuple) or not is_outside(str(address[0])):
        raise PrivateAddress
