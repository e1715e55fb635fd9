"""Which model Rasa answers with, for whoever looks after it: `GET /status`.

Rasa says it too, but only together with an API that reads and changes conversations.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any


def install() -> None:
    """Have Rasa serve it beside its greeting."""
    import rasa.server

    greeting = rasa.server.add_root_route
    if greeting.__module__ == __name__:
        return  # it does already

    def add_root_route(app: Any) -> None:
        greeting(app)
        app.add_route(status, "/status")

    rasa.server.add_root_route = add_root_route


async def status(request: Any) -> Any:
    from sanic import response

    agent = request.app.ctx.agent
    model = agent.processor.model_filename if agent.is_ready() else ""
    return response.json({"model_file": PurePath(model).name})
