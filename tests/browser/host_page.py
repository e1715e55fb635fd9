"""A clinic's own website, on another host name and port, with a policy as strict as there is.

127.0.0.1 and localhost are two sites to a browser, as two domains are.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html>
<html lang="en" {html}>
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>A clinic</title>
  {head}
</head>
<body>
  <h1>A clinic</h1>
  <p>{text}</p>
  <p><a href="/next">Next page</a> <button type="button" id="other">Something else</button></p>
  <p><a href="{desk}/chat" data-opens-chat>Ask us</a></p>
  {script}
</body>
</html>"""
LONG = "A long page. " * 400


class HostPage:
    """The website; a test says what stands in its pages and which headers they have."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"
        self.desk = ""
        self.policy = ""
        self.embed("")

    def embed(self, desk: str, attributes: str = "", *, times: int = 1) -> None:
        """Put the one line onto the page, and a policy that lets nothing but our server in."""
        self.desk = desk
        self.script = f'<script src="{desk}/widget.js" {attributes} async></script>' * times
        self.policy = f"default-src 'none'; script-src {desk}; frame-src {desk}"
        self.html = ""
        self.head = ""
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []

    def page(self) -> str:
        return PAGE.format(
            html=self.html, head=self.head, text=LONG, desk=self.desk, script=self.script
        )


@contextmanager
def host_page(port: int) -> Iterator[HostPage]:
    host = HostPage(port)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append(self.path)
            content = host.page().encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", host.policy)
            for name, value in host.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
