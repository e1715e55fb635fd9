"""A copy goes to a mailbox only after its code came back, and no code can be guessed or read."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import conversations, erasure, visitor_mail, visitor_mail_queue
from clinic.clock import now
from clinic.conversations import ConversationErased
from clinic.database import engine
from clinic.settings import SettingsError, settings
from clinic.tables import AuditEntry, VisitorMail
from clinic.visitor_mail import Answer
from tests.clinic.whole_person import where_it_can_be_read

C = "a-conversation"
ANN = "ann@example.org"


@pytest.fixture(autouse=True)
def said(session: Session) -> None:
    say(session, C)


def say(session: Session, conversation_id: str) -> None:
    conversations.add_message(
        session, conversation_id, sender="visitor", key="k", content={"text": "hi"}
    )


def ask(session: Session, address: str = ANN) -> str:
    """Ask for a code; returns it, as the mail would bring it."""
    visitor_mail.ask(session, C, address)
    session.flush()
    return visitor_mail.code_of(newest(session).nonce)


def newest(session: Session) -> VisitorMail:
    found = select(VisitorMail).order_by(VisitorMail.id.desc()).limit(1)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(VisitorMail)) or 0


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def it_is(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> datetime:
    moment = now() + later
    for module in ("visitor_mail", "visitor_mail_queue"):
        monkeypatch.setattr(f"clinic.{module}.now", lambda: moment)
    return moment


def test_the_right_code_queues_the_copy(session: Session) -> None:
    code = ask(session)

    assert visitor_mail.confirm(session, C, code) is Answer.RIGHT

    assert newest(session).confirmed_at is not None
    asked = select(AuditEntry.actor).where(AuditEntry.action == "conversation.copy_asked")
    assert session.scalars(asked).all() == ["visitor"]


def test_a_code_is_six_digits_and_may_be_typed_with_a_space(session: Session) -> None:
    code = ask(session)

    assert len(code) == 6
    assert code.isdecimal()
    assert visitor_mail.confirm(session, C, f" {code[:3]} {code[3:]}") is Answer.RIGHT


@pytest.mark.parametrize("typed", ["", "x", "12345", "1234567", "١٢٣٤٥٦", "\ud83d"])
def test_what_is_no_code_is_a_wrong_one(session: Session, typed: str) -> None:
    ask(session)

    assert visitor_mail.confirm(session, C, typed) is Answer.WRONG


def test_after_five_tries_the_right_code_is_worth_nothing(session: Session) -> None:
    code = ask(session)

    answers = [visitor_mail.confirm(session, C, wrong(code)) for _ in range(5)]

    assert answers == [Answer.WRONG] * 4 + [Answer.OVER]
    assert visitor_mail.confirm(session, C, code) is Answer.OVER
    assert newest(session).confirmed_at is None


def test_after_ten_minutes_it_is_worth_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ask(session)
    it_is(monkeypatch, timedelta(minutes=10, seconds=1))

    assert visitor_mail.confirm(session, C, code) is Answer.OVER


def test_a_new_code_makes_the_one_before_worthless(session: Session) -> None:
    first = ask(session)
    second = ask(session, "ann.other@example.org")

    assert how_many(session) == 1
    if first != second:  # once in a million they are the same
        assert visitor_mail.confirm(session, C, first) is Answer.WRONG
    assert visitor_mail.confirm(session, C, second) is Answer.RIGHT
    assert newest(session).address == "ann.other@example.org"


def test_the_code_of_another_conversation_opens_nothing(session: Session) -> None:
    code = ask(session)
    say(session, "other")

    assert visitor_mail.confirm(session, "other", code) is Answer.OVER


def test_the_right_code_twice_is_one_copy(session: Session) -> None:
    code = ask(session)
    visitor_mail.confirm(session, C, code)
    first = newest(session).confirmed_at

    assert visitor_mail.confirm(session, C, code) is Answer.RIGHT

    assert how_many(session) == 1
    assert newest(session).confirmed_at == first


def sent_copy(session: Session) -> tuple[str, visitor_mail_queue.Letter]:
    """A copy that a mail server took, and the code that was entered for it."""
    code = ask(session)
    visitor_mail.confirm(session, C, code)
    mail_id = visitor_mail_queue.claim(session)
    assert mail_id is not None
    letter = visitor_mail_queue.letter(session, mail_id)
    assert letter is not None
    visitor_mail_queue.was_sent(session, letter)
    session.expire_all()
    return code, letter


def test_of_a_copy_that_was_sent_the_address_goes_at_once(session: Session) -> None:
    sent_copy(session)

    assert newest(session).address == ""


def test_the_right_code_again_after_the_copy_was_sent_is_right_and_sends_nothing(
    session: Session,
) -> None:
    code, _ = sent_copy(session)

    assert visitor_mail.confirm(session, C, code) is Answer.RIGHT

    assert visitor_mail_queue.claim(session) is None


def test_of_a_copy_that_was_sent_nothing_is_left_when_its_code_is_over(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_copy(session)
    it_is(monkeypatch, timedelta(days=2))
    assert visitor_mail_queue.is_any_over(session)

    visitor_mail_queue.tidy(session)

    assert how_many(session) == 0
    told = select(AuditEntry.action).where(AuditEntry.actor == "system")
    assert session.scalars(told).all() == ["conversation.copy_mailed"]


def test_who_comes_too_late_with_a_copy_that_another_has_sent_changes_nothing(
    session: Session,
) -> None:
    _, letter = sent_copy(session)

    visitor_mail_queue.has_failed(session, letter, "TimeoutError")
    visitor_mail_queue.was_sent(session, letter)
    visitor_mail_queue.drop(session, letter.mail_id)

    assert visitor_mail_queue.letter(session, letter.mail_id) is None
    assert (newest(session).due_at, newest(session).error) == (None, None)
    told = select(AuditEntry.action).where(AuditEntry.actor == "system")
    assert session.scalars(told).all() == ["conversation.copy_mailed"]


def test_wrong_codes_after_the_right_one_are_still_wrong(session: Session) -> None:
    code, _ = sent_copy(session)

    answers = {visitor_mail.confirm(session, C, wrong(code)) for _ in range(6)}

    assert Answer.RIGHT not in answers
    assert visitor_mail.confirm(session, C, code) is Answer.RIGHT


def test_a_copy_on_its_way_is_not_lost_when_another_is_asked_for(session: Session) -> None:
    visitor_mail.confirm(session, C, ask(session))

    ask(session, "second@example.org")

    assert how_many(session) == 2


def test_neither_code_nor_address_can_be_read_without_the_keys(session: Session) -> None:
    code = ask(session)
    session.commit()

    with engine().connect() as connection:
        assert where_it_can_be_read(connection, code) == set()
        (row,) = connection.exec_driver_sql("SELECT * FROM visitor_mails").all()
    assert ANN not in str(row)
    assert code not in str(row)


def test_with_another_key_the_same_row_has_another_code(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    nonces = [bytes([number]) * 16 for number in range(5)]
    before = [visitor_mail.code_of(nonce) for nonce in nonces]
    monkeypatch.setattr(visitor_mail, "derived_key", lambda purpose: b"another key")

    assert [visitor_mail.code_of(nonce) for nonce in nonces] != before


def test_where_nothing_is_kept_no_code_is_sent(session: Session) -> None:
    conversations.open_conversation(session, "silent")

    with pytest.raises(visitor_mail.NothingKept):
        visitor_mail.ask(session, "silent", ANN)

    assert how_many(session) == 0


def test_what_was_erased_gets_no_mail(session: Session) -> None:
    ask(session)
    visitor_mail.confirm(session, C, ask(session, "second@example.org"))

    erasure.erase_conversation(session, C)

    assert how_many(session) == 0
    with pytest.raises(ConversationErased):
        visitor_mail.ask(session, C, ANN)


def test_delete_my_answers_drops_what_waits_to_be_mailed(session: Session) -> None:
    visitor_mail.confirm(session, C, ask(session))

    conversations.forget(session, C)

    assert how_many(session) == 0


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ann@example.org", "ann@example.org"),
        (" Ann.Lee+chat@Example.ORG ", "Ann.Lee+chat@example.org"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_written_in_one_way(typed: str, address: str) -> None:
    assert visitor_mail.cleaned_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "ann@example",
        "ann@localhost",
        "ann@127.0.0.1",
        "ann@example.org, bo@example.org",
        "ann@example.org\nBcc: bo@example.org",
        "Ann <ann@example.org>",
        "ännn@example.org",
        "\ud83d@example.org",
        "a" * 300 + "@example.org",
    ],
)
def test_what_is_not_exactly_one_address_is_refused(typed: str) -> None:
    with pytest.raises(visitor_mail.NoAddress):
        visitor_mail.cleaned_address(typed)


def test_a_mailbox_is_counted_without_being_named() -> None:
    counted = visitor_mail.counted_as("Ann@example.org")

    assert counted == visitor_mail.counted_as("ann@example.org")
    assert "ann" not in counted


@pytest.mark.parametrize(("tagged", "is_same"), [("ann+chat", True), ("bo+ann", False)])
def test_what_stands_behind_a_plus_makes_no_other_mailbox(tagged: str, is_same: bool) -> None:
    counted = visitor_mail.counted_as(f"{tagged}@example.org")

    assert (counted == visitor_mail.counted_as(ANN)) is is_same


def test_a_name_that_begins_with_a_plus_is_counted_as_it_is() -> None:
    first, second = (visitor_mail.counted_as(f"+{name}@example.org") for name in ("ann", "bo"))

    assert first != second


@pytest.mark.parametrize("later", [timedelta(minutes=9), timedelta(minutes=11)])
def test_a_code_that_is_over_goes_with_its_address(
    session: Session, monkeypatch: pytest.MonkeyPatch, later: timedelta
) -> None:
    ask(session)
    it_is(monkeypatch, later)

    visitor_mail_queue.tidy(session)

    assert how_many(session) == (later < visitor_mail.CODE_LASTS)


@pytest.mark.parametrize("later", [timedelta(hours=23), timedelta(hours=25)])
def test_a_copy_that_no_server_takes_is_given_up_after_a_day(
    session: Session, monkeypatch: pytest.MonkeyPatch, later: timedelta
) -> None:
    visitor_mail.confirm(session, C, ask(session))
    it_is(monkeypatch, later)

    visitor_mail_queue.tidy(session)

    given_up = select(AuditEntry.actor).where(AuditEntry.action == "conversation.copy_given_up")
    if later < visitor_mail_queue.GIVEN_UP_AFTER:
        assert how_many(session) == 1
        assert session.scalars(given_up).all() == []
    else:
        assert how_many(session) == 0
        assert session.scalars(given_up).all() == ["system"]


def test_each_mail_is_claimed_by_one_codes_first(session: Session) -> None:
    visitor_mail.confirm(session, C, ask(session))
    copy = newest(session).id
    ask(session, "second@example.org")
    code = newest(session).id

    assert [visitor_mail_queue.claim(session) for _ in range(3)] == [code, copy, None]


def test_who_died_with_a_mail_in_hand_holds_it_up_for_five_minutes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(session)
    claimed = visitor_mail_queue.claim(session)

    it_is(monkeypatch, timedelta(minutes=5, seconds=1))

    assert visitor_mail_queue.claim(session) == claimed


def test_a_code_that_was_confirmed_while_it_was_sent_does_not_lose_its_copy(
    session: Session,
) -> None:
    code = ask(session)
    mail_id = visitor_mail_queue.claim(session)
    assert mail_id is not None
    letter = visitor_mail_queue.letter(session, mail_id)
    assert letter is not None
    visitor_mail.confirm(session, C, code)

    visitor_mail_queue.was_sent(session, letter)
    visitor_mail_queue.has_failed(session, letter, "TimeoutError")

    assert visitor_mail_queue.claim(session) == mail_id


def test_an_erased_mail_is_not_sent_even_if_it_was_claimed(session: Session) -> None:
    visitor_mail.confirm(session, C, ask(session))
    mail_id = visitor_mail_queue.claim(session)
    assert mail_id is not None

    erasure.erase_conversation(session, C)

    assert visitor_mail_queue.letter(session, mail_id) is None


@pytest.mark.parametrize(
    "wrong_setting",
    ["s3cret", "https://s3cret.example.org", "mailtos://u:s3cret@smtp.example.org",
     "mailtos://?from=s3cret@clinic.example", "mailtos://u:s3cret@mail:x?from=a@b.example"],
)  # fmt: skip
def test_a_mail_server_that_cannot_be_one_stops_the_start_without_saying_a_secret(
    monkeypatch: pytest.MonkeyPatch, wrong_setting: str
) -> None:
    monkeypatch.setenv("CLINIC_VISITOR_MAIL", wrong_setting)
    settings.cache_clear()

    with pytest.raises(SettingsError, match="CLINIC_VISITOR_MAIL is wrong") as raised:
        settings()

    settings.cache_clear()
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("setting", ["", "mailtos://u:p%40ss@smtp.example.org?from=a@b.example"])
def test_it_is_offered_where_there_is_a_mail_server(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("CLINIC_VISITOR_MAIL", setting)
    settings.cache_clear()

    assert visitor_mail.is_possible() is bool(setting)
