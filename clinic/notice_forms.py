"""The few kinds of notice channels that have a form of their own, each made into an address."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

from clinic.notice_addresses import MAIL, OUR_MAIL, Address, AddressRefused, clinics_mail, read

EMAIL = re.compile(r"[^\s@,;<>()\"':?&/\\%]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
SLACK_GAVE_IT = re.compile(r"https://hooks\.slack(-gov)?\.com/(services|workflows|triggers)/")
NO_WEB_ADDRESS = "This is not a web address. It looks like https://host/path."


def from_mail(
    to: str, *, server: str = "", security: str = "starttls", user: str = "", password: str = ""
) -> Address:
    """An e-mail address, and the mail server to send through if it is not the clinic's."""
    to = to.strip()
    if not EMAIL.fullmatch(to):
        raise AddressRefused("Please enter one e-mail address, such as name@example.org.")
    if not server.strip():
        if clinics_mail() is None:
            raise AddressRefused(
                "The clinic has no mail server of its own yet. Please enter the one to send "
                "through, or ask whoever looks after this system."
            )
        return Address(MAIL, OUR_MAIL + to)
    scheme = "mailto" if security == "none" else "mailtos"
    mode = {"none": "insecure", "tls": "ssl"}.get(security, "starttls")
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    sender = user if EMAIL.fullmatch(user) else to
    options = f"from={quote(sender)}&to={quote(to)}&mode={mode}&format=text"
    return read(f"{scheme}://{login}{server.strip()}?smtp={_server(server)}&{options}")


def _server(server: str) -> str:
    host, _, port = server.strip().partition(":")
    if not re.fullmatch(r"[A-Za-z0-9.-]+", host) or not re.fullmatch(r"\d{0,5}", port):
        raise AddressRefused("Please enter the mail server as smtp.example.org or with :587.")
    return host


def from_slack(url: str) -> Address:
    """The address that Slack shows for an incoming webhook."""
    if not SLACK_GAVE_IT.match(url.strip()):
        raise AddressRefused(
            "It begins with https://hooks.slack.com/services/. Please copy it all."
        )
    return read(url)


def from_teams(url: str) -> Address:
    """The address that a Teams workflow shows after it was made."""
    url = url.strip()
    if not url.startswith("https://") or "/workflows/" not in url or "sig=" not in url:
        raise AddressRefused("It begins with https:// and holds /workflows/. Please copy it all.")
    return read(url)


def from_webhook(url: str) -> Address:
    """The address of any server that takes a POST with JSON."""
    parts = _parts(url)
    port = f":{parts.port}" if parts.port else ""
    scheme = "jsons" if parts.scheme == "https" else "json"
    login = parts.netloc.rpartition("@")[0]
    query = "&".join(
        f"-{quote(name)}={quote(value)}"
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    host = f"{login}@{parts.hostname}" if login else parts.hostname
    return read(f"{scheme}://{host}{port}{parts.path}" + (f"?{query}" if query else ""))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # raises as well
    except ValueError:
        raise AddressRefused(NO_WEB_ADDRESS) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressRefused(NO_WEB_ADDRESS)
    return parts
