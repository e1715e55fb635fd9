"""Addresses of notice channels: which kinds there are, what may stand in one, how it is shown.

An address is one of apprise's, such as `slack://…` or `mailtos://…`. Only the kinds here are taken:
apprise also knows some that write files, talk to this machine or run its programs.
"""

from __future__ import annotations

import hmac
import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import apprise
from apprise.plugins import url_to_dict

from clinic.private_addresses import is_plainly_inside
from clinic.settings import settings

MAIL, SLACK, TEAMS, WEBHOOK, SMS = "mail", "slack", "teams", "webhook", "sms"

SCHEMES = {
    "mailto": MAIL,
    "mailtos": MAIL,
    "slack": SLACK,
    "workflow": TEAMS,
    "workflows": TEAMS,
    "json": WEBHOOK,
    "jsons": WEBHOOK,
    "xml": WEBHOOK,
    "xmls": WEBHOOK,
    **dict.fromkeys(
        (
            "46elks", "bulksms", "bulkvs", "clickatell", "clicksend", "httpsms", "infobip",
            "kaleyra", "msgbird", "nexmo", "plivo", "sinch", "sns", "telnyx", "twilio", "voipms",
            "vonage",
        ),
        SMS,
    ),
}  # fmt: skip
NOT_SECRET = {"mailto", "json", "xml"}
"""Sent so that others on the way can read it, which is fine inside one's own network only."""

OPTIONS = {
    MAIL: {"to", "from", "name", "smtp", "mode", "user", "pass", "reply", "cc", "bcc", "format"},
    SLACK: {"to", "mode", "token"},
    TEAMS: {"id", "sig", "sp", "sv", "ver", "api-version", "pa", "route"},
    WEBHOOK: set(),
    SMS: {
        "access", "apikey", "batch", "from", "id", "key", "profile", "region", "route", "secret",
        "sid", "spi", "to", "token", "ttl",
    },
}  # fmt: skip
"""What may stand after the `?`. Left out is what reads files, goes on to another server, or lets
certificates pass unseen."""

OUR_MAIL = "clinic-mail:"
"""Before an e-mail address: sent through the clinic's own mail server, which is the first
mailto:// in CLINIC_NOTICE_URLS."""

LONGEST = 1000


NOT_COMPLETE = "This address is not complete. Please compare it with its example."


class AddressRefused(Exception):
    """An address that no notice is sent to; the message says why, and what to do."""


@dataclass(frozen=True)
class Address:
    """An address that was looked at and can be kept."""

    kind: str
    url: str


def operators() -> dict[str, str]:
    """The addresses in CLINIC_NOTICE_URLS, each under the name that deliveries know it by."""
    urls = (url.strip() for url in settings().notice_urls.get_secret_value().split(","))
    return {_name_of(url): url for url in urls if url}


def _name_of(url: str) -> str:
    """A keyed hash: an address holds passwords, and the key keeps anybody from trying some."""
    key = settings().search_key.get_secret_value().encode()
    return hmac.digest(key, b"notice-address:" + url.encode(), "sha256").hex()


def clinics_mail() -> str | None:
    """The address of the clinic's mail server, if the operator has set one."""
    mails = (url for url in operators().values() if kind_of(url) == MAIL)
    return next(mails, None)


def read(url: str) -> Address:
    """Look at an apprise address that somebody typed.

    Raises:
        AddressRefused: with words for that person.
    """
    url = url.strip()
    if not url or len(url) > LONGEST or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise AddressRefused("Please enter one address, without spaces.")
    kind = kind_of(url)
    if kind is None:
        raise AddressRefused(
            "This kind of address is not taken. It begins with mailtos://, slack://, workflows://, "
            "jsons:// or the name of an SMS provider, such as twilio://."
        )
    quiet_log()
    # As apprise reads it, so that nothing is read in two ways.
    parts = url_to_dict(url)
    # What a web address belongs to is told by apprise alone.
    if not parts or SCHEMES.get(parts["schema"]) != kind:
        raise AddressRefused(NOT_COMPLETE)
    _refuse_options(parts, kind)
    _refuse_unsafe(parts, kind)
    if service(url) is None:
        raise AddressRefused(NOT_COMPLETE)
    return Address(kind, url)


