"""Start Rasa so that no log repeats a visitor's words: `python -m nlu_components.serve run …`.

Rasa's warnings and errors about messages it cannot read or answer in time quote them. Here a
warning says where it arose, a log line what happened, and no more. Everything else is Rasa's own
command line.
"""

from __future__ import annotations

import logging
import warnings
from typing import Any, Dict, Text, Type

log = logging.getLogger(__name__)


SAID_OF_AN_EVENT = frozenset({"event", "level", "exc_info", "stack_info"})


def say_only_what_happened(_: Any, __: Text, event: Dict[Text, Any]) -> Dict[Text, Any]:
    """Stands in for Rasa's own step against personal data, which does nothing unless bought."""
    return {name: value for name, value in event.items() if name in SAID_OF_AN_EVENT}


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
    from rasa.utils import log_utils

    log_utils._anonymizer = say_only_what_happened
    rasa()


if __name__ == "__main__":
    main()
