"""Start the action server: `python -m actions`."""

from __future__ import annotations

import hmac
import logging
import sys

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

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


def action_server() -> Sanic:
    """The SDK's server with our actions, behind a token."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action())
    app = create_app(executor, cors_origins=[])

    @app.on_request  # type: ignore[untyped-decorator]  # sanic is not typed here
    async def only_rasa(request: Request) -> HTTPResponse | None:
        expected = settings().action_token.get_secret_value()
        given = request.args.get("token") or ""
        if request.path == "/health" or hmac.compare_digest(given.encode(), expected.encode()):
            return None
        return json({"error": "a valid token is needed"}, status=401)

    return app


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        # Read everything once now: a wrong file stops the start, not a visitor.
        facts(), rules(), form(CALLBACK)
    except (SettingsError, FactsError, UnusableFileError) as error:
        sys.exit(str(error))
    # One process: a worker per core would need every action to be pickled.
    action_server().run(
        host=settings().actions_host,
        port=settings().actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
