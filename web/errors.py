"""What we say when we cannot do what was asked: kind, short, and never a stack trace."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from clinic.help_lines import in_danger
from web import metrics

NOT_UNDERSTOOD = "That request was not understood."
BY_STATUS = {
    404: ("not_found", "There is nothing here."),
    405: ("not_possible", "That is not possible here."),
}
"""Code and words of what the framework itself refuses; for all else: not understood."""


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
    async def refused(request: Request, refusal: Refusal) -> Response:
        return answer_to(refusal)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        # FastAPI's own answer would repeat what was sent.
        return answer_to(Refusal(422, "malformed", NOT_UNDERSTOOD))

    @app.exception_handler(HTTPException)
    async def not_served(request: Request, error: HTTPException) -> Response:
        code, message = BY_STATUS.get(error.status_code, ("malformed", NOT_UNDERSTOOD))
        if request.url.path.startswith("/api/"):
            message = f"{message} {in_danger()}"  # a visitor's words may have been in it
        answer = answer_to(Refusal(error.status_code, code, message), request.url.path)
        answer.headers.update(error.headers or {})
        return answer


def answer_to(refusal: Refusal, path: str = "/api/") -> Response:
    """As our own pages read it under `/api/`, as a person reads it elsewhere."""
    metrics.refusals.labels(refusal.code).inc()
    # A browser that kept it would go on saying no.
    headers = {"Cache-Control": "no-store"}
    if not path.startswith("/api/"):
        return PlainTextResponse(refusal.message, status_code=refusal.status, headers=headers)
    error = {"code": refusal.code, "message": refusal.message}
    return JSONResponse({"error": error}, status_code=refusal.status, headers=headers)
