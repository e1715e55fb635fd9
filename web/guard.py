"""Around every request: a bound on its size, and headers that close doors in the browser."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinic.help_lines import in_danger
from clinic.settings import settings

LARGEST_BODY = 32 * 1024

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'; img-src 'self' data:"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

FOR_OTHER_WEBSITES = {"/chat", "/widget.js"}
"""What pages of a clinic's own website load; everything else is for ours only."""


class Guard:
    """Pure ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _declared_size(scope) > LARGEST_BODY:
            await _too_large(scope, receive, _with_headers(send, scope))
            return
        await self.app(scope, _bounded(receive), _with_headers(send, scope))


def _declared_size(scope: Scope) -> int:
    size = Headers(scope=scope).get("content-length", "0")
    return int(size) if size.isdecimal() else 0


def _bounded(receive: Receive) -> Receive:
    """A body without a declared size is cut off where the bound is; it then fails to parse."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY:
            return {"type": "http.request", "body": b"", "more_body": False}
        return message

    return bounded


def _with_headers(send: Send, scope: Scope) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _headers_of(scope["path"]).items():
                headers.setdefault(name, value)
            if not scope["path"].startswith("/widget/") and "/static/" not in scope["path"]:
                headers.setdefault("Cache-Control", "no-store")
            if settings().public_url.startswith("https://"):
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        await send(message)

    return sending


def _headers_of(path: str) -> dict[str, str]:
    headers = dict(HEADERS)
    if path in FOR_OTHER_WEBSITES:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if path == "/chat":
        allowed = " ".join(("'self'", *settings().framing_origins))
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "frame-ancestors 'none'", f"frame-ancestors {allowed}"
        )
        # A page that is cut off from others by COEP takes only frames that are so, too.
        headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        del headers["Cross-Origin-Opener-Policy"]
    return headers


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    message = "That is too long to be taken."
    if scope["path"].startswith("/api/"):
        message = f"{message} {in_danger()}"  # among so many words may be words of danger
    error = {"code": "too_long", "message": message}
    await JSONResponse({"error": error}, status_code=413)(scope, receive, send)
