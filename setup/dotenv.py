"""Write `.env` with fresh secrets, once."""

from __future__ import annotations

import base64
import os
import secrets

from setup.home import DOTENV

TEXT = """\
# The settings of this installation; all of them: docs/settings.md.
# Keep this file secret and keep a copy: without the key nothing that was stored can be read.
CLINIC_ENCRYPTION_KEYS={key}
CLINIC_ACTION_TOKEN={token}
"""


def write_dotenv() -> None:
    """Readable by its owner only; an existing file is left as it is."""
    key = base64.urlsafe_b64encode(os.urandom(32)).decode()  # 256 bits: a Fernet key
    text = TEXT.format(key=key, token=secrets.token_urlsafe(32))
    try:
        handle = os.open(DOTENV, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
