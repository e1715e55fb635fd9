"""While a person writes with a visitor, the bot is silent, nothing is lost, help still comes."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from clinic import clock, conversations, handoff_endings, handoffs, live_chat, presence, staff
from clinic.database import engine, transaction
from clinic.tables import CrisisEvent, Handoff, Staff
from tests.web.visitor.conftest import CRISIS, FakeRasa, Visitor
from web import bell, handoff_round
from web.visitor import calm, keeping, live
from web.visitor import in_time as threads


def id_of(visitor: Visitor) -> str:
    return conversations.id_of(visitor.key)


@pytest.fixture
def ben(database_url: str) -> int:
    with transaction() as session:
        staff.create_staff(session, "ben")
        member = session.scalars(select(Staff)).one()
        presence.come(session, member)
        return member.id


@pytest.fixture
def waiting(visitor: Visitor) -> int:
    visitor.say("can I talk to somebody", key="key-first")
    with transaction() as session:
        return handoffs.ask(session, id_of(visitor)).id


@pytest.fixture
def taken(waiting: int, ben: int) -> int:
    with transaction() as session:
        assert handoffs.take(session, waiting, ben)
    return waiting


def events(answer: httpx.Response) -> list[tuple[str, Any]]:
    """Names and contents of a stream that has ended."""
    found = []
    for block in answer.text.replace("\r\n", "\n").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_the_bot_is_silent_and_the_message_is_kept_for_the_person(
    visitor: Visitor, rasa: FakeRasa, taken: int
) -> None:
    rasa.says = []

    answer = visitor.say("is this painful?").json()

    assert answer == {"messages": [], "handoff": "live"}
    assert visitor.transcript()[-1] == "is this painful?"
    assert rasa.asked[-1]["metadata"] == {"key": "key-0001", "live": True, "answers": "bot"}


def test_the_bot_hears_whom_the_visitor_answers(
    visitor: Visitor, rasa: FakeRasa, taken: int, ben: int
) -> None:
    def heard(key: str) -> dict[str, Any]:
        visitor.say("yes", key=key)
        metadata: dict[str, Any] = rasa.asked[-1]["metadata"]
        return {name: value for name, value in metadata.items() if name != "key"}

    rasa.says = []
    assert heard("key-beside") == {"live": True, "answers": "bot"}

    with transaction() as session:
        live_chat.say(session, taken, ben, key="key-staff", text="Are you there?")
    assert heard("key-to-ben") == {"live": True, "answers": "staff"}
    with transaction() as session:
        handoff_endings.give_back(session, taken, ben)
    rasa.says = [{"recipient_id": "c", "text": "Hello."}]
    assert heard("key-after") == {"answers": "staff"}
    assert heard("key-later") == {}


def test_that_all_is_erased_is_said_beside_a_person(
    visitor: Visitor, rasa: FakeRasa, taken: int
) -> None:
    payload = {"type": "text", "beside_a_person": True}
    rasa.says = [{"recipient_id": "c", "text": "Erased."}, {"recipient_id": "c", "custom": payload}]

    (bubble,) = visitor.say("delete my answers").json()["messages"]

    assert bubble["text"] == "Erased."


def test_while_a_visitor_only_waits_the_bot_goes_on(
    visitor: Visitor, rasa: FakeRasa, waiting: int
) -> None:
    answer = visitor.say("is this painful?").json()

    assert [message["text"] for message in answer["messages"]] == ["Hello."]
    assert answer["handoff"] == "waiting"
    assert rasa.asked[-1]["metadata"] == {"key": "key-0001"}


def test_even_a_bot_that_talks_is_not_heard(visitor: Visitor, rasa: FakeRasa, taken: int) -> None:
    rasa.says = [{"recipient_id": "c", "text": "Here is what I think."}]

    assert visitor.say("is this painful?").json()["messages"] == []
    assert "Here is what I think." not in visitor.transcript()


def test_an_answer_that_comes_after_the_person_is_dropped(
    visitor: Visitor, rasa: FakeRasa, waiting: int, ben: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = rasa.__call__

    def take_meanwhile(request: httpx.Request) -> httpx.Response:
        with transaction() as session:
            handoffs.take(session, waiting, ben)
        return answered(request)

    monkeypatch.setattr(FakeRasa, "__call__", lambda self, request: take_meanwhile(request))

    answer = visitor.say("is this painful?").json()

    assert answer == {"messages": [], "handoff": "live"}
    assert "Hello." not in visitor.transcript()[2:]


def test_when_the_end_of_a_turn_cannot_be_kept_nothing_is_said_between_visitor_and_staff(
    visitor: Visitor, rasa: FakeRasa, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the visitor said is written down, and the bot has said nothing."""
    rasa.says = []

    def fail(*_: object) -> None:
        raise OperationalError("COMMIT", None, Exception("the database is gone"))

    with monkeypatch.context() as broken:
        broken.setattr(keeping._End, "end", fail)
        failed = visitor.say("is this painful?").json()
    in_time = threads.in_time

    async def late_at_the_end(deed: Any, seconds: float, otherwise: object) -> object:
        found = await in_time(deed, seconds, otherwise)
        return otherwise if isinstance(found, calm._Ended) else found

    with monkeypatch.context() as slow:
        slow.setattr(calm, "in_time", late_at_the_end)
        late = visitor.say("or dangerous?", key="key-0002").json()

    assert failed == late == {"messages": [], "handoff": "live"}
    assert visitor.transcript()[-2:] == ["is this painful?", "or dangerous?"]


