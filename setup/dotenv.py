"""Write `.env` with fresh secrets; one that is there gets only the secrets it lacks."""

from __future__ import annotations

import base64
import os
import secrets
from typing import Callable, Dict

from setup.home import DOTENV, written_settings

HEADER = """\
# The settings of this installation; all of them: docs/settings.md.
# Keep this file secret and keep a copy: without the keys nothing that was stored can be read.
"""


def fernet_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


SECRETS: Dict[str, Callable[[], str]] = {
    "CLINIC_ENCRYPTION_KEYS": fernet_key,
    "CLINIC_ACTION_TOKEN": secrets.token_urlsafe,
    "CLINIC_SEARCH_KEY": secrets.token_urlsafe,
    "RASA_TRACKER_KEYS": fernet_key,
}


def write_dotenv() -> None:
    """Readable by its owner only; no line that is there is ever changed."""
    known = {**written_settings(DOTENV), **os.environ}
    missing = {name: make() for name, make in SECRETS.items() if name not in known}
    if not missing:
        return
    is_new = not DOTENV.exists()
    handle = os.open(DOTENV, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        if is_new:
            file.write(HEADER)
        elif not DOTENV.read_text("utf-8").endswith("\n"):
            file.write("\n")
        for name, value in missing.items():
            file.write("%s=%s\n" % (name, value))
