"""Rasa tells which model it answers with, and nothing else."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
import rasa.server

from nlu_components import status


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Rasa's server without its API, as it is started."""
    from rasa.core.run import _create_app_without_api

    monkeypatch.setattr(rasa.server, "add_root_route", rasa.server.add_root_route)
    status.install()
    made = _create_app_without_api()
    yield made
    type(made)._app_registry.clear()


def ask(app: Any) -> Any:
    handlers = {route.path: route.handler for route in app.router.routes}
    answer = asyncio.run(handlers["status"](SimpleNamespace(app=app)))
    return json.loads(answer.body)


def test_it_is_the_name_of_the_file(app: Any) -> None:
    processor = SimpleNamespace(model_filename="/somewhere/models/front-desk-1.tar.gz")
    app.ctx.agent = SimpleNamespace(processor=processor, is_ready=lambda: True)

    assert ask(app) == {"model_file": "front-desk-1.tar.gz"}


def test_without_a_model_it_is_empty(app: Any) -> None:
    app.ctx.agent = SimpleNamespace(processor=None, is_ready=lambda: False)

    assert ask(app) == {"model_file": ""}
