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
from ipaddress import IPv6Address, ip_address
from typing import Any

_only_outside: ContextVar[bool] = ContextVar("only_outside", default=False)

OURS = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
"""Names that mean something inside a network only."""


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
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast


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
