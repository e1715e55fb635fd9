"""Brings our own data files into Rasa's training: topics, clinic facts and crisis answers.

Rasa's own format would spread one topic over three places. Here a topic is one entry of one file,
and this importer writes what Rasa needs from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Union

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.clinic_facts import fill_in, has_all_facts, load_facts
from nlu_components.crisis.answers import UNCLEAR, CrisisAnswer, load_answers
from nlu_components.topics import TOPIC_PREFIX, Topic, TopicError, load_topics

# These topics do more than answer, so each is an intent with a rule of its own.
WITH_A_RULE = ("human_handoff", "book_appointment")
CALL_ME_BACK = "Call me back"


class FrontDeskImporter(RasaFileImporter):
    """Rasa's own files, and beside them `data/faq/`, `crisis/` and `clinic.yml`."""

    def __init__(
        self,
        config_file: Optional[Text] = None,
        domain_path: Optional[Text] = None,
        training_data_paths: Optional[Union[List[Text], Text]] = None,
        topics: Text = "data/faq",
        crisis: Text = "crisis",
        clinic: Text = "clinic.yml",
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._topics = load_topics(Path(topics))
        self._answers = load_answers(Path(crisis))
        self._facts = load_facts(Path(clinic))

    def get_domain(self) -> Domain:
        """The written domain, with a reply for every topic and every kind of crisis."""
        responses = {
            f"utter_{_label(topic)}": [_reply_to(topic, self._facts)] for topic in self._topics
        }
        responses["utter_crisis"] = _crisis_replies(self._answers)
        return super().get_domain().merge(Domain.from_dict({"responses": responses}))

    def get_nlu_data(self, language: Optional[Text] = "en") -> TrainingData:
        """The written examples, and the title and every question of every topic."""
        examples = [
            _example(topic, question)
            for topic in self._topics
            # The title too: a button that offers the topic sends it.
            for question in dict.fromkeys([topic.title, *topic.questions])
        ]
        return super().get_nlu_data(language).merge(TrainingData(examples))


def _label(topic: Topic) -> Text:
    return topic.slug if topic.slug in WITH_A_RULE else f"{TOPIC_PREFIX}{topic.slug}"


def _example(topic: Topic, question: Text) -> Message:
    label = _label(topic)
    data = {TEXT: question, INTENT: label.split("/")[0]}
    if "/" in label:
        data[INTENT_RESPONSE_KEY] = label
    return Message(data)


def _reply_to(topic: Topic, facts: Dict[Text, Text]) -> Dict[Text, Any]:
    payload: Dict[Text, Any] = {
        "type": "answer",
        "topic": topic.slug,
        "title": topic.title,
        "sources": [{"title": source.title, "url": source.url} for source in topic.sources],
        "reviewed": topic.reviewed.isoformat(),
    }
    text = topic.answer
    if not has_all_facts(text, facts):
        text = topic.answer_without or ""
        if not text or not has_all_facts(text, facts):
            raise TopicError(
                f"topic {topic.slug}: a fact it needs is empty in clinic.yml; write it there, "
                "or give the topic an `answer_without` that does without it"
            )
        payload["suggestions"] = [CALL_ME_BACK]
    return {"text": fill_in(text, facts), "custom": payload}


def _crisis_replies(answers: List[CrisisAnswer]) -> List[Dict[Text, Any]]:
    """One variation for each category, and one without a condition: something always fits."""
    general = next(answer for answer in answers if answer.category == UNCLEAR)
    replies = [_crisis_reply(general)]
    for answer in answers:
        condition = {"type": "slot", "name": "crisis_category", "value": answer.category}
        replies.append({**_crisis_reply(answer), "condition": [condition]})
    return replies


def _crisis_reply(answer: CrisisAnswer) -> Dict[Text, Any]:
    payload = {
        "type": "crisis",
        "category": answer.category,
        "resources": list(answer.resources),
        "suggestions": ["I'm safe, back to my question", CALL_ME_BACK],
    }
    return {"text": answer.text, "custom": payload}
