"""Start the action server: `python -m actions`."""

from __future__ import annotations

import asyncio
import hmac
import logging
import sys

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.response import HTTPResponse, json, raw

from actions.answer import Answer
from actions.ask_question import AskQuestion
from actions.back_to_question import BackToQuestion
from actions.change_answer import ChangeAnswer
from actions.delete_data import DeleteData
from actions.download_data import DownloadData
from actions.fallback import AskWhichTopic, Fallback, Repair, TellMore
from actions.finish_questionnaire import FinishQuestionnaire
from actions.record_crisis import RecordCrisis
from actions.request_person import RequestPerson
from actions.start_questionnaire import ResumeQuestionnaire, StartScreening
from actions.stop_waiting import StopWaiting
from actions.validate_answer import ValidateAnswer
from clinic import counts, logs, readiness
from clinic.facts import FactsError, facts
from clinic.questionnaires import CALLBACK, form, rules
from clinic.screening.hand_written import UnusableFileError
from clinic.settings import SettingsError, settings

ACTIONS = (
    Answer,
    AskQuestion,
    AskWhichTopic,
    BackToQuestion,
    ChangeAnswer,
    DeleteData,
    DownloadData,
    Fallback,
    FinishQuestionnaire,
    RecordCrisis,
    Repair,
    RequestPerson,
    ResumeQuestionnaire,
    StartScreening,
    StopWaiting,
    TellMore,
    ValidateAnswer,
)


OPEN = ("/health", "/readyz", "/metrics")
"""What machines of the clinic's own network ask for; nothing in it is about a person."""

SECONDS_FOR_THE_DATABASE = 2.0

log = logging.getLogger("actions")


def action_server() -> Sanic:
    """The SDK's server with our actions, behind a token."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action())
    app = create_app(executor, cors_origins=[])
    # The SDK's own answer to a fault repeats the whole request, and so does its log.
    app.error_handler = SayNothing()
    app.add_route(ready, "/readyz")
    app.add_route(figures, "/metrics")

    @app.on_request  # type: ignore[untyped-decorator]  # sanic is not typed here
    async def only_rasa(request: Request) -> HTTPResponse | None:
        expected = settings().action_token.get_secret_value()
        given = request.args.get("token") or ""
        if request.path in OPEN or hmac.compare_digest(given.encode(), expected.encode()):
            return None
        return json({"error": "a valid token is needed"}, status=401)

    return app


async def ready(request: Request) -> HTTPResponse:
    """Whether Rasa may send actions here: 503 unless the database is there and up to date."""
    try:
        async with asyncio.timeout(SECONDS_FOR_THE_DATABASE):
            database = await asyncio.to_thread(readiness.database)
    except TimeoutError:
        database = readiness.DOWN
    is_ready = database == readiness.READY
    status = "ok" if is_ready else "degraded"
    return json({"status": status, "database": database}, status=200 if is_ready else 503)


async def figures(request: Request) -> HTTPResponse:
    """For Prometheus."""
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)


class SayNothing(ErrorHandler):  # type: ignore[misc]  # sanic is not typed here
    """Answers a request that cannot be read or done, and repeats nothing of it."""

    def response(self, request: Request, error: Exception) -> HTTPResponse:
        status = error.status_code if isinstance(error, SanicException) else 500
        if status >= 500:
            log.error("a request failed", extra={"fields": logs.described(error)})
        return json({"error": "that request was not understood"}, status=status)


def main() -> None:
    logs.configure("actions")
    try:
        # Read everything once now: a wrong file stops the start, not a visitor.
        facts(), rules(), form(CALLBACK)
    except (SettingsError, FactsError, UnusableFileError) as error:
        sys.exit(str(error))
    # One process: a worker per core would need every action to be pickled.
    with counts.in_background():
        action_server().run(
            host=settings().actions_host,
            port=settings().actions_port,
            single_process=True,
            access_log=False,
            motd=False,
        )


if __name__ == "__main__":
    main()
