"""Find leads by a phone number, an e-mail address or a name, although all of them are encrypted.

Beside each lead stand keyed hashes of what it may be found by (clinic/search_terms.py). What staff
type is hashed in the same way and compared; the database never sees a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, insert, select
from sqlalchemy.orm import Session, load_only
from sqlalchemy.orm.attributes import flag_modified

from clinic import audit, lead_merge, lead_origin, search_terms
from clinic.inbox_pages import IN_A_LIST
from clinic.lead_statuses import TO_DO
from clinic.search_terms import Search, Try
from clinic.tables import Lead, LeadTerm

SHOWN = 50
"""Whoever finds more than these types another letter."""

CANDIDATES = 500
"""How many leads with the same beginning of a name are looked through."""

BATCH = 500

_READ = load_only(
    Lead.conversation_id,
    Lead.name,
    Lead.phone,
    Lead.email,
    Lead.state,
    Lead.source,
    Lead.response,
    Lead.updated_at,
)


@dataclass(frozen=True)
class Found:
    """Leads that fit, the surest first.

    `is_enough`: something was typed that can be looked for. `more`: others fit, too.
    """

    leads: list[Lead]
    more: bool
    is_enough: bool


def index(session: Session, lead: Lead) -> None:
    """Make the lead be found by what it says now, and by nothing else."""
    session.flush()  # gives the lead its id, and lets whoever changes the same lead wait
    _write_terms(session, [lead])


def forget(session: Session, lead: Lead) -> None:
    """Nobody finds it any more."""
    session.execute(delete(LeadTerm).where(LeadTerm.lead_id == lead.id))


def find(session: Session, words: str, *, staff_id: int) -> Found:
    """Leads with this phone number, e-mail address, name or beginning of a last name.

    One that was merged into another is found as that other. That somebody searched is audited,
    for what they did is not.
    """
    search = search_terms.search_for(words)
    if not search.tries:
        return Found([], more=False, is_enough=False)
    audit.record(
        session,
        actor=f"staff:{staff_id}",
        action="leads.searched",
        subject="leads:all",
        detail=search.kind,
    )
    return _found(session, search)


def same_person(session: Session, lead: Lead) -> list[Lead]:
    """Other leads with the same phone number or e-mail address, oldest first."""
    terms = search_terms.contact_terms(lead.phone, lead.email)
    with_a_term = select(LeadTerm.lead_id).where(LeadTerm.term.in_(terms))
    query = select(Lead).where(
        Lead.id.in_(with_a_term),
        Lead.id != lead.id,
        Lead.merged_into.is_(None),
        Lead.erased_at.is_(None),
    )
    return list(session.scalars(query.order_by(Lead.created_at, Lead.id).limit(SHOWN)))


def index_batch(session: Session, *, after: str, only_missing: bool) -> list[str]:
    """Make the terms of the next leads anew; returns their ids, empty at the end."""
    query = select(Lead).options(_READ).where(Lead.id > after, Lead.erased_at.is_(None))
    if only_missing:
        query = query.where(_has_no_terms())
    # Whoever changes one of them meanwhile waits, or their terms would be the old ones.
    query = query.order_by(Lead.id).limit(BATCH).with_for_update()
    leads = list(session.scalars(query))
    for lead in leads:
        lead_origin.fill_in(session, lead)
        flag_modified(lead, "updated_at")  # stays as it is: nothing new was said
    _write_terms(session, leads)
    return [lead.id for lead in leads]


def _has_no_terms() -> ColumnElement[bool]:
    return ~exists().where(LeadTerm.lead_id == Lead.id)


def _write_terms(session: Session, leads: Sequence[Lead]) -> None:
    session.execute(delete(LeadTerm).where(LeadTerm.lead_id.in_([lead.id for lead in leads])))
    rows = [
        {"term": term, "lead_id": lead.id}
        for lead in leads
        for term in search_terms.terms_of(lead.name, lead.phone, lead.email)
    ]
    if rows:
        session.execute(insert(LeadTerm), rows)


def _found(session: Session, search: Search) -> Found:
    found: dict[str, Lead] = {}
    more = False
    for one in search.tries:
        ids, cut_off = _candidates(session, one)
        found |= {lead.id: lead for lead in _shown(session, ids) if lead.id not in found}
        more = more or cut_off
        if len(found) > SHOWN:
            return Found(list(found.values())[:SHOWN], more=True, is_enough=True)
    return Found(list(found.values()), more, is_enough=True)


def _candidates(session: Session, one: Try) -> tuple[Sequence[str], bool]:
    """The ids of leads with this term, and whether there are others that were not looked at."""
    with_term = select(LeadTerm.lead_id).where(LeadTerm.term == one.term)
    ids = session.scalars(with_term.limit(CANDIDATES + 1)).all()
    cut_off = len(ids) > CANDIDATES
    ids = ids[:CANDIDATES]
    if one.names:
        named = session.execute(select(Lead.id, Lead.name).where(Lead.id.in_(ids))).tuples()
        ids = [lead_id for lead_id, name in named if _fits(one.names, name)]
    return ids, cut_off


def _shown(session: Session, ids: Sequence[str]) -> list[Lead]:
    """Those that wait first, then the newest."""
    query = select(Lead).options(IN_A_LIST).where(Lead.id.in_(ids))
    query = query.order_by(Lead.status.in_(TO_DO).desc(), Lead.created_at.desc(), Lead.id)
    return _as_shown(session, session.scalars(query.limit(SHOWN + 1)))


def _as_shown(session: Session, leads: Iterable[Lead]) -> list[Lead]:
    """In place of a lead that was merged, the one that stayed; erased ones are gone."""
    stayed = [lead_merge.stays(session, lead) for lead in leads]
    return list({lead.id: lead for lead in stayed if lead.erased_at is None}.values())


def _fits(meant: Sequence[str], name: str) -> bool:
    """Whether each word that was typed begins a word of the name, or the words run together."""
    words = search_terms.name_words(name)
    joined = "".join(words)
    return all(any(word.startswith(each) for word in words) or each in joined for each in meant)
