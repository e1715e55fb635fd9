"""Headers of every answer, which close doors in the browser."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Message

from clinic.settings import settings

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


def close_doors(message: Message, path: str) -> None:
    """Add the headers to the beginning of an answer."""
    headers = MutableHeaders(scope=message)
    for name, value in _headers_of(path).items():
        headers.setdefault(name, value)
    if not path.startswith("/widget/") and "/static/" not in path:
        headers.setdefault("Cache-Control", "no-store")
    if settings().public_url.startswith("https://"):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


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
