"""Visitors take their conversation with them, have it mailed, and delete it. Nobody else does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from clinic import conversations, handoffs, leads, notice_post, visitor_deletion
from clinic.database import transaction
from clinic.facts import facts
from clinic.settings import settings
from clinic.tables import AuditEntry, Erasure, Handoff, Message, VisitorMail
from tests.clinic.screened import screened
from tests.receivers import Mailbox, mail_server
from tests.web.visitor.conftest import URL, FakeRasa, Visitor
from web import limits, visitor_mail_round
from web.limits import CODES_FROM_ONE_PLACE_PER_HOUR, CODES_PER_HOUR
from web.visitor.texts import texts
from web.visitor_mail_round import send_due

TEXT = "/api/conversation.txt"
CHAT = "/api/conversation"
MAIL = "/api/conversation/email"
CODE = "/api/conversation/email/code"
ANN = "ann@example.org"
SECRET = "my umbrella is green"


@pytest.fixture(autouse=True)
def mailbox(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[Mailbox]:
    """The clinic's mail server. Here a test says when a round is done."""
    monkeypatch.setattr(visitor_mail_round, "SECONDS_BETWEEN_ROUNDS", 3600)
    monkeypatch.setattr(notice_post, "SECONDS_TO_ANSWER", 0.5)
    with mail_server() as box:
        server = f"mailto://127.0.0.1:{box.port}?from=desk@clinic.example&mode=insecure"
        monkeypatch.setenv("CLINIC_VISITOR_MAIL", server)
        settings.cache_clear()
        yield box
    settings.cache_clear()


@pytest.fixture
def talker(visitor: Visitor, mailbox: Mailbox) -> Visitor:
    """A visitor who has said something."""
    visitor.say(SECRET)
    return visitor


def id_of(visitor: Visitor) -> str:
    return conversations.id_of(visitor.key)


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


def mail(visitor: Visitor, address: str = ANN) -> httpx.Response:
    answer: httpx.Response = visitor.http.post(MAIL, json={"address": address})
    return answer


def enter(visitor: Visitor, code: str) -> httpx.Response:
    answer: httpx.Response = visitor.http.post(CODE, json={"code": code})
    return answer


def delete(visitor: Visitor) -> httpx.Response:
    answer: httpx.Response = visitor.http.delete(CHAT)
    return answer


def mailed_code(mailbox: Mailbox) -> str:
    send_due()
    found = re.search(r"\b\d{6}\b", mailbox.mails[-1])
    assert found is not None
    return found[0]


def sent_to_staff(visitor: Visitor) -> None:
    with transaction() as session:
        leads.save_lead(session, screened(conversation_id=id_of(visitor)))


def test_the_conversation_comes_as_a_text_to_read(talker: Visitor) -> None:
    answer = talker.http.get(TEXT)

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert f"  {SECRET}\n" in answer.text
    assert "  Hello.\n" in answer.text


def test_it_is_saved_and_never_cached(talker: Visitor) -> None:
    headers = talker.http.get(TEXT).headers

    assert headers["content-disposition"] == 'attachment; filename="my-conversation.txt"'
    assert headers["cache-control"] == "no-store"


def test_where_nothing_was_said_that_is_told_kindly(visitor: Visitor) -> None:
    answer = visitor.http.get(TEXT)

    assert (answer.status_code, code_of(answer)) == (404, "nothing_kept")
    assert facts().phone in answer.json()["error"]["message"]


@pytest.mark.parametrize("key", [None, "made-up"])
def test_a_made_up_key_opens_and_deletes_nothing(talker: Visitor, key: str | None) -> None:
    mine = talker.key
    talker.use(key)

    answers = [talker.http.get(TEXT), delete(talker), mail(talker), enter(talker, "123456")]

    assert [answer.status_code for answer in answers] == [404, 409, 409, 409]
    talker.use(mine)
    assert SECRET in talker.http.get(TEXT).text


def test_the_conversations_id_is_no_key(talker: Visitor) -> None:
    mine = talker.key
    talker.use(id_of(talker))

    assert delete(talker).status_code == 409

    talker.use(mine)
    assert SECRET in talker.http.get(TEXT).text


