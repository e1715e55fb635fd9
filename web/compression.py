"""Packs the pages that hold no secret; with a secret in it, a packed answer could be guessed at.

(A page that repeats what somebody else typed beside a secret tells by its size how much of the
secret they guessed: https://www.breachattack.com.)
"""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

PAGES = {"/", "/chat", "/safety"}


class PackedPages:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.packing = GZipMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.packing if scope.get("path") in PAGES else self.app
        await app(scope, receive, send)
