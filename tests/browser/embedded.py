"""What a visitor sees of us on a clinic's own website, and can do there."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.host_page import HostPage


class Embedded:
    """A page of the clinic's website with our button in its corner."""

    def __init__(self, page: Page, host: HostPage) -> None:
        self.page = page
        self.host = host
        ours = page.locator("front-desk")
        self.launcher = ours.locator(".launcher")
        self.panel = ours.locator(".panel")
        self.cover = ours.locator(".cover")
        self.frame = ours.locator("iframe")
        self.chat = ours.frame_locator("iframe")
        self.field = self.chat.get_by_label("Your message")
        self.warnings: list[str] = []
        self.errors: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def visit(self, path: str = "/") -> Embedded:
        self.page.goto(self.host.origin + path)
        expect(self.launcher).to_be_visible()
        return self

    def open(self) -> Embedded:
        self.launcher.press("Enter")
        expect(self.field).to_be_focused()
        return self

    def tell_loader(self, **message: Any) -> None:
        """The chat in the frame says something to the page around it."""
        self.field.evaluate("(_, message) => parent.postMessage(message, '*')", message)

    def style(self, name: str) -> str:
        return str(self.launcher.evaluate("(node, name) => getComputedStyle(node)[name]", name))

    def has_focus(self) -> bool:
        """Whether the focus is in anything of ours."""
        return bool(self.page.evaluate("document.activeElement.localName === 'front-desk'"))

    def _hear(self, message: Any) -> None:
        if message.type == "warning" and "Front desk" in message.text:
            self.warnings.append(message.text)
        if message.type == "error":
            self.errors.append(message.text)
