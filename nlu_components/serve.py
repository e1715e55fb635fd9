"""Start Rasa so that no warning repeats a visitor's words: `python -m nlu_components.serve run …`.

Rasa's warnings about messages it cannot read quote them. Here a warning says where it arose, and
no more. Everything else is Rasa's own command line.
"""

from __future__ import annotations

import logging
import warnings
from typing import Any, Type

log = logging.getLogger(__name__)


def say_only_where(
    message: Any,
    category: Type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: Any = None,
) -> None:
    """Stands in for `warnings.showwarning`."""
    log.warning("warning category=%s file=%s line=%d", category.__name__, filename, lineno)


def main() -> None:
    warnings.showwarning = say_only_where
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
