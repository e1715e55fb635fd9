"""Send one message to one address through apprise, and say in one word why it did not work."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import lru_cache

import apprise

from clinic.notice_addresses import OUR_MAIL, quiet_log, service
from clinic.notice_words import Words
from clinic.private_addresses import PrivateAddress, only_outside
from clinic.settings import settings

SECONDS_TO_ANSWER = 10.0

NOT_UNDERSTOOD = "NotUnderstood"
REFUSED = "Refused"

IN_WORDS = {
    NOT_UNDERSTOOD: "the address cannot be used",
    REFUSED: "it was not taken",
    "PrivateAddress": "the address is inside a private network",
    "SMTPAuthenticationError": "the user or the password is wrong",
    "SSLError": "the server's certificate is not trusted",
    "SSLCertVerificationError": "the server's certificate is not trusted",
    "gaierror": "there is no such server",
    **dict.fromkeys(
        ("ConnectTimeout", "ReadTimeout", "Timeout", "TimeoutError", "SMTPServerDisconnected"),
        "the server did not answer in time",
    ),
    **dict.fromkeys(
        ("ConnectionError", "ConnectionRefusedError", "OSError"), "the server cannot be reached"
    ),
}

_causes: ContextVar[list[str] | None] = ContextVar("causes", default=None)


def post(address: str, words: Words, *, trusted: bool = False) -> str | None:
    """Nothing when somebody took it, else the type of the error or the status it answered with.

    Args:
        trusted: set by the operator; others reach into no private network.
    """
    inside = trusted or settings().notice_private_addresses or address.startswith(OUR_MAIL)
    with nullcontext() if inside else only_outside():
        return post_through(lambda: service(address), words)


def post_through(
    opened: Callable[[], apprise.NotifyBase | None],
    words: Words,
    *,
    file: apprise.AttachBase | None = None,
) -> str | None:
    """The same through what `opened` gives: nothing, where an address is not understood."""
    with _listening() as causes:
        try:
            channel = opened()
            if channel is None:
                return NOT_UNDERSTOOD
            channel.socket_connect_timeout = SECONDS_TO_ANSWER
            channel.socket_read_timeout = SECONDS_TO_ANSWER
            if channel.notify(title=words.title, body=words.body, body_format="text", attach=file):
                return None
        except Exception as error:  # whatever a library raises, the next channel has its turn
            return _type_of(error)
    return causes[-1] if causes else REFUSED


def in_words(error: str) -> str:
    """What went wrong, for people."""
    if error.startswith("status "):
        return f"the server answered with error {error.removeprefix('status ')}"
    return IN_WORDS.get(error, f"it was not taken ({error})")


@contextmanager
def _listening() -> Iterator[list[str]]:
    _listen()
    causes: list[str] = []
    before = _causes.set(causes)
    try:
        yield causes
    finally:
        _causes.reset(before)


@lru_cache
def _listen() -> None:
    """apprise keeps errors to itself and only logs them."""
    quiet_log().setLevel(logging.DEBUG)
    quiet_log().addHandler(_Causes())


class _Causes(logging.Handler):
    """Remembers the type of an error that apprise logs, or the status it was answered with."""

    def emit(self, record: logging.LogRecord) -> None:
        causes = _causes.get()
        if causes is None:
            return
        error = sys.exc_info()[1]
        if error is not None:
            causes.append(_type_of(error))
            return
        arguments = record.args if isinstance(record.args, tuple) else ()
        statuses = [value for value in arguments if type(value) is int and 300 <= value < 600]
        if statuses and record.levelno >= logging.WARNING:
            causes.append(f"status {statuses[-1]}")


def _type_of(error: BaseException) -> str:
    """The name of the error's type; of a refusal of ours also where libraries wrapped it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, PrivateAddress):
            return type(cause).__name__
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
