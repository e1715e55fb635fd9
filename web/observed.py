"""What is seen of every request: a random number, its route, how it ended and how long it took."""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import ExitStack
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import metrics

log = logging.getLogger(__name__)

UNKNOWN = "none"
"""Stands for every address that leads nowhere: who asks for it must not fill our tables."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOBODY_WAITED = 499
"""The status of a request whose visitor was gone before there was an answer."""

PLACES = ("/api", "/staff")
"""Where whole rooms of routes are put, which themselves do not name the place."""

QUIET = ("/healthz", "/readyz", "/widget/", "/staff/static")
"""Routes that say nothing while all is well with them."""


class Observed:
    """The outermost layer; what it says of a request holds nothing of who made it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen = _Seen(scope, send)
        with structlog.contextvars.bound_contextvars(request_id=seen.request_id), seen:
            await self.app(scope, receive, seen.send)


class _Seen(ExitStack):
    def __init__(self, scope: Scope, send: Send) -> None:
        super().__init__()
        self.request_id = secrets.token_hex(8)
        self._scope, self._send = scope, send
        self._path: str = scope["path"]  # routing changes the scope
        self._status = NOBODY_WAITED
        self._is_stream = False
        self._began = time.perf_counter()
        self.callback(self._tell)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = self.request_id
            self._note_a_stream(Headers(raw=message["headers"]))
        await self._send(message)

    def _note_a_stream(self, headers: Headers) -> None:
        if headers.get("content-type", "").startswith("text/event-stream"):
            self._is_stream = True
            whose = "staff" if self._path.startswith("/staff") else "visitor"
            self.enter_context(metrics.streams_open.labels(whose).track_inprogress())

    def _tell(self) -> None:
        seconds, route = time.perf_counter() - self._began, route_of(self._scope)
        method = self._scope["method"] if self._scope["method"] in METHODS else "other"
        metrics.requests.labels(method, route, str(self._status)).inc()
        if not self._is_stream:
            metrics.request_seconds.labels(route).observe(seconds)
        is_well = self._status < 400
        if is_well and route.startswith(QUIET):
            return
        fields: dict[str, Any] = {
            "method": method,
            "route": route,
            "status": self._status,
            "ms": round(seconds * 1000, 1),
        }
        level = logging.WARNING if self._status >= 500 else logging.INFO
        log.log(level, "request", extra={"fields": fields})


def route_of(scope: Scope) -> str:
    """The route as it stands in our code, with names where the address has ids."""
    if "endpoint" not in scope:
        return UNKNOWN
    path = getattr(scope.get("route"), "path", None)
    if not isinstance(path, str):
        return str(scope.get("root_path") or UNKNOWN)  # what is mounted is not a route of its own
    place = next((place for place in PLACES if scope["path"].startswith(place + "/")), "")
    return path if path.startswith(place) else place + path
