"""Calls of the action server: over connections that stay open, and never without a limit.

Rasa opens a connection for each call, sends its whole domain along, waits for five minutes, and
compiles the schema of the answers anew each time. The action server keeps the domain by its digest,
as later versions of Rasa have it, and asks for it when it does not know it.

An answer may hold what a visitor said, and Rasa writes down what goes wrong: no error here quotes
one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from contextvars import ContextVar
from typing import Any, Dict, Optional, Set, Text

import aiohttp
import rasa.core.run
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from nlu_components.turnstile import Turnstile

SECONDS_FOR_A_TURN = 5.0
"""For all actions of one turn. Web gives up on Rasa after CLINIC_RASA_TIMEOUT_SECONDS, which is 8;
before that the visitor must have what could be said."""
SECONDS_TO_CONNECT = 1.0
SECONDS_FOR_THE_RECORD = 1.0
"""The help lines were said before it, and are shown when the turn ends. The record itself is made
all the same where the action server is only slow: it has the call."""
RECORD = "action_record_crisis"
DOMAIN_UNKNOWN = 449
"""The answer of an action server that does not know the domain of a digest."""
REJECTED = 400
"""Its answer when an action does not want to run; that is an answer, not a fault."""


class Turn:
    """The time that is left for the actions of one turn, and whether one of them failed."""

    def __init__(self, turnstile: Optional[Turnstile] = None) -> None:
        self.turnstile = turnstile or Turnstile()
        self._ends = time.monotonic() + SECONDS_FOR_A_TURN
        self.is_half_done = False

    def seconds_for(self, action: Text) -> float:
        left = max(self._ends - time.monotonic(), 0.001)
        return min(left, SECONDS_FOR_THE_RECORD) if action == RECORD else left


_turn: ContextVar[Turn] = ContextVar("turn")


def turn_begins(turn: Turn) -> None:
    """Everything that this task does from here on belongs to this turn."""
    _turn.set(turn)


def turn_under_way() -> Turn:
    """The turn of this task; a new one where nobody began one, as for a call from outside."""
    return _turn.get(Turn())


class CannotBeCalledSo(RasaException):
    """endpoints.yml wants the action server to be called in a way that is not done here."""


class ActionServer(EndpointConfig):
    """Rasa's endpoint, with what `RemoteAction` asks of it done in fewer steps."""

    def __init__(self, endpoint: EndpointConfig, domain: Domain) -> None:
        if endpoint.basic_auth or endpoint.cafile:
            raise CannotBeCalledSo(
                "action_endpoint in endpoints.yml: basic_auth and cafile are not supported; "
                "a token is, and certificates that the system trusts"
            )
        # With this set Rasa itself leaves the domain out of a call.
        kwargs = {**endpoint.kwargs, SELECTIVE_DOMAIN: True}
        super().__init__(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            token=endpoint.token,
            token_name=endpoint.token_name,
            **kwargs,
        )
        self._domain: Dict[Text, Any] = domain.as_dict()
        written = json.dumps(self._domain, sort_keys=True, default=str).encode()
        self._digest = hashlib.sha256(written).hexdigest()
        self._open: Optional[aiohttp.ClientSession] = None
        self._loop: Optional[asyncio.AbstractEventLoop] = None

    async def request(self, method: Text = "post", *_: Any, **kwargs: Any) -> Any:
        """The action server's answer to `json`, as `EndpointConfig.request` returns it.

        Raises:
            aiohttp.ClientError: there is none, or not in time; `RemoteAction` knows what to do.
        """
        turn = turn_under_way()
        call = {**kwargs["json"], "domain_digest": self._digest}
        # Rasa sends it to whatever is named `validate_…`, however it is told not to.
        call.pop("domain", None)
        seconds = turn.seconds_for(call["next_action"])
        try:
            async with turn.turnstile.outside():
                return await asyncio.wait_for(self._ask(call), seconds)
        except asyncio.TimeoutError:
            turn.is_half_done = True
            raise aiohttp.ServerTimeoutError("no answer in time") from None
        except aiohttp.ClientError as error:
            turn.is_half_done |= getattr(error, "status", None) != REJECTED
            raise

    async def _ask(self, call: Dict[Text, Any]) -> Any:
        try:
            return await self._post(call)
        except ClientResponseError as error:
            if error.status != DOMAIN_UNKNOWN:
                raise
        return await self._post({**call, "domain": self._domain})

    async def _post(self, call: Dict[Text, Any]) -> Any:
        body = json.dumps(call).encode()
        async with self._session().post(
            self.url, data=body, params=self.combine_parameters()
        ) as answer:
            content = await answer.read()
        if answer.status >= 400:  # as Rasa has it, which reads the text of a rejection only
            text = content if answer.status == REJECTED else b""
            raise ClientResponseError(answer.status, answer.reason, text)
        try:
            return json.loads(content)
        except ValueError:
            raise aiohttp.ClientPayloadError("no JSON") from None

    def _session(self) -> aiohttp.ClientSession:
        if self._open is None or self._open.closed:
            headers = {"Content-Type": "application/json", **self.headers}
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=SECONDS_TO_CONNECT)
            self._open = aiohttp.ClientSession(headers=headers, timeout=timeout)
            self._loop = asyncio.get_running_loop()
        return self._open

    async def close(self) -> None:
        if self._open is not None:
            await self._open.close()

    def close_later(self) -> None:
        """Once the turns are over that still use it."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        loop.call_later(SECONDS_FOR_A_TURN, lambda: _to_the_end(loop.create_task(self.close())))


_serving: Optional[ActionServer] = None
_closing: Set["asyncio.Task[None]"] = set()


def serving(server: ActionServer) -> ActionServer:
    """The one that is called from here on; a new model comes with a new one."""
    global _serving
    if _serving is not None:
        _serving.close_later()
    _serving = server
    return server


def _to_the_end(task: "asyncio.Task[None]") -> None:
    _closing.add(task)  # a loop alone lets go of a task
    task.add_done_callback(_closing.discard)


_VALIDATOR = validator_for(RemoteAction.action_response_format_spec())(
    RemoteAction.action_response_format_spec()
)


def is_valid(_: RemoteAction, result: Dict[Text, Any]) -> bool:
    """Stands in for `RemoteAction._validate_action_result`: the same schema, compiled once.

    Raises:
        aiohttp.ClientPayloadError: it does not follow it; `RemoteAction` knows what to do.
    """
    if not _VALIDATOR.is_valid(result):
        turn_under_way().is_half_done = True
        raise aiohttp.ClientPayloadError("not the answer of an action server")
    return True


def install() -> None:
    """Put into Rasa what it cannot be given: the check of answers, and the end of connections."""
    RemoteAction._validate_action_result = is_valid
    close_others = rasa.core.run.close_resources

    async def close_resources(app: Any, loop: Any) -> None:
        await close_others(app, loop)
        processor = getattr(getattr(app.ctx, "agent", None), "processor", None)
        actions = getattr(processor, "action_endpoint", None)
        if isinstance(actions, ActionServer):
            await actions.close()

    rasa.core.run.close_resources = close_resources
