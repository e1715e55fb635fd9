"""Rasa's processor of messages, which answers a message that is sent again as it did before.

The web sends a message again when Rasa's answer did not reach it: it was killed, or it was another
web whom the visitor's second try came to. The same key must not move the conversation twice. Of a
message that is long past its answer is forgotten; then the visitor is told that it changed nothing,
unless it tells of danger: that is answered however often it comes.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, Iterable, List, Mapping, Optional, Text

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from nlu_components.action_calls import ActionServer, Turn, serving, turn_begins, turn_under_way
from nlu_components.crisis import memory
from nlu_components.message_keys import HALF_DONE, KEY, is_remembered, key_done
from nlu_components.turnstile import Turnstile

LONG_PAST = (
    "This is an earlier message of yours that was sent again. I did not take it as an answer now. "
    "If you still want to say it, please type it again."
)


class AnsweredBefore(Exception):
    """This message has had its turn; here is what the bot said in it."""

    def __init__(self, said: List[BotUttered]) -> None:
        super().__init__()
        self.said = said


class FrontDeskProcessor(MessageProcessor):
    """A turn is done once for each key, and its actions have a limit of time.

    All of it stands inside Rasa's lock of the conversation. A turn that Rasa was killed in has
    left nothing, for a conversation is saved at the end of a turn, so it is simply done anew.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._turnstile = Turnstile()
        self._reader = ThreadPoolExecutor(1, "reader")
        self.action_endpoint: Optional[EndpointConfig] = self.action_endpoint
        if self.action_endpoint is not None:
            self.action_endpoint = serving(ActionServer(self.action_endpoint, self.domain))

    async def handle_message(self, message: UserMessage) -> Optional[List[Dict[Text, Any]]]:
        """See parent class for full docstring."""
        turn_begins(Turn(self._turnstile))
        try:
            async with self._turnstile.inside():
                return await super().handle_message(message)
        except AnsweredBefore as answer:
            await self._send_bot_messages(
                answer.said, DialogueStateTracker(message.sender_id, []), message.output_channel
            )
        channel = message.output_channel
        return channel.messages if isinstance(channel, CollectingOutputChannel) else None

    async def parse_message(
        self,
        message: UserMessage,
        tracker: Optional[DialogueStateTracker] = None,
        only_output_properties: bool = True,
    ) -> Dict[Text, Any]:
        """See parent class for full docstring. One message is read at a time, in a thread: most of
        it is arithmetic that lets Python go on meanwhile with the turns of others.
        """
        if self.http_interpreter:
            return await super().parse_message(message, tracker, only_output_properties)
        if tracker is None:
            tracker = DialogueStateTracker.from_events(message.sender_id, [])
        parsed = await asyncio.get_running_loop().run_in_executor(
            self._reader,
            self._parse_message_with_graph,
            message,
            tracker,
            only_output_properties,
        )
        self._update_full_retrieval_intent(parsed)
        self._check_for_unseen_features(parsed)
        return parsed

    async def _handle_message_with_tracker(
        self, message: UserMessage, tracker: DialogueStateTracker
    ) -> None:
        key = (message.metadata or {}).get(KEY)
        said = said_to(tracker.events, key)
        if said is None and is_remembered(tracker.events, key):
            message.parse_data = await self.parse_message(message, tracker)
            said = None if _tells_of_danger(message.parse_data) else [BotUttered(LONG_PAST)]
        if said is not None:
            raise AnsweredBefore(said)
        await super()._handle_message_with_tracker(message, tracker)

    async def save_tracker(self, tracker: DialogueStateTracker) -> None:
        """See parent class for full docstring."""
        if turn_under_way().is_half_done and tracker.latest_message is not None:
            tracker.latest_message.metadata = {
                **(tracker.latest_message.metadata or {}),
                HALF_DONE: True,
            }
        await super().save_tracker(tracker)


def _tells_of_danger(parsed: Mapping[Text, Any]) -> bool:
    judgement = parsed.get(memory.JUDGEMENT) or {}
    return judgement.get("outcome") in memory.HEARD


def said_to(events: Iterable[Event], key: Optional[Text]) -> Optional[List[BotUttered]]:
    """What the bot said to the message of this key; None if its turn is still to be done."""
    if not key:
        return None
    said: List[BotUttered] = []
    for event in reversed(list(events)):
        if isinstance(event, BotUttered):
            said.insert(0, event)
        elif isinstance(event, UserUttered):
            if key_done(event) == key:
                return said
            said = []
    return None
