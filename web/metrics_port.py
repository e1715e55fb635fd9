"""Where Prometheus asks: on a port of its own, which no visitor reaches."""

from __future__ import annotations

from prometheus_client import REGISTRY, start_http_server

from clinic.settings import settings
from web.scraped import Scraped


def open_metrics_port() -> None:
    """Serve the figures if a port is set; nothing otherwise."""
    if settings().metrics_port:
        REGISTRY.register(Scraped())
        start_http_server(settings().metrics_port, addr=settings().web_host)
