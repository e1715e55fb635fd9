"""Rasa tells which model it answers with, and nothing else."""

from __future__ import annotations

import asyncio
import inspect
import json
from types import SimpleNamespace
from typing import Any

import pytest
import rasa.core.run
import rasa.server

from nlu_components import status


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Rasa's server without its API, as it is started."""
    from rasa.core.run import _create_app_without_api

    monkeypatch.setattr(rasa.core.run, "_create_app_without_api", _create_app_without_api)
    status.install()
    status.install()  # twice is once
    made = rasa.core.run._create_app_without_api()
    yield made
    type(made)._app_registry.clear()


def test_rasa_serves_its_own_where_its_api_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    without_api = rasa.core.run._create_app_without_api
    monkeypatch.setattr(rasa.core.run, "_create_app_without_api", without_api)
    status.install()

    made: Any = rasa.server.create_app()
    type(made)._app_registry.clear()

    (its_own,) = [route for route in made.router.routes if route.path == "status"]
    assert its_own.handler is not status.status


def test_rasa_still_makes_its_server_where_we_look() -> None:
    """A newer Rasa may have moved it, and would then quietly run without."""
    assert "_create_app_without_api(" in inspect.getsource(rasa.core.run.configure_app)


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
