"""How one message may be read: what the message reader hands on through Rasa's pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Optional, Text, Tuple

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

READING = "reading"
VECTORS = "reading_vectors"


@dataclass(frozen=True)
class Reading:
    """The message with its slips mended; with its pointer resolved; and its parts."""

    whole: Text
    in_context: Optional[Text] = None
    parts: Tuple[Text, ...] = field(default=())
    last_topic: Optional[Text] = None
    """The topic that was answered last, as a slug."""
    subject_topic: Optional[Text] = None
    """The topic that said what a pointer means, as a slug."""
    readable: bool = True
    """False for noise: most of it is no words at all."""

    def as_dict(self) -> Dict[Text, Any]:
        """Plain values, as Rasa's message wants them."""
        return {
            "whole": self.whole,
            "in_context": self.in_context,
            "parts": list(self.parts),
            "last_topic": self.last_topic,
            "subject_topic": self.subject_topic,
            "readable": self.readable,
        }


class Vectors(Dict[Text, np.ndarray]):
    """Text to its embedding, made when it is asked for: many a part of a message never is.

    It goes with the message; no text of a visitor stays behind.
    """

    def __init__(self, embed: Callable[[Text], np.ndarray]) -> None:
        super().__init__()
        self._embed = embed

    def __missing__(self, text: Text) -> np.ndarray:
        self[text] = vector = self._embed(text)
        return vector


def reading_of(message: Message) -> Reading:
    """What the reader made of it; without a reader, the text as it is."""
    given = message.get(READING)
    if not given:
        return Reading(message.get(TEXT) or "")
    return Reading(**{**given, "parts": tuple(given["parts"])})


def vectors_of(message: Message) -> Dict[Text, np.ndarray]:
    """Text to its embedding, for every text of the reading; none where no featurizer stood."""
    vectors: Optional[Dict[Text, np.ndarray]] = message.get(VECTORS)
    return {} if vectors is None else vectors
