"""Decide what a message asks, from its readings: the whole, in context, and its parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, List, Optional

from nlu_components.hybrid_model import Scored
from nlu_components.readings import Reading
from nlu_components.topics import TOPIC_PREFIX

Ranker = Callable[[str], List[Scored]]
"""Text of a reading to its labels, the likeliest first."""

ITS_OWN = 0.85
"""How sure a follow-up must be that it asks for the topic which was answered already."""
ONE_SENTENCE = 0.97
"""From here on the whole is one of our own sentences, whatever its parts could mean alone."""
NOISE = 0.5
"""What is left of the confidence in a message that is mostly no words."""


@dataclass(frozen=True)
class Sureness:
    """From which confidence on something is done. Picked by `python -m benchmarks.thresholds`.

    answer: one question is answered.
    part: one of two questions in a message is taken for a question of its own.
    among: and only if it is among so many likeliest labels of the whole message.
    """

    answer: float
    part: float
    among: int


@dataclass(frozen=True)
class Understood:
    """The labels of the message, the likeliest first, and its questions if it asks several."""

    ranking: List[Scored]
    questions: List[str]


def understand(reading: Reading, rank: Ranker, sure: Sureness) -> Understood:
    """Read the message as a whole; let context or its parts say what the whole leaves open."""
    whole = rank(reading.whole)
    if not reading.readable:
        return Understood([replace(s, confidence=s.confidence * NOISE) for s in whole], [])
    is_ours = whole[0].confidence >= ONE_SENTENCE
    parts = [] if is_ours else _rank_parts(reading, whole, rank, sure)
    questions = _questions(whole, parts, sure)
    if len(questions) > 1:
        return Understood(_with_first(questions[0], whole, parts, sure), questions)
    in_context = _in_context(reading, whole[0], rank, sure)
    if in_context is not None:
        return Understood(in_context, [])
    if whole[0].confidence < sure.answer:
        # A story around the question drowns it: what the question alone says counts then.
        answerable = [ranking for ranking in parts if _is_topic(ranking[0].label)]
        best = max(answerable, key=lambda ranking: ranking[0].confidence, default=whole)
        if best[0].confidence >= sure.answer:
            return Understood(best, [])
    return Understood(whole, [])


def _rank_parts(
    reading: Reading, whole: List[Scored], rank: Ranker, sure: Sureness
) -> List[List[Scored]]:
    """The parts up to where no further one can change what is understood: each costs time."""
    parts: List[List[Scored]] = []
    for left in range(len(reading.parts), 0, -1):
        is_decided = len(_questions(whole, parts, sure)) + left < 2
        if is_decided and whole[0].confidence >= sure.answer:
            break
        parts.append(rank(reading.parts[len(parts)]))
    return parts


def _questions(whole: List[Scored], parts: List[List[Scored]], sure: Sureness) -> List[str]:
    """The different topics that the parts ask for, in the order of the message."""
    likely = {scored.label for scored in whole[: sure.among]}
    found: List[str] = []
    for best, *_ in parts:
        asked = best.confidence >= sure.part and best.label in likely and _is_topic(best.label)
        if asked and best.label not in found:
            found.append(best.label)
    return found


def _in_context(
    reading: Reading, plain: Scored, rank: Ranker, sure: Sureness
) -> Optional[List[Scored]]:
    """The follow-up with its pointer resolved, if that says something new and says it clearly.

    What is plainly no topic, such as “stop it”, needs no context.
    """
    if reading.in_context is None:
        return None
    if plain.confidence >= sure.answer and not _is_topic(plain.label):
        return None
    ranking = rank(reading.in_context)
    best = ranking[0]
    known = {f"{TOPIC_PREFIX}{slug}" for slug in (reading.last_topic, reading.subject_topic)}
    # The subject alone pulls towards its own topic; that one needs more to be meant again.
    enough = ITS_OWN if best.label in known else sure.answer
    return ranking if _is_topic(best.label) and best.confidence >= enough else None


def _with_first(
    label: str, whole: List[Scored], parts: List[List[Scored]], sure: Sureness
) -> List[Scored]:
    """The whole's ranking, led by the message's first question with its own confidence."""
    first = next(best for best, *_ in parts if best.label == label and best.confidence >= sure.part)
    return [first, *(scored for scored in whole if scored.label != label)]


def _is_topic(label: str) -> bool:
    return label.startswith(TOPIC_PREFIX)