def kind_of(url: str) -> str | None:
    """What kind of channel an address is; nothing if it is of none that is taken."""
    if url.startswith(OUR_MAIL):
        return MAIL
    scheme = url.partition("://")[0].lower()
    if scheme in ("http", "https"):
        # As Slack and Teams give it out; apprise knows both.
        return SLACK if _host(url).startswith("hooks.slack") else TEAMS
    return SCHEMES.get(scheme)


@lru_cache
def quiet_log() -> logging.Logger:
    """apprise's own log, which nobody sees: it writes down addresses."""
    log = logging.getLogger("apprise")
    log.propagate = False
    log.addHandler(logging.NullHandler())  # or Python would print what nobody else takes
    return log


def service(url: str) -> apprise.NotifyBase | None:
    """What apprise makes of an address: nothing, if it does not understand it."""
    quiet_log()
    asset = apprise.AppriseAsset(
        app_id="Front desk",
        app_desc="Front desk",
        app_url="",
        # No picture: it would be fetched from another host, or tell one of us.
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    if not url.startswith(OUR_MAIL):
        return apprise.Apprise.instantiate(url, asset=asset)
    server = clinics_mail()
    mail = apprise.Apprise.instantiate(server, asset=asset) if server else None
    if mail is not None:
        mail.targets = [(False, url.removeprefix(OUR_MAIL))]
        mail.cc, mail.bcc = set(), set()
    return mail


def _refuse_options(parts: dict[str, Any], kind: str) -> None:
    for name in parts.get("qsd", ()):
        # Headers and fields of a webhook begin with one of these.
        if kind == WEBHOOK and name[:1] in ("+", "-", ":"):
            continue
        if name.lower() not in OPTIONS[kind]:
            raise AddressRefused(f"The option “{name[:20]}” cannot be used here. Please remove it.")


def _refuse_unsafe(parts: dict[str, Any], kind: str) -> None:
    if settings().notice_private_addresses:
        return
    scheme = parts["schema"]
    if scheme in NOT_SECRET:
        raise AddressRefused(f"With {scheme}:// others could read along. Please use {scheme}s://.")
    if parts.get("secure_mode") == "insecure":
        raise AddressRefused("With mode=insecure others could read along. Please leave it out.")
    servers = [parts.get("host"), parts.get("smtp_host")] if kind in (MAIL, WEBHOOK) else []
    if any(is_plainly_inside(host) for host in servers if host):
        raise AddressRefused(
            "This address is inside the clinic's own network. Whoever looks after this system can "
            "add it to CLINIC_NOTICE_URLS."
        )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def shown(url: str) -> str:
    """An address as people may see it: enough to know it again, and no secret."""
    kind = kind_of(url)
    if url.startswith(OUR_MAIL):
        return _masked_mail(url.removeprefix(OUR_MAIL))
    found = service(url)
    if found is None or kind is None:
        return "an address that cannot be read"
    if kind == MAIL:
        return ", ".join(_masked_mail(str(address)) for _, address in found.targets) or "e-mail"
    if kind == SMS:
        ends = [
            f"…{digits[-2:]}" for digits in map(_digits, getattr(found, "targets", ())) if digits
        ]
        return f"{found.service_name} to {', '.join(ends) or 'its number'}"
    if kind == SLACK:
        return "Slack"
    return str(found.host)


def _masked_mail(address: str) -> str:
    name, _, host = address.rpartition("@")
    return f"{name[:1]}•••@{host}"


def _digits(target: object) -> str:
    return re.sub(r"\D", "", str(target))
