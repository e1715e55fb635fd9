"""Errors under /staff are pages for people; everybody else's errors stay as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from clinic import inbox
from clinic.database import transaction
from clinic.encryption import cipher
from clinic.leads import LeadRequest, save_lead
from clinic.settings import settings
from tests.web.console.conftest import Browser
from web.console import add_error_pages


@pytest.fixture
def other_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Lets a test change the encryption keys."""

    def change() -> None:
        monkeypatch.setenv("CLINIC_ENCRYPTION_KEYS", Fernet.generate_key().decode())
        settings.cache_clear()
        cipher.cache_clear()

    yield change
    cipher.cache_clear()


def test_other_errors_keep_their_own_answers() -> None:
    app = FastAPI()

    @app.exception_handler(RequestValidationError)
    def malformed(request: object, error: object) -> JSONResponse:
        return JSONResponse({"own": "answer"}, status_code=422)

    @app.get("/api/{number}")
    def api(number: int) -> int:
        return number

    add_error_pages(app)
    visitor = TestClient(app)

    assert visitor.get("/api/x").json() == {"own": "answer"}
    assert visitor.get("/nothing").json() == {"detail": "Not Found"}


def test_a_database_that_is_down_is_a_page_without_secrets(
    amira: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(session: object) -> None:
        raise OperationalError("SELECT s3cret", {}, Exception("s3cret"))

    monkeypatch.setattr(inbox, "how_many_alarms", down)

    answer = amira.get("/staff/leads")

    assert answer.status_code == 503
    assert "cannot reach its database" in answer.text
    assert "s3cret" not in answer.text


def test_lost_keys_are_a_page_that_says_so(amira: Browser, other_keys: Callable[[], None]) -> None:
    with transaction() as session:
        lead = save_lead(session, LeadRequest(conversation_id="one", name="Zoë"))
    other_keys()

    answer = amira.get(f"/staff/leads/{lead.id}")

    assert answer.status_code == 503
    assert "keys" in answer.text


def test_a_wrong_method_is_a_page_too(amira: Browser) -> None:
    answer = amira.get("/staff/logout")

    assert answer.status_code == 405
    assert "Nothing was changed" in answer.text
