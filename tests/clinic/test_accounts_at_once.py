"""What happens to accounts when two do it at the same time, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pyotp
import pytest
from sqlalchemy import Engine, delete, func, select

from clinic import invitations, passwords, second_factor, sign_in, team
from clinic.clock import now
from clinic.database import migrate, open_engine, transaction
from clinic.invitations import NoInvitation
from clinic.roles import Role
from clinic.second_factor import CodeRefused, TooManyCodes
from clinic.sign_in import SignInLocked, SignInRefused
from clinic.tables import Invitation, SignInTries, Staff
from clinic.team import LastAdmin
from tests.clinic.accounts import CHEAP, DESK, OWN_PASSWORD, member

AT_ONCE = 8


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    if request.param == "postgresql":
        yield request.getfixturevalue("postgres")
        return
    url = f"sqlite:///{tmp_path_factory.mktemp('at_once')}/clinic.db"
    migrate(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def empty(database: Engine) -> None:
    with transaction(database) as session:
        for table in (Invitation, SignInTries, Staff):
            session.execute(delete(table))


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """Begin all of them together; what each gave back, or the exception it ended with."""
    begin = threading.Barrier(len(deeds))
    ended: list[object] = [None] * len(deeds)

    def run(place: int) -> None:
        begin.wait()
        try:
            ended[place] = deeds[place]()
        except Exception as error:
            ended[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return ended


def id_of(database: Engine, username: str, role: Role = Role.STAFF) -> int:
    with transaction(database) as session:
        return member(session, username, role).id


def test_two_admins_who_demote_each_other_leave_one_admin(database: Engine) -> None:
    admins = [id_of(database, name, Role.ADMIN) for name in ("chris", "dora")]

    def demote(by: int, whom: int) -> None:
        with transaction(database) as session:
            someone = session.get_one(Staff, whom)
            team.change_role(session, someone, Role.STAFF, by=by)

    ended = at_once([lambda: demote(*admins), lambda: demote(*reversed(admins))])

    assert [type(one) for one in ended].count(LastAdmin) == 1, ended
    with transaction(database) as session:
        left = select(func.count()).select_from(Staff).where(Staff.role == Role.ADMIN)
        assert session.scalar(left) == 1


def test_two_admins_who_close_each_others_accounts_leave_one(database: Engine) -> None:
    admins = [id_of(database, name, Role.ADMIN) for name in ("chris", "dora")]

    def close(by: int, whom: int) -> None:
        with transaction(database) as session:
            team.deactivate(session, session.get_one(Staff, whom), by=by)

    ended = at_once([lambda: close(*admins), lambda: close(*reversed(admins))])

    assert [type(one) for one in ended].count(LastAdmin) == 1, ended


def with_second_factor(database: Engine) -> tuple[int, str, list[str]]:
    """Somebody's id, the code that their app shows, and their recovery codes."""
    with transaction(database) as session:
        amira = member(session)
        second_factor.begin(session, amira)
        amira.totp_confirmed_at = now()
        codes = second_factor.new_recovery_codes(session, amira)
        session.flush()
        return amira.id, pyotp.TOTP(amira.totp_secret or "").at(now()), codes


def prove(database: Engine, staff_id: int, code: str) -> object:
    with transaction(database) as session:
        try:
            return second_factor.prove(session, session.get_one(Staff, staff_id), code, DESK)
        except CodeRefused as refused:
            return refused


@pytest.mark.parametrize("kind", ["app", "recovery_code"])
def test_one_code_sent_many_times_at_once_opens_the_door_once(database: Engine, kind: str) -> None:
    staff_id, code, recovery_codes = with_second_factor(database)
    sent = code if kind == "app" else recovery_codes[0]

    ended = at_once([lambda: prove(database, staff_id, sent)] * 4)

    assert ended.count(kind) == 1, ended


def test_of_many_wrong_codes_at_once_five_are_judged(database: Engine) -> None:
    staff_id, _, _ = with_second_factor(database)

    ended = at_once([lambda: prove(database, staff_id, "000000")] * AT_ONCE)

    assert [type(one) for one in ended].count(TooManyCodes) == AT_ONCE - 5, ended


def test_of_many_wrong_passwords_at_once_five_are_judged(database: Engine) -> None:
    id_of(database, "amira")
    with transaction(database) as session:
        known = sign_in.password_hash_of(session, "amira")
    proof = passwords.compare(known, "a guess")

    def guess() -> object:
        with transaction(database) as session:
            try:
                return sign_in.sign_in(session, "amira", proof, DESK)
            except SignInRefused as refused:
                return refused

    ended = at_once([guess] * AT_ONCE)

    assert [type(one) for one in ended].count(SignInLocked) == AT_ONCE - 5, ended


def test_one_invitation_used_twice_at_once_makes_one_account(database: Engine) -> None:
    with transaction(database) as session:
        token = invitations.invite(session, "dora", Role.STAFF)

    def join() -> object:
        with transaction(database) as session:
            return invitations.accept(session, token, OWN_PASSWORD).username

    ended = at_once([join] * 3)

    assert ended.count("dora") == 1, ended
    assert [type(one) for one in ended].count(NoInvitation) == 2, ended
