"""The one way an action runs: off the event loop, and never leaking what a visitor said."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import metrics
from actions.say import say
from clinic.help_lines import in_danger

log = logging.getLogger(__name__)

Events = list[dict[str, object]]
"""Rasa events, as rasa_sdk.events makes them."""

NOT_SAVED = (
    "I'm sorry, something went wrong on our side, and your last answer was not saved. "
    "Please try again in a moment."
)
"""True here: what an action does, it does in one transaction or not at all."""


class ClinicAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk is not typed
    """A custom action that answers kindly when it fails.

    Without this, the SDK's error answer carries the whole conversation and Rasa logs it.
    """

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Events:
        try:
            # In a thread: the server runs every action on one event loop, and a slow
            # database would make all other visitors wait.
            with metrics.timed(self.name()):
                return await asyncio.to_thread(self.act, dispatcher, tracker, domain)
        except Exception as error:  # the edge: whatever happens, the visitor is answered
            metrics.failures.labels(self.name(), type(error).__name__).inc()
            log.error("action failed name=%s error=%s", self.name(), type(error).__name__)
            dispatcher.messages.clear()
            return self.fail(dispatcher)

    @abstractmethod
    def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Events: ...

    def fail(self, dispatcher: CollectingDispatcher) -> Events:
        """What the visitor hears, and Rasa is told, when `act` broke."""
        say(dispatcher, f"{NOT_SAVED} {in_danger()}")
        return []
