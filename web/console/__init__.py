"""The staff console: plain HTML pages under /staff that work without scripts.

The application includes `router`, serves `STATIC` at /staff/static and calls
`add_error_pages` after it has added error handlers of its own.
"""

from __future__ import annotations

from pathlib import Path

from web.console.error_pages import add_error_pages
from web.console.routes import router

STATIC = Path(__file__).parent / "static"

__all__ = ["STATIC", "add_error_pages", "router"]
