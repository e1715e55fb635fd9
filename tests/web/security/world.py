"""A clinic on an ordinary day in one database, and a signed-in browser for everybody in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from clinic import conversations, handoffs, invitations, leads, second_factor, staff_sessions
from clinic.clock import now
from clinic.database import migrate, open_engine, transaction
from clinic.roles import Role
from clinic.tables import Lead, Notice, NoticeChannel, SavedView, Staff, UnansweredMessage
from tests import console_world

STRANGER = "stranger"
HALF = "half"
"""Has given the password, and not the code."""
ONE_TIME = "one_time"
"""Has a one-time password, and has not chosen their own."""
PEOPLE = (STRANGER, HALF, ONE_TIME, "staff", "clinician", "admin")


@dataclass
class World:
    """`tokens` and `csrf` by person, as in PEOPLE; `ids` by the name of a part of an address;
    `key` opens a visitor's conversation.
    """

    tokens: dict[str, str] = field(default_factory=dict)
    csrf: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    key: str = field(default_factory=conversations.new_token)

    def filled(self, address: str) -> str:
        """The address with ids of records that are there."""
        return address.format_map(self.ids)


def build(url: str) -> World:
    migrate(url)
    world = World()
    engine = open_engine(url)
    with transaction(engine) as session:
        made = console_world.fill(session)
        conversations.open_conversation(session, conversations.id_of(world.key))
        members = {role: _member(session, f"the-{role}", role) for role in Role}
        world.ids = _ids(session, made[1].id, made[5].id, members)
        for name in PEOPLE:
            _sign_in(session, world, name, members)
    engine.dispose()
    return world


def sign_in_again(session: Session, world: World) -> None:
    """Give the admin a new session, for tests that may have ended the last one."""
    admin = session.query(Staff).filter_by(username="the-admin").one()
    world.tokens["admin"], opened = staff_sessions.open_session(session, admin)
    world.csrf["admin"] = opened.csrf_token


def _member(session: Session, username: str, role: Role) -> Staff:
    member = Staff(
        username=username, role=role, password_hash="no password", must_change_password=False
    )
    session.add(member)
    session.flush()
    return member


def _sign_in(session: Session, world: World, name: str, members: dict[Role, Staff]) -> None:
    if name == STRANGER:
        return
    member = members.get(Role(name)) if name in list(Role) else None
    if member is None:
        # They could do everything, were they all the way in.
        member = _member(session, f"the-{name}", Role.ADMIN)
        member.must_change_password = name == ONE_TIME
    if name == HALF:
        second_factor.begin(session, member)
        member.totp_confirmed_at = now()
    token, opened = staff_sessions.open_session(session, member, needs_second_factor=name == HALF)
    world.tokens[name], world.csrf[name] = token, opened.csrf_token


def _ids(
    session: Session, lead_id: str, other_id: str, members: dict[Role, Staff]
) -> dict[str, str]:
    colleague = _member(session, "colleague", Role.STAFF)
    _, opened = staff_sessions.open_session(session, colleague)
    leads.add_note(session, session.get_one(Lead, lead_id), "a note", staff_id=colleague.id)
    invitations.invite(session, "newcomer", Role.STAFF, by=members[Role.ADMIN].id)
    (invitation,) = invitations.open_ones(session)
    handoff = handoffs.ask(session, "world-1")
    # Nothing is sent there: it is an address of this machine, which a channel may not have.
    channel = NoticeChannel(name="Front desk", url="json://127.0.0.1:9", kinds=["crisis"])
    view = SavedView(staff_id=members[Role.STAFF].id, name="Mine", filters={})
    question = UnansweredMessage(
        conversation_id="world-1", message_key="k", reason="not_understood", nearest=[], text="why"
    )
    session.add_all([channel, view, question])
    session.flush()
    notice = session.query(Notice).first()
    return {
        "of_version": "none",
        "file_name": "start.js",
        "lead_id": lead_id,
        "other_id": other_id,
        "event_id": "1",
        "staff_id": str(colleague.id),
        "session_id": opened.id,
        "token_hash": invitation.token_hash,
        "handoff_id": str(handoff.id),
        "channel_id": str(channel.id),
        "view_id": str(view.id),
        "notice_id": str(notice.id if notice else 1),
        "target": "0" * 64,
        "message_id": str(question.id),
        "name": "conversations",
    }