@pytest.mark.parametrize("error", [httpx.ReadTimeout("late"), httpx.ConnectError("nobody")])
def test_without_rasa_the_message_still_reaches_the_person(
    visitor: Visitor, rasa: FakeRasa, taken: int, error: Exception
) -> None:
    rasa.breaks = error

    answer = visitor.say("is this painful?")

    assert answer.status_code == 200
    assert answer.json() == {"messages": [], "handoff": "live"}
    assert visitor.transcript()[-1] == "is this painful?"


def test_words_of_crisis_are_answered_while_a_person_writes(
    session: Session, visitor: Visitor, rasa: FakeRasa, taken: int
) -> None:
    rasa.says = CRISIS

    (bubble,) = visitor.say("my words").json()["messages"]

    assert bubble["payload"]["type"] == "crisis"
    assert session.scalars(select(CrisisEvent)).one().outcome == "hard"


def test_beside_a_person_no_help_says_that_nobody_watches(
    visitor: Visitor, rasa: FakeRasa, taken: int
) -> None:
    closing = "I am no crisis service. Nobody watches this chat in real time. You can keep writing."
    rasa.says = [{"recipient_id": "c", "text": f"Please call 988. {closing}"}, CRISIS[1]]

    (bots,) = visitor.say("my words", key="key-0002").json()["messages"]
    rasa.says = []
    (ours,) = visitor.say("i want to kill myself", key="key-0003").json()["messages"]

    assert bots["text"] == "Please call 988. I am no crisis service. You can keep writing."
    assert "988" in ours["text"]
    assert "Nobody watches" not in ours["text"]


@pytest.mark.parametrize("breaks", [None, httpx.ConnectError("nobody")])
def test_words_of_danger_get_help_from_the_first_line_when_the_bot_is_silent_or_gone(
    visitor: Visitor, rasa: FakeRasa, taken: int, breaks: Exception | None
) -> None:
    rasa.says, rasa.breaks = [], breaks

    (bubble,) = visitor.say("i want to kill myself").json()["messages"]

    assert bubble["payload"]["type"] == "crisis"
    assert "988" in bubble["text"]
    assert "not answering" not in bubble["text"], "nothing is broken: a person is there"


def test_opening_the_chat_again_says_where_the_handoff_stands(visitor: Visitor, taken: int) -> None:
    opened = visitor.open().json()

    assert opened["handoff"] == "live"
    assert opened["messages"][-1]["payload"]["state"] == "live"


def test_the_stream_brings_staffs_words_and_ends_with_the_handoff(
    visitor: Visitor, taken: int, ben: int
) -> None:
    with transaction() as session:
        live_chat.say(session, taken, ben, key="key-staff", text="Hello, this is us")
        handoff_endings.give_back(session, taken, ben)

    came = events(visitor.http.get("/api/events"))

    said = [(e["from"], (e["payload"] or {}).get("state")) for name, e in came if name == "message"]
    assert said == [("bot", "live"), ("staff", None), ("bot", "ended")]
    assert came[-1] == ("handoff", {"handoff": None, "typing": False})


def test_after_lost_contact_only_what_is_new_arrives(
    visitor: Visitor, taken: int, ben: int
) -> None:
    with transaction() as session:
        seen = live_chat.say(session, taken, ben, key="key-staff", text="one").id
        live_chat.say(session, taken, ben, key="key-later", text="two")
        handoff_endings.give_back(session, taken, ben)

    for again in ({"headers": {"Last-Event-ID": str(seen)}}, {"params": {"after": seen}}):
        came = events(visitor.http.get("/api/events", **again))
        assert next(e["text"] for name, e in came if name == "message") == "two"


