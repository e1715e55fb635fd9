"""Write `.env` with fresh secrets; one that is there gets only the secrets it lacks."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Callable, Dict

from setup.home import DOTENV, HOME, written_settings

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


SECRETS_OF_SERVERS: Dict[str, Callable[[], str]] = {
    **SECRETS,
    "POSTGRES_PASSWORD": secrets.token_urlsafe,
    "RASA_DATABASE_PASSWORD": secrets.token_urlsafe,
    "REDIS_PASSWORD": secrets.token_urlsafe,
}
DEPLOYED = HOME / "deploy" / ".env"


def write_dotenv() -> None:
    """The settings of the product on this machine."""
    _write(DOTENV, SECRETS, known=dict(os.environ))


def write_deploy_env() -> None:
    """The secrets for deploy/compose.yml, or for a Secret of Kubernetes."""
    _write(DEPLOYED, SECRETS_OF_SERVERS, known={})
    print("deploy/.env holds fresh secrets; what was there is as it was. Now write into it:")
    print("  FRONT_DESK_DOMAIN=front-desk.your-clinic.example")


def _write(path: Path, needed: Dict[str, Callable[[], str]], known: Dict[str, str]) -> None:
    """Readable by its owner only; no line that is there is ever changed."""
    known = {**written_settings(path), **known}
    missing = {name: make() for name, make in needed.items() if name not in known}
    if not missing:
        return
    is_new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        if is_new:
            file.write(HEADER)
        elif not path.read_text("utf-8").endswith("\n"):
            file.write("\n")
        for name, value in missing.items():
            file.write("%s=%s\n" % (name, value))
