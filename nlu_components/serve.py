"""Start Rasa so that no log repeats a visitor's words: `python -m nlu_components.serve run …`.

Rasa's warnings and errors about messages it cannot read or answer in time quote them. Here a
warning says where it arose, a log line what happened, and no more. Messages are processed by our
own processor (`processor`), which calls the action server in its own way (`action_calls`).
Everything else is Rasa's own command line.
"""

from __future__ import annotations

import logging
import os
import warnings
from typing import Any, Dict, Text, Type

log = logging.getLogger(__name__)

LOCK_SECONDS = "10"
"""A lock that a killed Rasa left behind is gone after that; no turn lasts longer, see
`action_calls`. Rasa's own default is a minute."""

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
    os.environ.setdefault("TICKET_LOCK_LIFETIME", LOCK_SECONDS)  # read when Rasa is imported
    os.environ.setdefault(
        "CLINIC_REDIS_URL", ""
    )  # endpoints.yml names it; Rasa wants it to be there
    from rasa.__main__ import main as rasa
    from rasa.utils import log_utils

    log_utils._anonymizer = say_only_what_happened
    use_our_own_parts()
    rasa()


def use_our_own_parts() -> None:
    """Give Rasa what no setting gives it. Its version is pinned, and tests hold what we rely on."""
    import rasa.core.agent
    import rasa.core.processor

    from nlu_components import action_calls, graph_runner, processor, status

    rasa.core.agent.MessageProcessor = processor.FrontDeskProcessor
    rasa.core.processor.DaskGraphRunner = graph_runner.StraightRunner
    action_calls.install()
    status.install()


if __name__ == "__main__":
    main()
