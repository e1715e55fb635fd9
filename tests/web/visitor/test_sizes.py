"""What a visitor's phone has to load: little, and from nobody but us."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from httpx import Response

KB = 1024
LARGEST_LAUNCHER = 5 * KB
LARGEST_IN_ALL = 60 * KB


def packed(http: TestClient, address: str) -> int:
    """Bytes on the way of what is served at this address."""
    with http.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200, address
        return len(b"".join(answer.iter_raw()))


def loaded(page: Response) -> list[str]:
    """The addresses of all that the page of the chat loads, each once."""
    tags = re.findall(r"<(?:link|script)[^>]*>", page.text)
    found = [re.search(r'(?:href|src)="([^"]*)"', tag) for tag in tags]
    drawn = re.findall(r"icons\.svg", page.text)
    assert not drawn, "icons are asked for by scripts"
    return sorted({match[1] for match in found if match})


def test_before_the_chat_is_opened_five_kilobytes_are_loaded(http: TestClient) -> None:
    assert packed(http, "/widget.js") <= LARGEST_LAUNCHER


def test_launcher_and_chat_are_sixty_kilobytes_in_all(http: TestClient) -> None:
    page = http.get("/chat?embedded")
    address = next(a for a in loaded(page) if a.endswith("/start.js")).rsplit("/", 1)[0]

    sizes = {
        each: packed(http, each)
        for each in ("/widget.js", "/chat", f"{address}/icons.svg", *loaded(page))
    }

    print(sum(sizes.values()), {name.rsplit("/", 1)[-1]: size for name, size in sizes.items()})
    assert sum(sizes.values()) <= LARGEST_IN_ALL


@pytest.mark.parametrize("address", ["/", "/chat", "/safety"])
def test_nothing_is_loaded_from_anybody_else(http: TestClient, address: str) -> None:
    for each in loaded(http.get(address)):
        assert each.startswith("/"), each
        assert not each.startswith("//"), each


def test_every_script_is_asked_for_at_once(http: TestClient) -> None:
    """Not one after the other, as each names the next."""
    page = http.get("/chat")
    asked = {address.rsplit("/", 1)[-1] for address in loaded(page)}
    start = next(a for a in loaded(page) if a.endswith("/start.js"))

    for name in [name for name in asked if name.endswith(".js")]:
        text = http.get(start.replace("start.js", name)).text
        assert set(re.findall(r'from "\./([a-z_]+\.js)"', text)) <= asked
