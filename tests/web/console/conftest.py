"""A console without the rest of the product, and members of staff who use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select
from starlette.requests import Request

from clinic import (
    clock,
    invitations,
    passwords,
    second_factor,
    sign_in,
    staff,
    staff_sessions,
    tries,
)
from clinic.database import transaction
from clinic.roles import Role
from clinic.tables import AuditEntry
from web import console
from web.console.cookies import SESSION_COOKIE

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "four calm green boats"


class Browser(TestClient):
    """A browser that does not follow redirects by itself, and can fill in our forms."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app, follow_redirects=False)

    def fill_in(self, page: str, action: str, **fields: str) -> Response:
        """Open a page and send a form of it, as a person would."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        assert found, f"no form on {page}"
        answer: Response = self.post(action, data={"csrf": found[1], **fields})
        return answer

    def sign_in(self, username: str = "amira", password: str = PASSWORD) -> Response:
        return self.fill_in("/staff/login", "/staff/login", username=username, password=password)


def request_of(browser: Browser) -> Request:
    """What this browser sends when it asks for a stream."""
    cookie = f"{SESSION_COOKIE}={browser.cookies.get(SESSION_COOKIE, '')}"
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/staff/events",
            "query_string": b"",
            "headers": [(b"cookie", cookie.encode())],
            "client": ("192.0.2.7", 1),
        }
    )


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


@pytest.fixture
def app(database_url: str) -> FastAPI:
    app = FastAPI()
    app.include_router(console.router)
    console.add_error_pages(app)
    return app


@pytest.fixture
def stranger(app: FastAPI) -> Browser:
    """Somebody who is not signed in."""
    return Browser(app)


@pytest.fixture
def one_time_password(database_url: str) -> str:
    with transaction() as session:
        return staff.create_staff(session, "amira", Role.CLINICIAN)


@pytest.fixture
def amira(app: FastAPI, one_time_password: str) -> Browser:
    """A clinician, signed in, with a password of her own."""
    return _signed_in(app, "amira", one_time_password)


@pytest.fixture
def ben(app: FastAPI, database_url: str) -> Browser:
    """Somebody of the front desk, signed in: the role `staff`."""
    return member(app, "ben", Role.STAFF)


@pytest.fixture
def chris(app: FastAPI, database_url: str) -> Browser:
    """An admin, signed in."""
    return member(app, "chris", Role.ADMIN)


def member(app: FastAPI, username: str, role: Role) -> Browser:
    """A new account with a password of its own, signed in."""
    with transaction() as session:
        one_time = staff.create_staff(session, username, role)
    return _signed_in(app, username, one_time)


def _signed_in(app: FastAPI, username: str, one_time_password: str) -> Browser:
    with transaction() as session:
        proof = passwords.compare(sign_in.password_hash_of(session, username), one_time_password)
        account = sign_in.sign_in(session, username, proof)
        sign_in.change_password(session, account, proof, new_hash=passwords.hashed(PASSWORD))
    browser = Browser(app)
    assert browser.sign_in(username).status_code == 303
    return browser


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock of accounts and sign-ins."""

    def move(passed: timedelta) -> None:
        for module in (invitations, second_factor, staff_sessions, tries):
            monkeypatch.setattr(module, "now", lambda: clock.now() + passed)

    return move


@pytest.fixture
def deeds(database_url: str) -> Callable[[], list[tuple[str, str]]]:
    """What the audit log holds: deed and record, oldest first."""

    def read() -> list[tuple[str, str]]:
        with transaction() as session:
            entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            return [(entry.action, entry.subject) for entry in entries]

    return read
