"""Which model Rasa answers with, for whoever looks after it: `GET /status`.

Rasa says it too, but only together with an API that reads and changes conversations. Whoever wants
that one (`--enable-api`) has Rasa's own.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any


def install() -> None:
    """Have Rasa serve it where its API is off."""
    import rasa.core.run

    without_api = rasa.core.run._create_app_without_api
    if without_api.__module__ == __name__:
        return  # it does already

    def create_app(*arguments: Any, **named: Any) -> Any:
        app = without_api(*arguments, **named)
        app.add_route(status, "/status")
        return app

    rasa.core.run._create_app_without_api = create_app


async def status(request: Any) -> Any:
    from sanic import response

    agent = request.app.ctx.agent
    model = agent.processor.model_filename if agent.is_ready() else ""
    return response.json({"model_file": PurePath(model).name})
