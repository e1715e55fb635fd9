"""Where visitors come from: the name of a campaign or of the website before ours."""

from __future__ import annotations

import re

LONGEST = 64
NAME = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9.-]*")


def cleaned(source: object) -> str | None:
    """The source in small letters; None if it is anything but a plain name.

    It comes from a link that anybody may have written. What holds other signs is dropped whole:
    a part of an e-mail address would still be about somebody.
    """
    if not isinstance(source, str):
        return None
    name = source.strip().lower().replace("_", "-").removeprefix("www.")
    return name if len(name) <= LONGEST and NAME.fullmatch(name) else None
