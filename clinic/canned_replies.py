"""Replies that staff use again and again in a live chat, as the clinic wrote them down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from clinic.live_chat import LONGEST_MESSAGE
from clinic.screening.hand_written import UnusableFileError, read_file
from clinic.settings import HOME

FILE = HOME / "console" / "canned_replies.yml"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@lru_cache
def canned_replies() -> Mapping[str, str]:
    """Text by name. While somebody edits the file there are none; a chat works without."""
    try:
        return load_canned_replies(FILE)
    except UnusableFileError:
        return {}


def load_canned_replies(path: Path) -> Mapping[str, str]:
    """Read the file of replies.

    Raises:
        UnusableFileError: it says which line is wrong, and why.
    """
    file = read_file(path)
    for name in file.content:
        if not NAME.fullmatch(str(name)):
            raise file.wrong(f"'{name}' cannot be a name: small letters, digits and -, at most 32.")
        if len(file.text(str(name))) > LONGEST_MESSAGE:
            raise file.wrong(f"'{name}' is longer than {LONGEST_MESSAGE} characters.")
    return {str(name): file.text(str(name)) for name in file.content}
