"""Under which names we answer: a website that gives itself our address is not served.

Otherwise a page of a stranger could reach a front desk on the visitor's own machine or network by
a name of its own (DNS rebinding), and links could be made to lead elsewhere.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from clinic.help_lines import in_danger
from clinic.settings import settings
from web.errors import Refusal

ASKED_BY_MACHINES = ("/healthz", "/readyz")
"""Who looks whether we are well does so by whatever name the machine has."""


def refuse_strange_name(scope: Scope) -> None:
    if scope["path"] in ASKED_BY_MACHINES or _is_ours(_name_in(Headers(scope=scope).get("host"))):
        return
    raise Refusal(421, "not_here", f"This address does not lead to us. {in_danger()}")


def _name_in(host: str | None) -> str:
    try:
        return urlsplit(f"//{host or ''}").hostname or ""
    except ValueError:
        return ""


def _is_ours(name: str) -> bool:
    # A number is nobody's name: no other website can be reached by it.
    return name in _names(settings().public_url, settings().served_names) or _is_a_number(name)


def _is_a_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4)
def _names(public_url: str, others: str) -> frozenset[str]:
    more = (one.strip().lower() for one in others.split(","))
    return frozenset({"localhost", urlsplit(public_url).hostname or "", *more} - {""})
