"""Brings our own data files into Rasa's training: topics, clinic facts and crisis answers.

Rasa's own format would spread one topic over three places. Here a topic is one entry of one file,
and this importer writes what Rasa needs from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Optional, Text, Union

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.clinic_facts import fill_in, has_all_facts, load_facts
from nlu_components.crisis.answers import UNCLEAR, CrisisAnswers, Reply, load_answers, reply_key
from nlu_components.crisis.policy import REPLY_SLOT
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
        self._facts = load_facts(Path(clinic))
        self._answers = load_answers(
            Path(crisis),
            self._facts.get("country", ""),
            phone=self._facts.get("phone", ""),
            hours=self._facts.get("hours", ""),
        )

    def get_domain(self) -> Domain:
        """The written domain, with a reply for every topic and every kind of danger."""
        responses = {
            f"utter_{_label(topic)}": [_reply_to(topic, self._facts)] for topic in self._topics
        }
        responses.update(_replies_about_danger(self._answers))
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


def _replies_about_danger(answers: CrisisAnswers) -> Dict[Text, List[Dict[Text, Any]]]:
    return {
        "utter_crisis": _variations(answers.crisis, _help),
        "utter_check_in": _variations(answers.check_in, _safety_question),
        "utter_glad_safe": _variations(answers.glad_safe, _words_alone),
    }


def _variations(
    replies: Iterable[Reply], said: Callable[[Reply], Dict[Text, Any]]
) -> List[Dict[Text, Any]]:
    """One for each category and language, and one without a condition: something always fits."""
    always = reply_key(UNCLEAR, "en")
    variations = []
    for reply in replies:
        if reply.key == always:
            variations.append(said(reply))
        condition = {"type": "slot", "name": REPLY_SLOT, "value": reply.key}
        variations.append({**said(reply), "condition": [condition]})
    return variations


def _help(reply: Reply) -> Dict[Text, Any]:
    buttons = [*reply.buttons]
    if reply.language == "en":
        # The bot understands this one in English only; in Spanish the text names the phone.
        buttons.append(CALL_ME_BACK)
    return {"text": reply.text, "custom": _payload("crisis", reply, buttons)}


def _safety_question(reply: Reply) -> Dict[Text, Any]:
    return {"text": reply.text, "custom": _payload("check_in", reply, [*reply.buttons])}


def _words_alone(reply: Reply) -> Dict[Text, Any]:
    # The answer to our own question, so it is shown while a person writes, too.
    return {"text": reply.text, "custom": {"type": "text", "beside_a_person": True}}


def _payload(kind: Text, reply: Reply, buttons: List[Text]) -> Dict[Text, Any]:
    return {
        "type": kind,
        "category": reply.category,
        "language": reply.language,
        "resources": [dict(resource) for resource in reply.resources],
        "suggestions": buttons,
    }
