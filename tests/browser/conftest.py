"""Debian's Chromium for the browser tests; skipped with the reason where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.answering import AnsweringDesk, answering_desk
from tests.browser.embedded import Embedded
from tests.browser.host_page import HostPage, host_page
from tests.console_desk import ConsoleDesk
from tests.receivers import free_port

REQUIRED = "FRONT_DESK_BROWSER_REQUIRED"
SCREENSHOTS = "FRONT_DESK_SCREENSHOTS"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        reason = "no chromium on this machine; on Debian: apt-get install chromium"
        if os.environ.get(REQUIRED):
            pytest.fail(reason)
        pytest.skip(reason)
    # No sandbox: in CI Chromium runs as root. The rest keeps it from calling home.
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    arguments += ["--disable-component-update", "--disable-sync", "--no-first-run"]
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleDesk]:
    """The web alone, for tests of the console; one for each file of tests."""
    desk = ConsoleDesk(tmp_path_factory.mktemp("console"))
    try:
        desk.start()
        yield desk
    finally:
        desk.stop()


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnsweringDesk]:
    """The web with a bot that answers everything, for tests of the chat itself."""
    with answering_desk(tmp_path_factory.mktemp("answering")) as desk:
        yield desk


@pytest.fixture(scope="module")
def website(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostPage]:
    """A clinic's own website, and a front desk that lets it show the chat."""
    with host_page(free_port()) as host:
        folder = tmp_path_factory.mktemp("embedded")
        desk = ConsoleDesk(folder, CLINIC_ALLOWED_ORIGINS=host.origin)
        try:
            desk.start()
            host.desk = desk.url
            yield host
        finally:
            desk.stop()


@pytest.fixture
def embedded(page: Page, website: HostPage) -> Embedded:
    website.embed(website.desk)
    return Embedded(page, website)


@pytest.fixture
def photograph() -> Callable[[Page, str], None]:
    """Keep a picture for the docs, if FRONT_DESK_SCREENSHOTS names a folder."""
    folder = os.environ.get(SCREENSHOTS)

    def take(page: Page, name: str) -> None:
        if folder:
            page.wait_for_timeout(400)  # for the eye: let what slides come to rest
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take
