"""Who may show the chat in a frame: our pages and the websites of the setting, and nobody else."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from clinic.settings import settings
from tests.web.visitor.conftest import URL

ALLOWED = "https://www.clinic.example"
STRANGER = "https://elsewhere.example"


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch, http: TestClient) -> None:
    monkeypatch.setenv("CLINIC_ALLOWED_ORIGINS", f"{ALLOWED}, https://shop.clinic.example:8443")
    settings.cache_clear()


def framed(http: TestClient, referer: str | None) -> int:
    headers = {"sec-fetch-dest": "iframe", **({"referer": referer} if referer else {})}
    return int(http.get("/chat?embedded", headers=headers).status_code)


@pytest.mark.parametrize(
    "referer",
    [
        f"{ALLOWED}/",
        f"{ALLOWED}/treatments?utm_source=x",
        f"{ALLOWED}:443/",
        "https://SHOP.clinic.example:8443/",
        f"{URL}/",
    ],
)
def test_our_pages_and_those_that_the_clinic_names_get_the_chat(
    http: TestClient, referer: str
) -> None:
    assert framed(http, referer) == 200


@pytest.mark.parametrize(
    "referer",
    [
        f"{STRANGER}/",
        "http://www.clinic.example/",
        "https://www.clinic.example:8443/",
        "https://www.clinic.example.elsewhere.example/",
        "https://clinic.example/",
        "https://www.clinic.example@elsewhere.example/",
    ],
)
def test_another_page_gets_the_help_lines_instead(http: TestClient, referer: str) -> None:
    headers = {"sec-fetch-dest": "iframe", "referer": referer}

    answer = http.get("/chat?embedded", headers=headers)

    assert answer.status_code == 403
    assert "tel:911" in answer.text
    assert "tel:988" in answer.text
    assert 'id="chat-data"' not in answer.text


@pytest.mark.parametrize("referer", [None, "about:blank", "http://[broken"])
def test_where_no_page_is_told_the_browser_decides(http: TestClient, referer: str | None) -> None:
    assert framed(http, referer) == 200


def test_a_link_from_anywhere_opens_the_chat_as_a_page_of_its_own(http: TestClient) -> None:
    headers = {"sec-fetch-dest": "document", "referer": f"{STRANGER}/"}

    assert http.get("/chat", headers=headers).status_code == 200


def test_behind_a_proxy_our_own_page_is_known_by_the_setting(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_PUBLIC_URL", "https://chat.clinic.example")
    settings.cache_clear()

    assert framed(http, "https://chat.clinic.example/") == 200
