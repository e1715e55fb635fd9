"""The action server is called over one connection, knows the domain, and never holds a turn up."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import rasa.core.run
from aiohttp import web
from jsonschema import ValidationError, validate
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from nlu_components import action_calls
from nlu_components.action_calls import RECORD, ActionServer, Turn, turn_begins
from nlu_components.turnstile import AT_WORK, Turnstile
from tests.nlu_components.tracker_world import DOMAIN, tracker

ANSWER: dict[str, Any] = {
    "events": [{"event": "slot", "name": "name", "value": "Ann"}],
    "responses": [{"text": "Hello"}],
}


class Neighbour:
    """An action server that remembers what it was asked, and over how many connections."""

    def __init__(self, *, status: int = 200, hangs: bool = False) -> None:
        self.status, self.hangs = status, hangs
        self.calls: list[dict[str, Any]] = []
        self.connections: set[Any] = set()
        self.digest: str | None = None

    async def webhook(self, request: web.Request) -> web.StreamResponse:
        call = await request.json()
        self.calls.append(call)
        self.connections.add(request.transport)
        assert request.query["token"] == "secret"
        if self.hangs:
            await asyncio.Event().wait()
        if "domain" in call:
            self.digest = call["domain_digest"]
        elif self.digest != call["domain_digest"]:
            return web.json_response({"error": "no domain", "action_name": "a"}, status=449)
        if self.status == 400:
            return web.json_response({"error": "no", "action_name": "a"}, status=400)
        return web.json_response(ANSWER, status=self.status)


def calling(neighbour: Neighbour, deed: Callable[[ActionServer], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        app = web.Application()
        app.router.add_post("/webhook", neighbour.webhook)
        runner = web.AppRunner(app, shutdown_timeout=0.01)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        server = ActionServer(
            EndpointConfig(f"http://127.0.0.1:{port}/webhook", token="secret"), DOMAIN
        )
        try:
            return await deed(server)
        finally:
            await server.close()
            await runner.cleanup()

    return asyncio.run(run())


async def run_action(server: ActionServer, name: str = "action_answer") -> list[Event]:
    return await RemoteAction(name, server).run(
        CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker(), DOMAIN
    )


def test_an_action_says_and_does_what_it_did_with_rasas_own_call() -> None:
    done = calling(Neighbour(), run_action)

    assert done == [BotUttered("Hello", metadata=done[0].metadata), SlotSet("name", "Ann")]


def test_the_domain_is_sent_once_and_the_connection_stays_open() -> None:
    neighbour = Neighbour()

    async def thrice(server: ActionServer) -> None:
        for _ in range(3):
            await run_action(server)

    calling(neighbour, thrice)

    assert ["domain" in call for call in neighbour.calls] == [False, True, False, False]
    assert len(neighbour.connections) == 1


def test_what_checks_an_answer_is_not_sent_the_domain_either() -> None:
    """Rasa itself sends it to everything named so, three hundred kilobytes each time."""
    domain = Domain.from_dict({"actions": ["validate_a_form"]})
    neighbour = Neighbour()

    async def twice(server: ActionServer) -> None:
        action = RemoteAction("validate_a_form", server)
        for _ in range(2):
            await action.run(
                CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker(), domain
            )

    calling(neighbour, twice)

    assert domain.does_custom_action_explicitly_need_domain("validate_a_form")
    assert ["domain" in call for call in neighbour.calls] == [False, True, False]


def test_while_an_action_is_waited_for_other_turns_may_begin() -> None:
    neighbour = Neighbour(hangs=True)

    async def more_than_fit(server: ActionServer) -> None:
        turnstile = Turnstile()

        async def turn() -> None:
            turn_begins(Turn(turnstile))
            async with turnstile.inside():
                await run_action(server)

        turns = [asyncio.create_task(turn()) for _ in range(2 * AT_WORK)]
        async with asyncio.timeout(5):
            while len(neighbour.calls) < len(turns):
                await asyncio.sleep(0.001)
        for one in turns:
            one.cancel()

    calling(neighbour, more_than_fit)


def test_an_action_server_that_was_restarted_gets_the_domain_again() -> None:
    neighbour = Neighbour()

    async def restarted_between(server: ActionServer) -> list[Event]:
        await run_action(server)
        neighbour.digest = None
        return await run_action(server)

    assert calling(neighbour, restarted_between)[1] == SlotSet("name", "Ann")


def test_an_action_that_does_not_want_to_run_is_no_fault() -> None:
    async def rejected(server: ActionServer) -> bool:
        turn = Turn()
        turn_begins(turn)
        with pytest.raises(ActionExecutionRejection):
            await run_action(server)
        return turn.is_half_done

    assert calling(Neighbour(status=400), rejected) is False


@pytest.mark.parametrize("neighbour", [Neighbour(status=500), Neighbour(hangs=True)])
def test_a_turn_whose_action_failed_or_hung_is_half_done(
    neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_calls, "SECONDS_FOR_A_TURN", 0.2)

    async def fails(server: ActionServer) -> bool:
        turn = Turn()
        turn_begins(turn)
        with pytest.raises(RasaException):
            await run_action(server)
        return turn.is_half_done

    assert calling(neighbour, fails) is True


def test_nobody_there_is_a_fault_that_rasa_knows() -> None:
    async def nobody() -> None:
        server = ActionServer(EndpointConfig("http://127.0.0.1:1/webhook"), DOMAIN)
        with pytest.raises(RasaException):
            await run_action(server)
        await server.close()

    asyncio.run(nobody())


def test_all_actions_of_a_turn_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("nlu_components.action_calls.time.monotonic", lambda: now)
    turn = Turn()
    assert turn.seconds_for("action_answer") == action_calls.SECONDS_FOR_A_TURN

    now += 4
    assert turn.seconds_for("action_answer") == action_calls.SECONDS_FOR_A_TURN - 4

    now += 4
    assert 0 < turn.seconds_for("action_answer") < 0.01


def test_a_turn_ends_before_web_gives_up_on_it_and_sooner_after_words_of_danger() -> None:
    assert action_calls.SECONDS_FOR_A_TURN < 8 - 2
    assert Turn().seconds_for(RECORD) <= 1


@pytest.mark.parametrize(
    "result",
    [
        {"events": "none"},
        {"responses": [1]},
        {"events": [{"event": "slot"}]},
        [],
    ],
)
def test_a_wrong_answer_is_refused_as_rasa_refuses_it(result: Any) -> None:
    schema = RemoteAction.action_response_format_spec()
    with pytest.raises(ValidationError):
        validate(result, schema)

    with pytest.raises(aiohttp.ClientError):
        action_calls.is_valid(RemoteAction("a", None), result)


MARKER = "my canary sings"
WRONG_ANSWERS = {
    "no schema": web.json_response(
        {"events": [{"event": MARKER, "value": MARKER, "name": 1}]}
    ).body,
    "no JSON": f"<p>{MARKER}</p>".encode(),
    "no text": MARKER.encode("utf-16"),
}


@pytest.mark.parametrize("status", [200, 404, 500])
@pytest.mark.parametrize("body", WRONG_ANSWERS.values(), ids=list(WRONG_ANSWERS))
def test_no_log_repeats_a_wrong_answer_and_the_turn_is_half_done(
    status: int,
    body: bytes,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", action_calls.is_valid)

    class Wrong(Neighbour):
        async def webhook(self, request: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status)

    async def fails(server: ActionServer) -> bool:
        turn = Turn()
        turn_begins(turn)
        try:
            await run_action(server)
        except RasaException:  # as Rasa's processor does it
            logging.getLogger("rasa").exception("an action failed")
        return turn.is_half_done

    assert calling(Wrong(), fails) is True
    assert "an action failed" in caplog.text
    assert MARKER not in caplog.text.replace("\\x00", "")  # UTF-16, as Python shows bytes


@pytest.mark.parametrize(
    "wanted", [{"basic_auth": {"username": "a", "password": "b"}}, {"cafile": "ca.pem"}]
)
def test_a_way_of_calling_that_is_not_done_here_stops_the_start(wanted: Any) -> None:
    with pytest.raises(RasaException, match="basic_auth"):
        ActionServer(EndpointConfig("http://127.0.0.1:1/webhook", **wanted), DOMAIN)


def test_a_new_model_closes_the_connections_of_the_old_one_after_its_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(action_calls, "SECONDS_FOR_A_TURN", 0.01)
    monkeypatch.setattr(action_calls, "_serving", None)

    async def loaded_twice() -> None:
        endpoint = EndpointConfig("http://127.0.0.1:1/webhook")
        old = action_calls.serving(ActionServer(endpoint, DOMAIN))
        session = old._session()
        new = action_calls.serving(ActionServer(endpoint, DOMAIN))
        of_the_new = new._session()
        assert not session.closed, "a turn may be under way"
        while not session.closed:
            await asyncio.sleep(0.001)
        assert not of_the_new.closed
        await new.close()

    asyncio.run(asyncio.wait_for(loaded_twice(), 10))


def test_a_right_answer_is_taken() -> None:
    assert action_calls.is_valid(RemoteAction("a", None), ANSWER)


def test_rasa_still_has_the_places_that_are_replaced() -> None:
    """A newer Rasa may have moved them, and would then quietly run without."""
    run = inspect.getsource(RemoteAction.run)
    assert "self._validate_action_result(response)" in run
    assert "self.action_endpoint.request(" in run
    form = inspect.getsource(RemoteAction._action_call_format)
    assert "_is_selective_domain_enabled" in form
    assert "close_resources" in inspect.getsource(rasa.core.run.serve_application)


def test_rasa_closes_the_connections_when_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []

    async def rasas_own(*_: Any) -> None:
        closed.append("rasa")

    monkeypatch.setattr(rasa.core.run, "close_resources", rasas_own)
    monkeypatch.setattr(RemoteAction, "_validate_action_result", None)
    action_calls.install()

    async def stop() -> aiohttp.ClientSession:
        server = ActionServer(EndpointConfig("http://127.0.0.1:1"), DOMAIN)
        session = server._session()
        app: Any = type("App", (), {})()
        app.ctx = type("Ctx", (), {})()
        app.ctx.agent = type("Agent", (), {})()
        app.ctx.agent.processor = type("Processor", (), {"action_endpoint": server})()
        await rasa.core.run.close_resources(app, None)
        return session

    assert asyncio.run(stop()).closed
    assert closed == ["rasa"]
