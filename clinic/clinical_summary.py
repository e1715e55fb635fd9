"""What a clinician wants to see of a lead, in the order in which it matters.

Made of what is kept with the lead and of nothing else: it draws no conclusion of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clinic.screening.medicines import FLAGS
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.response_answers import Answer, answers
from clinic.tables import Lead

ITEM_9 = "phq9_9"
FOLLOW_UP = ("suicide_now", "suicide_plan", "suicide_3_months")
NOT_AT_ALL = "LA6568-5"
NOT_ANSWERED = "not answered"

SHOWN_ABOVE = ("consent", "name", "phone", "email", "age", "state")
"""Said at the top of the page, so not once more among the answers."""


@dataclass(frozen=True)
class Reason:
    """Why a rule fired, in the visitor's words."""

    text: str
    rule: str = ""
    code: str = ""


@dataclass(frozen=True)
class ScoredItem:
    question: str
    answer: str
    points: int | None


@dataclass(frozen=True)
class Score:
    """One scale. Without all its items it has no total and no band."""

    label: str
    total: int | None
    band: str | None
    answered: int
    of: int
    items: tuple[ScoredItem, ...]


@dataclass(frozen=True)
class Medicine:
    """One medicine that was mentioned; `generic` is empty if our list does not know it.

    `close` is true where the spelling was mended, `now` is false where the words say that it is
    not taken now, `counts` is false where the visitor was asked and did not say yes to it.
    """

    said: str
    generic: str | None
    flag: str
    note: str
    close: bool
    now: bool
    counts: bool

    @property
    def asks_for(self) -> str:
        """What a clinician has to do about it: "review", "note" or nothing."""
        return self.flag if self.counts and self.flag in FLAGS[:2] else ""

    @property
    def doubt(self) -> str:
        """Why it may not be taken now."""
        if self.counts:
            return "" if self.now else "typed as not taken now"
        return "not confirmed" if self.now else "not taken now"


@dataclass(frozen=True)
class Consent:
    version: str
    language: str
    at: datetime | None


@dataclass(frozen=True)
class ClinicalSummary:
    """One lead, ready to be read."""

    label: str | None
    told: str
    reasons: tuple[Reason, ...]
    safety: tuple[tuple[str, str], ...]
    scores: tuple[Score, ...]
    medicines: tuple[Medicine, ...]
    unrecognised: tuple[Medicine, ...]
    tried: tuple[Medicine, ...]
    contradictions: tuple[str, ...]
    missing: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    age: str
    state: str
    consent: Consent | None
    answered_at: datetime | None
    versions: tuple[tuple[str, str], ...]


def clinical_summary(lead: Lead, asked: Questionnaire | None) -> ClinicalSummary:
    """The summary of one lead.

    Args:
        asked: knows the short labels of the questions; without it some answers stand twice.
    """
    facts, triage = lead.clinical or {}, lead.triage or {}
    given = answers(lead.response)
    medicines = sorted(_medicines(facts, "medicines"), key=_by_weight)
    scores = tuple(_score(score) for score in facts.get("scores", ()))
    safety = tuple(_safety(given, asked))
    return ClinicalSummary(
        label=triage.get("label"),
        told=triage.get("text", ""),
        reasons=tuple(_reason(reason) for reason in triage.get("reasons") or ()),
        safety=safety,
        scores=scores,
        medicines=tuple(medicine for medicine in medicines if medicine.generic),
        unrecognised=tuple(medicine for medicine in medicines if not medicine.generic),
        tried=tuple(_medicines(facts, "tried")),
        contradictions=tuple(kept["text"] for kept in facts.get("kept_contradictions", ())),
        missing=tuple(facts.get("missing", ())),
        answers=tuple(_other_answers(lead, asked, scores, safety)),
        age=_words(given, "age"),
        state=_words(given, "state"),
        consent=_consent(facts),
        answered_at=_moment((lead.response or {}).get("authored")),
        versions=tuple(_versions(lead, facts)),
    )


def _reason(kept: Mapping[str, str] | str) -> Reason:
    if isinstance(kept, str):
        return Reason(kept)
    return Reason(kept["text"], kept.get("rule", ""), kept.get("code", ""))


def _safety(given: Mapping[str, Answer], asked: Questionnaire | None) -> Iterator[tuple[str, str]]:
    """Item 9 of the PHQ-9 and what was asked after it, unless it was "not at all".

    In full, as the visitor read them: short labels would leave room for doubt.
    """
    item_9 = given.get(ITEM_9)
    thought_of_it = item_9 is not None and NOT_AT_ALL not in item_9.values
    if not thought_of_it and not any(link_id in given for link_id in FOLLOW_UP):
        return
    for link_id in (ITEM_9, *FOLLOW_UP):
        if answer := given.get(link_id):
            yield answer.question, "; ".join(answer.words)
        elif item := asked and asked.item(link_id):
            yield item.text, NOT_ANSWERED


def _score(kept: Mapping[str, Any]) -> Score:
    return Score(
        label=kept["label"],
        total=kept["total"],
        band=kept["band"],
        answered=kept["answered"],
        of=kept["of"],
        items=tuple(
            ScoredItem(item["text"], item["answer"] or NOT_ANSWERED, item["points"])
            for item in kept["items"]
        ),
    )


def _medicines(facts: Mapping[str, Any], of: str) -> Iterator[Medicine]:
    for kept in facts.get(of, ()):
        yield Medicine(
            said=kept["said"],
            generic=kept["generic"],
            flag=kept["flag"],
            note=kept["note"],
            close=kept["close"],
            now=kept["now"],
            counts=kept["counts"],
        )


def _by_weight(medicine: Medicine) -> int:
    weighs = medicine.counts and medicine.flag in FLAGS
    return FLAGS.index(medicine.flag) if weighs else len(FLAGS)


def _other_answers(
    lead: Lead,
    asked: Questionnaire | None,
    scores: tuple[Score, ...],
    safety: tuple[tuple[str, str], ...],
) -> Iterator[tuple[str, str]]:
    """Every answer that is nowhere else on the page."""
    shown = {item.question for score in scores for item in score.items}
    shown |= {question for question, _ in safety}
    elsewhere = set(lead.contact)
    for question in asked.questions if asked else ():
        if question.item.link_id in SHOWN_ABOVE or question.item.text in shown:
            elsewhere.add(question.item.short)
    return ((label, words) for label, words in lead.summary if label not in elsewhere)


def _words(given: Mapping[str, Answer], link_id: str) -> str:
    answer = given.get(link_id)
    return "; ".join(answer.words) if answer else ""


def _consent(facts: Mapping[str, Any]) -> Consent | None:
    kept = facts.get("consent")
    if not kept:
        return None
    return Consent(kept["version"], kept["language"], _moment(kept["at"]))


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _versions(lead: Lead, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What this lead was sorted with: a name for people and the version of each file."""
    _, _, questionnaire = str((lead.response or {}).get("questionnaire", "")).rpartition("|")
    known = {
        "ruleset": facts.get("ruleset") or (lead.triage or {}).get("ruleset"),
        "questionnaire": facts.get("questionnaire") or questionnaire,
        "medicines": facts.get("medicine_list"),
    }
    return ((name, str(version)) for name, version in known.items() if version)
