"""What we say when we cannot do what was asked: kind, short, and never a stack trace."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from clinic.help_lines import in_danger


class Refusal(Exception):
    """A request that is not carried out, with words for the person who made it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def a_lot_at_once(code: str = "too_many") -> Refusal:
    """What was asked for too often, and may be asked for again in a minute."""
    return Refusal(429, code, f"That was a lot at once. Please wait a minute. {in_danger()}")


def add_error_answers(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> JSONResponse:
        return _answer(refusal.status, refusal.code, refusal.message)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        # FastAPI's own answer would repeat what was sent.
        return _answer(422, "malformed", "That request was not understood.")


def _answer(status: int, code: str, message: str) -> JSONResponse:
    # A browser that kept it would go on saying no.
    headers = {"Cache-Control": "no-store"}
    error = {"code": code, "message": message}
    return JSONResponse({"error": error}, status_code=status, headers=headers)