@pytest.mark.parametrize("strange", ["9" * 5000, "9" * 19, "-1", "x", "²"])
def test_a_strange_last_message_breaks_nothing(visitor: Visitor, strange: str) -> None:
    answer = visitor.http.get("/api/events", headers={"Last-Event-ID": strange.encode()})

    assert events(answer) == [("handoff", {"handoff": None, "typing": False})]


def test_the_stream_holds_no_connection_and_no_turn_between_its_looks(
    visitor: Visitor, rasa: FakeRasa, taken: int, ben: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    rests = 0

    async def rest(ear: bell.Ear, at_most: float | None = None) -> None:
        nonlocal rests
        rests += 1
        held.append(engine().pool.checkedout())  # type: ignore[attr-defined]
        with transaction() as session:
            if rests == 1:
                live_chat.staff_type(session, taken, ben)
            else:
                live_chat.say(session, taken, ben, key="key-staff", text="hello")
                handoff_endings.give_back(session, taken, ben)

    monkeypatch.setattr(bell.Ear, "rest", rest)

    async def listen() -> list[str]:
        return [f"{e.event} {e.data}" async for e in live._events(id_of(visitor), 0)]

    came = asyncio.run(listen())

    assert held == [0, 0]
    assert came[1] == 'handoff {"handoff": "live", "typing": false}'
    assert came[2] == 'handoff {"handoff": "live", "typing": true}'
    assert '"from": "staff"' in came[3]
    assert came[-1] == 'handoff {"handoff": null, "typing": false}'


def test_the_visitor_can_go_back_to_the_assistant(
    visitor: Visitor, rasa: FakeRasa, taken: int
) -> None:
    assert visitor.http.post("/api/handoff/end").json()["handoff"] is None

    assert visitor.open().json()["messages"][-1]["payload"]["state"] == "ended"
    assert visitor.say("is it safe?").json()["messages"][0]["text"] == "Hello."


def test_typing_reaches_staff_and_nobody_can_flood_them_with_it(
    session: Session, visitor: Visitor, taken: int
) -> None:
    answers = [visitor.http.post("/api/typing").status_code for _ in range(70)]

    assert answers[0] == 204
    assert answers[-1] == 429
    assert live_chat.is_visitor_typing(session.get_one(Handoff, taken))


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/events"), ("GET", "/api/handoff"), ("POST", "/api/handoff/end"),
     ("POST", "/api/typing")],
)  # fmt: skip
@pytest.mark.parametrize("key", [None, "made-up"])
def test_without_the_key_nobody_listens(
    visitor: Visitor, taken: int, method: str, path: str, key: str | None
) -> None:
    visitor.use(key)

    assert visitor.http.request(method, path).status_code == 409


def test_another_sites_page_ends_nothing(visitor: Visitor, taken: int) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}

    assert visitor.http.post("/api/handoff/end", headers=elsewhere).status_code == 403
    assert visitor.open().json()["handoff"] == "live"


def overdue(session: Session, handoff_id: int) -> None:
    early = clock.now() - timedelta(seconds=200)
    session.execute(update(Handoff).where(Handoff.id == handoff_id).values(asked_at=early))
    session.commit()


@pytest.mark.parametrize("how", ["round", "open", "look", "write", "listen"])
def test_a_wait_that_is_too_long_ends_whatever_happens_next(
    session: Session, visitor: Visitor, waiting: int, how: str
) -> None:
    overdue(session, waiting)

    match how:
        case "round":
            handoff_round.end_overdue()
        case "open":
            assert visitor.open().json()["handoff"] is None
        case "look":
            assert visitor.http.get("/api/handoff").json() == {"handoff": None}
        case "write":
            assert visitor.say("anybody?").json()["messages"][0]["text"] == "Hello."
        case "listen":
            came = events(visitor.http.get("/api/events"))
            assert came[0][1]["payload"]["suggestions"] == ["Call me back"]

    states = [m["payload"] and m["payload"].get("state") for m in visitor.open().json()["messages"]]
    assert states.count("ended") == 1


def test_staff_who_step_in_are_noticed_by_a_chat_that_only_looks(
    visitor: Visitor, rasa: FakeRasa, ben: int
) -> None:
    visitor.say("hello")
    assert visitor.http.get("/api/handoff").json() == {"handoff": None}

    with transaction() as session:
        handoffs.step_in(session, id_of(visitor), ben)

    assert visitor.http.get("/api/handoff").json() == {"handoff": "live"}
