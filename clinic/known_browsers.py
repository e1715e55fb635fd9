"""Browsers in which somebody of staff was signed in before: strangers cannot lock them out.

Such a browser keeps a signed token for half a year. The token lets nobody in. It only says that
wrong passwords from elsewhere are not this browser's fault, as OWASP's “device cookies” do:
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from clinic.clock import now
from clinic.derived_keys import derived_key

KNOWN_FOR = timedelta(days=180)
MOST_ACCOUNTS = 12
"""One computer at the front desk is used by several people."""


@dataclass(frozen=True)
class KnownBrowser:
    """`accounts` are the ids of the staff who signed in here, the newest last."""

    id: str
    accounts: tuple[int, ...]

    def knows(self, staff_id: int) -> bool:
        return staff_id in self.accounts


def read(token: str | None) -> KnownBrowser | None:
    """The browser that a token names, if we signed it and it is not too old."""
    body, _, signature = (token or "").partition(".")
    if not body.isascii() or not hmac.compare_digest(_sign(body), signature.encode()):
        return None
    try:
        said = json.loads(urlsafe_b64decode(body))
    except (NotBase64, ValueError):
        return None
    if now().timestamp() - said["at"] > KNOWN_FOR.total_seconds():
        return None
    return KnownBrowser(said["id"], tuple(said["accounts"]))


def signed_in_here(before: KnownBrowser | None, staff_id: int) -> str:
    """The token to keep after somebody signed in in this browser."""
    others = [known for known in before.accounts if known != staff_id] if before else []
    said = {
        "id": before.id if before else uuid4().hex,
        "accounts": [*others, staff_id][-MOST_ACCOUNTS:],
        "at": int(now().timestamp()),
    }
    body = urlsafe_b64encode(json.dumps(said).encode()).decode()
    return f"{body}.{_sign(body).decode()}"


def _sign(body: str) -> bytes:
    made = hmac.digest(derived_key("known browsers"), body.encode(), sha256)
    return urlsafe_b64encode(made)
