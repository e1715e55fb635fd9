"""Start the web server: `python -m web`."""

from __future__ import annotations

import sys

import uvicorn

from clinic import first_help, logs
from clinic.facts import FactsError, facts
from clinic.first_line import FirstLineError
from clinic.help_lines import HelpLinesError
from clinic.settings import SettingsError, settings
from web.app import create_app
from web.connection import Connection
from web.metrics_port import open_metrics_port
from web.visitor import texts
from web.visitor.texts import TextsError

SECONDS_TO_END = 8
"""For what is under way when we are asked to stop; whoever asked waits ten."""
SECONDS_BETWEEN_REQUESTS = 5
"""How long a connection is kept for the next request."""


def main() -> None:
    logs.configure("web")
    try:
        # Read everything once now: a wrong file stops the start, not somebody in danger.
        settings(), facts()
        first_help.check()
        texts.check()
        open_metrics_port()
    except (SettingsError, FactsError, FirstLineError, HelpLinesError, TextsError) as error:
        sys.exit(str(error))
    except OSError:
        sys.exit(f"CLINIC_METRICS_PORT: port {settings().metrics_port} cannot be opened.")
    uvicorn.run(
        create_app(),
        host=settings().web_host,
        port=settings().web_port,
        http=Connection,
        log_config=None,  # its lines go where ours go
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=SECONDS_BETWEEN_REQUESTS,
        timeout_graceful_shutdown=SECONDS_TO_END,
        forwarded_allow_ips=settings().trusted_proxies or "127.0.0.1",
    )


if __name__ == "__main__":
    main()
