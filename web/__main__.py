"""Start the web server: `python -m web`."""

from __future__ import annotations

import logging
import sys

import uvicorn

from clinic import first_help
from clinic.facts import FactsError, facts
from clinic.first_line import FirstLineError
from clinic.help_lines import HelpLinesError
from clinic.settings import SettingsError, settings
from web.app import create_app
from web.visitor import texts
from web.visitor.texts import TextsError


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        # Read everything once now: a wrong file stops the start, not somebody in danger.
        settings(), facts()
        first_help.check()
        texts.check()
    except (SettingsError, FactsError, FirstLineError, HelpLinesError, TextsError) as error:
        sys.exit(str(error))
    uvicorn.run(
        create_app(),
        host=settings().web_host,
        port=settings().web_port,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings().trusted_proxies or "127.0.0.1",
    )


if __name__ == "__main__":
    main()
