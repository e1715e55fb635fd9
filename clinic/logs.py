"""Logs that say what happened and where, and never what a person said or is called.

Our own calls are written for it: they name kinds and classes. Those of libraries are not. An error
of the database carries what was to be saved, one of the network the address. So of a library's
line only those words are taken that stand in its own code, and of an exception its class and its
place. JSON lines where a program reads them, coloured text in a terminal.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

OURS = ("web", "clinic", "actions")
"""Loggers whose arguments may be shown; a house rule of ours keeps people out of them."""

FIELDS = re.compile(r" (\w+)=%[sd]")
"""What our calls say behind the event: `not kept error=%s`."""

SHORTEST_TEMPLATE = 8
"""Shorter words stand by chance in any file."""


def configure(process: str) -> None:
    """Send every line of this process to stderr; `process` is `web` or `actions`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(process, is_terminal=sys.stderr.isatty()))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a line that cannot be written would be printed whole
    structlog.configure(
        processors=[_only_the_event],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    # What Python itself would print carries the words of the exception.
    sys.excepthook = _say_uncaught
    sys.unraisablehook = lambda left: _log_uncaught(left.exc_value)
    threading.excepthook = lambda left: _log_uncaught(left.exc_value)


def _formatter(process: str, *, is_terminal: bool) -> logging.Formatter:
    shown: Processor = structlog.processors.JSONRenderer()
    if is_terminal:
        shown = structlog.dev.ConsoleRenderer()

    def of_this_process(_: Any, __: str, event: EventDict) -> EventDict:
        return {**event, "process": process}

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.contextvars.merge_contextvars,
            _only_what_is_safe,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            of_this_process,
            shown,
        ],
        # Python's own rendering of a failure repeats its words.
        keep_exc_info=False,
        keep_stack_info=False,
        use_get_message=False,
        pass_foreign_args=True,
    )


def _only_the_event(_: Any, __: str, event: EventDict) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """For libraries that log with structlog: their fields are theirs to fill, so none is taken."""
    return (event.get("event", ""),), {"exc_info": event.get("exc_info")}


def _only_what_is_safe(_: Any, __: str, event: EventDict) -> EventDict:
    """The line as it is shown; whatever else hung on the record is left behind."""
    record: logging.LogRecord = event["_record"]
    kept: EventDict = {
        name: value
        for name, value in event.items()
        if name not in ("exc_info", "stack_info", "positional_args")
    }
    if record.name.partition(".")[0] in OURS:
        kept["event"], fields = _own_words(record.msg, event["positional_args"])
    else:
        kept["event"], fields = _words_of_a_library(record), {"said_at": _place_of(record)}
    kept.update(fields)
    kept.update(getattr(record, "fields", {}))
    failure = event.get("exc_info")
    if isinstance(failure, tuple) and failure[1] is not None:
        kept.update(described(failure[1]))
    return kept


def _own_words(said: object, values: object) -> tuple[str, dict[str, Any]]:
    """`not kept error=%s` becomes the event `not kept` and the field `error`."""
    template = str(said)
    named, given = FIELDS.findall(template), values if isinstance(values, tuple) else ()
    if len(named) != len(given):
        return template, {}
    return FIELDS.sub("", template), {
        name: value if isinstance(value, (int, float)) else str(value)
        for name, value in zip(named, given, strict=True)
    }


def _words_of_a_library(record: logging.LogRecord) -> str:
    if isinstance(record.msg, BaseException):
        return type(record.msg).__name__
    words = str(record.msg).strip()
    if len(words) >= SHORTEST_TEMPLATE and words in _code(record.pathname):
        return words
    return "a library has something to say"


@lru_cache(maxsize=64)
def _code(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, ValueError):
        return ""


def _place_of(record: logging.LogRecord) -> str:
    return f"{_short(record.pathname)}:{record.lineno}"


def described(error: BaseException) -> dict[str, str]:
    """The class of an exception and the place where it arose, and nothing that it says."""
    said = {"error": type(error).__name__, "at": place_of(error)}
    if error.__cause__ is not None:
        said["cause"] = type(error.__cause__).__name__
    return said


def place_of(error: BaseException) -> str:
    """Where it arose: the last line of our own code that it came through, or the last of all."""
    step, places = error.__traceback__, []
    while step is not None:
        places.append((step.tb_frame.f_code.co_filename, step.tb_lineno))
        step = step.tb_next
    own = [place for place in places if _is_ours(place[0])]
    path, line = (own or places or [("nowhere", 0)])[-1]
    return f"{_short(path)}:{line}"


HOME = Path(__file__).resolve().parent.parent


def _is_ours(path: str) -> bool:
    return any(path.startswith(f"{HOME}/{room}/") for room in OURS)


def _short(path: str) -> str:
    """A path without the folders of this machine."""
    home, _, inner = path.rpartition("/site-packages/")
    return inner if home else path.removeprefix(f"{HOME}/")


def _say_uncaught(
    kind: type[BaseException], error: BaseException, where: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log_uncaught(error)


def _log_uncaught(error: BaseException | None) -> None:
    if error is not None:
        logging.getLogger(__name__).error("nobody caught it", exc_info=error)
