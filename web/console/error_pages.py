"""What staff see when something does not work: what happened, and where to go on."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException

from clinic.encryption import UnreadableValue
from web.console.access import (
    CodeNeeded,
    FormRefused,
    NotAllowed,
    NotThere,
    PasswordChangeNeeded,
    SecondFactorNeeded,
    SignInNeeded,
)
from web.console.pages import go_to, page

Answer = Callable[[Request, Exception], Response]

NOT_FOUND = ("We could not find this page", "It may have been removed, or the address is cut off.")
NOT_YOURS = (
    "This is not open to you",
    "Your account has another role. Nothing was changed. Whoever looks after the accounts can "
    "give you this one.",
)
FORGED = (
    "This form could not be taken",
    "It was open for too long, or it did not come from this console. Nothing was changed. "
    "Please open the page again and repeat what you did.",
)
NOT_POSSIBLE = ("This did not work", "Nothing was changed. Please go back and try again.")
NO_DATABASE = (
    "The console cannot reach its database",
    "Nothing was changed. Please try again in a minute. If it stays like this, tell the person "
    "who looks after this system. Visitors of the website still see the help lines.",
)
UNREADABLE = (
    "This page cannot be read",
    "The keys that protect what visitors said do not fit. Nothing is lost, but the person who "
    "looks after this system has to put the right keys back.",
)


def add_error_pages(app: FastAPI) -> None:
    """Answer the console's own errors, and everybody's errors under /staff, with a page."""
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(CodeNeeded, _to_the_code)
    app.add_exception_handler(PasswordChangeNeeded, lambda *_: go_to("/staff/password"))
    app.add_exception_handler(SecondFactorNeeded, lambda *_: go_to("/staff/account/second-factor"))
    app.add_exception_handler(FormRefused, lambda request, _: _sorry(request, 403, FORGED))
    app.add_exception_handler(NotAllowed, lambda request, _: _sorry(request, 403, NOT_YOURS))
    app.add_exception_handler(NotThere, lambda request, _: _sorry(request, 404, NOT_FOUND))
    _under_staff(app, HTTPException, _http_error)
    # An id in the address that cannot be one.
    _under_staff(app, RequestValidationError, lambda request, _: _sorry(request, 404, NOT_FOUND))
    # Text that no keyboard writes, such as a zero byte: PostgreSQL does not keep it.
    _under_staff(app, DataError, lambda request, _: _sorry(request, 422, NOT_POSSIBLE))
    _under_staff(app, OperationalError, lambda request, _: _sorry(request, 503, NO_DATABASE))
    _under_staff(app, UnreadableValue, lambda request, _: _sorry(request, 503, UNREADABLE))


def _under_staff(app: FastAPI, kind: type[Exception], answer: Answer) -> None:
    """Answer this error on the console's pages; elsewhere, leave it to whoever did before."""
    before = app.exception_handlers.get(kind)

    async def choose(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/staff"):
            return answer(request, error)
        if before is None:
            raise error
        answered = before(request, error)
        return await answered if isawaitable(answered) else answered

    app.add_exception_handler(kind, choose)


def _to_sign_in(request: Request, error: Exception) -> Response:
    then = error.then if isinstance(error, SignInNeeded) else ""
    return go_to(f"/staff/login?next={quote(then, safe='/')}")


def _to_the_code(request: Request, error: Exception) -> Response:
    then = error.then if isinstance(error, CodeNeeded) else ""
    return go_to(f"/staff/code?next={quote(then, safe='/')}")


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return _sorry(request, status, NOT_FOUND if status == 404 else NOT_POSSIBLE)


def _sorry(request: Request, status: int, words: tuple[str, str]) -> Response:
    title, text = words
    return page(request, "sorry.html", visit=None, status=status, title=title, text=text)
