"""Consent: who agreed to which words, when and in which language. Written before any answer."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.screening.items import Item
from clinic.screening.questionnaire import Questionnaire
from clinic.tables import Consent

_LATEST = (
    select(Consent)
    .where(
        Consent.conversation_id == bindparam("conversation_id"),
        Consent.questionnaire == bindparam("name"),
    )
    .order_by(Consent.id.desc())
    .limit(1)
)


def latest(session: Session, conversation_id: str, name: str) -> Consent | None:
    """What this visitor agreed to last, for this questionnaire."""
    return session.scalar(_LATEST, {"conversation_id": conversation_id, "name": name})


def covers(consent: Consent | None, questionnaire: Questionnaire) -> bool:
    """Whether a consent was given to exactly the words that are shown today."""
    asked = questionnaire.consent
    if consent is None or asked is None:
        return False
    return (consent.version, consent.text) == (asked.text_version, asked.text)


def give(session: Session, conversation_id: str, name: str, questionnaire: Questionnaire) -> None:
    """Write down that the visitor agreed just now, in the caller's transaction."""
    asked = _asked(questionnaire)
    session.add(
        Consent(
            conversation_id=conversation_id,
            questionnaire=name,
            version=asked.text_version or "",
            language=questionnaire.language,
            text=asked.text,
        )
    )
    subject = f"conversation:{conversation_id}"
    audit.record(session, actor="visitor", action="consent.given", subject=subject)


def erase(session: Session, conversation_id: str, name: str | None = None) -> None:
    """Forget that there was a consent, with all that it allowed."""
    forgotten = delete(Consent).where(Consent.conversation_id == conversation_id)
    if name is not None:
        forgotten = forgotten.where(Consent.questionnaire == name)
    session.execute(forgotten)


def _asked(questionnaire: Questionnaire) -> Item:
    if questionnaire.consent is None:
        raise ValueError(f"questionnaire '{questionnaire.id}' asks for no consent")
    return questionnaire.consent