def test_another_sites_page_can_do_nothing(talker: Visitor) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}

    for method, path in (("GET", TEXT), ("DELETE", CHAT), ("POST", MAIL), ("POST", CODE)):
        assert talker.http.request(method, path, headers=elsewhere).status_code == 403
    assert SECRET in talker.http.get(TEXT).text


def test_too_many_downloads_are_refused_and_the_visitor_can_still_write(
    talker: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_MESSAGES_PER_MINUTE", "2")
    settings.cache_clear()

    answers = [talker.http.get(TEXT) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "988" in answers[-1].json()["error"]["message"]
    assert talker.say("hello", key="key-0002").status_code == 200


def test_what_is_deleted_is_gone_and_the_key_opens_nothing(talker: Visitor) -> None:
    before = talker.key

    answer = delete(talker)

    assert answer.json() == {"deleted": True, "kept_with_staff": False, "phone": facts().phone}
    assert talker.http.get("/api/handoff").status_code == 409
    assert talker.http.get(TEXT).status_code == 404
    assert talker.say("hello?", key="key-0002").status_code == 409
    assert talker.transcript() == []
    assert talker.key != before


def test_the_assistant_has_to_forget_it_and_the_log_says_who_wanted_it(talker: Visitor) -> None:
    conversation_id = id_of(talker)
    delete(talker)

    with transaction() as session:
        assert session.get(Erasure, conversation_id) is not None
        erased = select(AuditEntry.actor).where(AuditEntry.action == "conversation.erased")
        assert session.scalars(erased).all() == ["visitor"]


def test_a_request_stays_with_staff_and_the_visitor_is_told_whom_to_call(talker: Visitor) -> None:
    sent_to_staff(talker)

    answer = delete(talker).json()

    assert (answer["deleted"], answer["kept_with_staff"]) == (True, True)
    assert answer["phone"] == facts().phone
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0


@pytest.mark.parametrize("with_request", [False, True])
def test_deleting_twice_is_answered_twice_alike(talker: Visitor, with_request: bool) -> None:
    if with_request:
        sent_to_staff(talker)

    first, second = delete(talker), delete(talker)

    assert second.status_code == 200
    assert first.json() == second.json()


def counted() -> set[str]:
    """What the limits have a count of."""
    return set(limits.limiter().storage.events)


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", CHAT), ("GET", TEXT), ("POST", "/api/feedback/question")]
)
def test_keys_of_anybodys_own_making_fill_no_memory(
    talker: Visitor, method: str, path: str
) -> None:
    def ask(number: int) -> None:
        talker.use(f"made-up-{number}")
        talker.http.request(method, path)

    ask(0)
    before = counted()
    for number in range(1, 5):
        ask(number)

    assert counted() == before


def test_who_tries_many_unknown_keys_has_to_wait_and_others_can_still_delete(
    talker: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNKNOWN_KEYS_PER_MINUTE", 2)
    mine = talker.key
    answers = []
    for number in range(3):
        talker.use(f"made-up-{number}")
        answers.append(delete(talker))
    talker.use(mine)

    assert [code_of(answer) for answer in answers] == ["no_conversation"] * 2 + ["too_many"]
    assert "988" in answers[-1].json()["error"]["message"]
    assert delete(talker).status_code == 200


def test_a_person_who_writes_here_is_let_go(talker: Visitor) -> None:
    with transaction() as session:
        handoffs.ask(session, id_of(talker))

    delete(talker)

    with transaction() as session:
        assert session.scalar(select(Handoff.id).where(Handoff.ended_at.is_(None))) is None


@pytest.mark.parametrize("how", ["not a database", "no such place"])
def test_without_the_database_all_of_it_says_so_and_names_help(
    talker: Visitor, break_database: Callable[[str], None], how: str
) -> None:
    break_database(how)

    answers = [talker.http.get(TEXT), delete(talker), mail(talker), enter(talker, "123456")]

    assert [answer.status_code for answer in answers] == [503] * 4
    for answer in answers:
        assert "988" in answer.json()["error"]["message"]
    assert "nothing was deleted" in answers[1].json()["error"]["message"]


def test_if_deleting_fails_half_way_nothing_is_deleted(
    talker: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(SECRET)

    monkeypatch.setattr("clinic.erasure._cut_loose", fail)

    answer = delete(talker)

    assert (answer.status_code, code_of(answer)) == (503, "not_deleted")
    assert SECRET not in answer.text
    assert SECRET in talker.http.get(TEXT).text


def test_an_answer_that_comes_after_it_was_deleted_is_written_nowhere(
    talker: Visitor, rasa: FakeRasa
) -> None:
    """The visitor presses delete in one window while the other one waits for an answer."""
    answered = rasa.__call__

    def delete_meanwhile(request: httpx.Request) -> httpx.Response:
        with transaction() as session:
            visitor_deletion.delete(session, id_of(talker))
        return answered(request)

    transport = httpx.MockTransport(delete_meanwhile)
    talker.http.app.state.client = httpx.AsyncClient(transport=transport)  # type: ignore[attr-defined]

    assert talker.say("and now?", key="key-0002").status_code == 200

    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_with_the_code_the_conversation_is_mailed_to_that_mailbox(
    talker: Visitor, mailbox: Mailbox
) -> None:
    asked = mail(talker)
    confirmed = enter(talker, mailed_code(mailbox))
    send_due()

    assert (asked.status_code, asked.json()) == (202, {"minutes": 10})
    assert (confirmed.status_code, confirmed.json()) == (202, {"queued": True})
    assert mailbox.recipients == [[ANN], [ANN]]
    assert SECRET in mailbox.files[0]


def test_without_the_code_nothing_of_it_leaves(talker: Visitor, mailbox: Mailbox) -> None:
    mail(talker)
    right = mailed_code(mailbox)
    wrong = f"{(int(right) + 1) % 10**6:06d}"

    answers = [enter(talker, wrong) for _ in range(6)]
    send_due()

    assert [code_of(answer) for answer in answers] == ["wrong_code"] * 4 + ["code_expired"] * 2
    assert [answer.status_code for answer in answers] == [422] * 4 + [410] * 2
    assert code_of(enter(talker, right)) == "code_expired"
    assert mailbox.files == []


@pytest.mark.parametrize("wrong_before", [0, 4])
@pytest.mark.parametrize("is_sent", [False, True])
def test_the_right_code_again_is_answered_as_it_was_and_mails_nothing_more(
    talker: Visitor, mailbox: Mailbox, is_sent: bool, wrong_before: int
) -> None:
    """As when the answer was lost on its way."""
    mail(talker)
    right = mailed_code(mailbox)
    for _ in range(wrong_before):
        enter(talker, f"{(int(right) + 1) % 10**6:06d}")
    first = enter(talker, right)
    if is_sent:
        send_due()

    again = enter(talker, right)
    send_due()

    assert (again.status_code, again.json()) == (202, {"queued": True})
    assert again.json() == first.json()
    assert len(mailbox.files) == 1


def test_a_code_that_nobody_asked_for_is_no_code(talker: Visitor) -> None:
    assert code_of(enter(talker, "123456")) == "code_expired"


def test_what_is_deleted_is_not_mailed(talker: Visitor, mailbox: Mailbox) -> None:
    mail(talker)
    enter(talker, mailed_code(mailbox))
    delete(talker)
    send_due()

    assert mailbox.files == []
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(VisitorMail)) == 0


@pytest.mark.parametrize("address", ["", "ann", "ann@example.org,bo@example.org", "\\ud83d@x.org"])
def test_what_is_no_address_is_refused_and_not_repeated(talker: Visitor, address: str) -> None:
    answer = talker.http.post(
        MAIL,
        content=f'{{"address": "{address}"}}',
        headers={"Content-Type": "application/json"},
    )

    assert (answer.status_code, code_of(answer)) == (422, "no_address")
    assert not address or address not in answer.text


def test_where_nothing_was_said_no_code_is_sent(visitor: Visitor, mailbox: Mailbox) -> None:
    answer = mail(visitor)
    send_due()

    assert (answer.status_code, code_of(answer)) == (404, "nothing_kept")
    assert mailbox.mails == []


def test_who_has_nothing_to_send_has_used_up_no_code(visitor: Visitor) -> None:
    for _ in range(CODES_PER_HOUR + 1):
        assert code_of(mail(visitor)) == "nothing_kept"

    visitor.say(SECRET)

    assert mail(visitor).status_code == 202


def test_every_refusal_names_the_help_lines(
    talker: Visitor, http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = [mail(talker, "no address"), enter(talker, "123456")]
    mail(talker)
    refused.append(enter(talker, "no code"))
    monkeypatch.setenv("CLINIC_VISITOR_MAIL", "")
    settings.cache_clear()
    refused.append(mail(talker))
    talker.use(None)
    refused += [http.get(path) for path in (TEXT, "/api/answers", "/api/answers.txt")]

    codes = ["no_address", "code_expired", "wrong_code", "mail_off"] + ["nothing_kept"] * 3
    assert [code_of(answer) for answer in refused] == codes
    for answer in refused:
        assert "call 911" in answer.json()["error"]["message"]
        assert "988" in answer.json()["error"]["message"]


def test_too_many_tries_are_told_apart_from_too_many_codes(
    talker: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_MESSAGES_PER_MINUTE", "2")
    settings.cache_clear()

    answers = [enter(talker, "123456") for _ in range(3)]

    assert (answers[-1].status_code, code_of(answers[-1])) == (429, "too_many_tries")
    assert "wait a minute" in answers[-1].json()["error"]["message"]
    assert "wait a minute" in texts().email.codes["too_many_tries"]


def test_without_a_mail_server_it_is_not_offered(
    talker: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_VISITOR_MAIL", "")
    settings.cache_clear()

    answers = [mail(talker), enter(talker, "123456")]

    assert [(answer.status_code, code_of(answer)) for answer in answers] == [(404, "mail_off")] * 2


def test_a_mailbox_that_does_not_exist_is_answered_like_one_that_does(
    talker: Visitor, mailbox: Mailbox
) -> None:
    there = mail(talker)
    mailbox.answer = "550 no such mailbox"
    gone = mail(talker, "nobody@example.org")
    send_due()

    assert (there.status_code, there.content) == (gone.status_code, gone.content)


def test_one_conversation_can_have_few_codes(talker: Visitor) -> None:
    answers = [mail(talker, f"ann{number}@example.org") for number in range(CODES_PER_HOUR + 1)]

    assert [answer.status_code for answer in answers] == [202] * CODES_PER_HOUR + [429]
    assert code_of(answers[-1]) == "too_many"


def other(http: TestClient) -> Visitor:
    visitor = Visitor(http)
    visitor.use(None)
    visitor.open()
    visitor.say("hello")
    return visitor


def test_one_mailbox_is_not_filled_from_many_conversations(http: TestClient) -> None:
    same = (ANN, ANN.upper(), "ann+one@example.org", "Ann+two+three@example.org")
    answers = [mail(other(http), address) for address in same]

    assert [answer.status_code for answer in answers] == [202] * CODES_PER_HOUR + [429]


def test_one_network_can_have_some_codes(http: TestClient) -> None:
    number = CODES_FROM_ONE_PLACE_PER_HOUR
    answers = [mail(other(http), f"ann{each}@example.org") for each in range(number + 1)]

    assert [answer.status_code for answer in answers] == [202] * number + [429]


def test_from_many_networks_together_there_are_not_many_codes(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CODES_IN_ALL_PER_HOUR", 2)
    app = http.app
    answers = []
    for number in range(3):
        client = (f"192.0.2.{number}", 50000)
        visitor = other(TestClient(app, base_url=URL, client=client))
        answers.append(mail(visitor, f"ann{number}@example.org"))

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert code_of(answers[-1]) == "too_many"
