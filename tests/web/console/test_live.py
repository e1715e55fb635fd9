"""Staff see who waits, one of them comes, and nobody else can write in that chat."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from clinic import clock, conversations, handoff_endings, handoffs, leads, live_chat
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.leads import LeadRequest
from clinic.tables import AuditEntry, Handoff, Lead, Message, Staff
from tests.web.console.conftest import Browser, request_of
from web import bell
from web.console import live_events
from web.console.access import SignInNeeded, signed_in

VISITOR = "c" * 40
HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def say(text: str, key: str = "key-0001", sender: str = "visitor") -> None:
    with transaction() as session:
        conversations.add_message(session, VISITOR, sender=sender, key=key, content={"text": text})


@pytest.fixture
def waiting(database_url: str) -> int:
    say("can I talk to somebody?")
    with transaction() as session:
        return handoffs.ask(session, VISITOR).id


@pytest.fixture
def mine(ben: Browser, waiting: int) -> int:
    """Taken by ben."""
    answer = ben.fill_in(f"/staff/live/{waiting}", f"/staff/live/{waiting}/take")
    assert answer.status_code == 303
    return waiting


def sent() -> list[str]:
    with transaction() as session:
        found = session.scalars(select(Message).where(Message.sender == "staff"))
        return [message.content["text"] for message in found]


def test_staff_see_who_waits_and_since_when_and_what_was_heard(ben: Browser, waiting: int) -> None:
    with transaction() as session:
        record_crisis(
            session, conversation_id=VISITOR, message_key="key-0001", category="self_harm"
        )

    page = ben.get("/staff/live").text

    assert f"Visitor {waiting}" in page
    assert "under a minute" in page
    assert "Words of crisis: Self-harm" in page
    assert "(1) Live chats" in page


def test_danger_comes_first_in_the_list_then_hints_then_the_longest_waiting(
    ben: Browser, waiting: int
) -> None:
    with transaction() as session:
        for name, outcome in (("d", "soft"), ("e", "hard")):
            handoffs.ask(session, name * 40)
            record_crisis(
                session,
                conversation_id=name * 40,
                message_key="key-0001",
                category="suicide",
                outcome=outcome,
            )

    page = ben.get("/staff/live").text

    places = [page.index(f">Visitor {waiting + more}<") for more in (2, 1, 0)]
    assert places == sorted(places)
    assert page.count("A hint of danger: Suicide") == 1
    assert page.count("Words of crisis: Suicide") == 1


def test_a_hint_beside_a_person_is_on_the_open_page_at_once_and_says_that_nobody_asked(
    ben: Browser, mine: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deed(rest: int) -> None:
        if rest == 1:
            say("what was hinted", key="key-0002")
        with transaction() as session:
            if rest == 1:
                record_crisis(
                    session,
                    conversation_id=VISITOR,
                    message_key="key-0002",
                    category="suicide",
                    outcome="soft",
                )
            elif rest == 3:
                handoff_endings.leave(session, VISITOR)

    came = listen(monkeypatch, ben, mine, deed)

    (hint,) = [event for event in came if event.startswith("hint ")]
    assert "A hint of danger: Suicide" in hint
    assert "The chat has not asked whether the visitor is safe" in hint
    assert not [event for event in came if event.startswith("alarm ")]
    assert "A hint of danger: Suicide" in ben.get(f"/staff/live/{mine}").text


def test_the_menu_of_every_page_can_ask_who_waits_for_a_person_and_who_for_my_answer(
    ben: Browser, amira: Browser, mine: int
) -> None:
    with transaction() as session:
        handoffs.ask(session, "d" * 40)

    assert ben.get("/staff/live/waiting").json() == {"waiting": 1, "unanswered": 1}
    assert amira.get("/staff/live/waiting").json() == {"waiting": 1, "unanswered": 0}

    ben.fill_in(f"/staff/live/{mine}", f"/staff/live/{mine}/messages", text="hello")

    assert ben.get("/staff/live/waiting").json() == {"waiting": 1, "unanswered": 0}


def test_two_staff_race_for_one_visitor_and_the_slower_one_is_told_who_has_them(
    ben: Browser, amira: Browser, waiting: int
) -> None:
    assert ben.fill_in(f"/staff/live/{waiting}", f"/staff/live/{waiting}/take").status_code == 303

    late = amira.fill_in(f"/staff/live/{waiting}", f"/staff/live/{waiting}/take")

    assert late.status_code == 409
    assert "ben was faster" in late.text
    assert 'name="text"' not in late.text


def test_what_staff_write_is_kept_and_looking_is_audited(
    ben: Browser, mine: int, deeds: Callable[[], list[tuple[str, str]]]
) -> None:
    answer = ben.fill_in(f"/staff/live/{mine}", f"/staff/live/{mine}/messages", text=" hello ")

    assert answer.headers["location"] == f"/staff/live/{mine}#newest"
    assert sent() == ["hello"]
    done = [deed for deed, subject in deeds() if subject == f"handoff:{mine}"]
    assert done[0] == "handoff.asked"
    assert {"handoff.viewed", "handoff.taken"} <= set(done)
    assert ("message.sent", "message:3") in deeds()


def test_the_stream_is_no_way_to_read_unseen(
    ben: Browser, amira: Browser, mine: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks() -> list[str]:
        with transaction() as session:
            viewed = select(AuditEntry.actor).where(AuditEntry.action == "handoff.viewed")
            return list(session.scalars(viewed))

    monkeypatch.setattr(live_events, "_look", signed_out)
    before = looks()

    for _ in range(3):
        amira.get(f"/staff/live/{mine}/events", headers={"Accept": "text/event-stream"})

    assert len(looks()) == len(before) + 1


def test_only_who_has_the_chat_can_write_and_the_words_come_back(
    ben: Browser, amira: Browser, mine: int
) -> None:
    answer = amira.fill_in(f"/staff/live/{mine}", f"/staff/live/{mine}/messages", text="me too")

    assert answer.status_code == 422
    assert "ben writes in this chat" in answer.text
    assert sent() == []


def test_after_the_end_nothing_is_sent_and_the_draft_is_kept(ben: Browser, mine: int) -> None:
    page = f"/staff/live/{mine}"
    csrf = re.search(r'name="csrf" value="([^"]+)"', ben.get(page).text)
    assert csrf
    with transaction() as session:
        handoff_endings.leave(session, VISITOR)

    answer = ben.post(f"{page}/messages", data={"csrf": csrf[1], "text": "my long answer"})

    assert answer.status_code == 409
    assert "has not seen" in answer.text
    assert "my long answer" in answer.text
    assert sent() == []


@pytest.mark.parametrize(("text", "says"), [("  ", "write something"), ("a" * 4001, "4,001")])
def test_what_cannot_be_sent_is_refused_kindly(
    ben: Browser, mine: int, text: str, says: str
) -> None:
    answer = ben.fill_in(f"/staff/live/{mine}", f"/staff/live/{mine}/messages", text=text)

    assert answer.status_code == 422
    assert says in answer.text


def test_a_form_sent_twice_is_one_message(ben: Browser, mine: int) -> None:
    for _ in range(2):
        ben.fill_in(
            f"/staff/live/{mine}", f"/staff/live/{mine}/messages", text="hello", key="key-of-form"
        )

    assert sent() == ["hello"]


def test_a_script_is_told_in_its_own_words(ben: Browser, mine: int) -> None:
    ben.headers["Accept"] = "application/json"

    answer = ben.fill_in(f"/staff/live/{mine}", f"/staff/live/{mine}/messages", text="hello")

    assert answer.json() == {"sent": True}


def test_handing_back_keeps_the_note_for_staff_and_never_shows_it_to_the_visitor(
    ben: Browser, mine: int
) -> None:
    answer = ben.fill_in(
        f"/staff/live/{mine}", f"/staff/live/{mine}/hand-back", note="asked about prices"
    )

    assert answer.headers["location"] == "/staff/live?done=handed_back"
    assert "asked about prices" in ben.get(f"/staff/live/{mine}").text
    with transaction() as session:
        assert not handoffs.is_live(session, VISITOR)
        said = [m.content["text"] for m in conversations.transcript(session, VISITOR)]
    assert "asked about prices" not in " ".join(said)


def test_a_colleague_cannot_hand_back_and_keeps_the_note(
    ben: Browser, amira: Browser, mine: int
) -> None:
    answer = amira.fill_in(f"/staff/live/{mine}", f"/staff/live/{mine}/hand-back", note="my note")

    assert answer.status_code == 422
    assert "ben has this chat" in answer.text
    assert "my note" in answer.text


def test_who_is_gone_can_be_relieved(ben: Browser, amira: Browser, mine: int) -> None:
    assert "Take over from ben" not in amira.get(f"/staff/live/{mine}").text
    early = clock.now() - timedelta(minutes=2)
    with transaction() as session:
        session.execute(update(Staff).where(Staff.username == "ben").values(last_seen_at=early))
    assert "Take over from ben" in amira.get(f"/staff/live/{mine}").text

    amira.fill_in(f"/staff/live/{mine}", f"/staff/live/{mine}/take")

    assert 'name="text"' in amira.get(f"/staff/live/{mine}").text


def test_words_of_a_visitor_are_shown_and_never_run(ben: Browser, mine: int) -> None:
    say(HOSTILE, key="key-0002")

    for page in (f"/staff/live/{mine}", "/staff/live"):
        assert "<script>alert" not in ben.get(page).text
        assert "<img src=x" not in ben.get(page).text
    assert "&lt;script&gt;alert(2)" in ben.get(f"/staff/live/{mine}").text


def test_a_chat_that_nobody_came_to_is_not_forgotten(ben: Browser, waiting: int) -> None:
    early = clock.now() - timedelta(minutes=4)
    with transaction() as session:
        session.execute(update(Handoff).values(asked_at=early))
        handoff_endings.end_overdue(session)

    page = ben.get("/staff/live").text

    assert '<h2 id="missed">Missed' in page
    assert "Nobody came in time" in ben.get(f"/staff/live/{waiting}").text
    assert '<h2 id="missed">' not in ben.get("/staff/live").text, "somebody has read it"


def test_being_here_is_a_switch_and_signing_out_ends_it(ben: Browser, amira: Browser) -> None:
    ben.fill_in("/staff/live", "/staff/live/here", here="yes")
    assert "You are here for chats" in ben.get("/staff/live").text
    assert "Here now: ben" in amira.get("/staff/live").text

    ben.fill_in("/staff/live", "/staff/logout")

    assert "Nobody is here" in amira.get("/staff/live").text


def test_staff_step_in_from_a_lead_and_from_an_alarm(ben: Browser, database_url: str) -> None:
    say("i feel bad")
    with transaction() as session:
        lead = leads.save_lead(session, LeadRequest(conversation_id=VISITOR, name="Ann Example"))
        event = record_crisis(
            session, conversation_id=VISITOR, message_key="key-0001", category="self_harm"
        )
        crisis_id, lead_id = event.id, lead.id
    assert 'action="/staff/live/step-in"' in ben.get(f"/staff/leads/{lead_id}").text
    assert 'action="/staff/live/step-in"' in ben.get(f"/staff/crisis/{crisis_id}").text

    first = ben.fill_in("/staff/live", "/staff/live/step-in", crisis=str(crisis_id))
    again = ben.fill_in("/staff/live", "/staff/live/step-in", lead=lead_id)

    assert first.headers["location"] == again.headers["location"] == "/staff/live/1"
    assert "Ann Example" in ben.get("/staff/live/1").text
    with transaction() as session:
        assert handoffs.is_live(session, VISITOR)


def test_nobody_steps_into_a_chat_that_is_over(ben: Browser, database_url: str) -> None:
    say("hello")
    with transaction() as session:
        session.execute(update(Message).values(at=clock.now() - timedelta(hours=1)))
        lead = leads.save_lead(session, LeadRequest(conversation_id=VISITOR, name="Ann Example"))
        lead_id = lead.id
    assert "step-in" not in ben.get(f"/staff/leads/{lead_id}").text

    assert ben.fill_in("/staff/live", "/staff/live/step-in", lead=lead_id).status_code == 409
    with transaction() as session:
        assert handoffs.open_of(session, VISITOR) is None


@pytest.mark.parametrize("action", ["take", "messages", "typing", "hand-back"])
def test_a_forged_form_does_nothing(ben: Browser, mine: int, action: str) -> None:
    answer = ben.post(f"/staff/live/{mine}/{action}", data={"csrf": "made up", "text": "hello"})

    assert answer.status_code == 403
    assert sent() == []


@pytest.mark.parametrize("path", ["/staff/live", "/staff/live/1", "/staff/live/1/events"])
def test_a_stranger_sees_nothing(stranger: Browser, waiting: int, path: str) -> None:
    answer = stranger.get(path, headers={"Accept": "text/event-stream"})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/staff/login")


def test_a_chat_that_is_not_there_is_not_found(ben: Browser) -> None:
    assert ben.get("/staff/live/99").status_code == 404
    assert ben.get("/staff/live/99/events").status_code == 404


def signed_out(*_: object) -> None:
    raise SignInNeeded(then="")


def listen(
    monkeypatch: pytest.MonkeyPatch, reader: Browser, handoff_id: int, deed: Callable[[int], Any]
) -> list[str]:
    """What a stream says while `deed` is done in each of its rests."""
    rests = 0

    async def rest(ear: bell.Ear, at_most: float | None = None) -> None:
        nonlocal rests
        rests += 1
        deed(rests)

    async def run() -> list[str]:
        stream = live_events._events(request_of(reader), handoff_id, topic="any", after=0)
        return [f"{event.event} {event.data}" async for event in stream]

    monkeypatch.setattr(bell.Ear, "rest", rest)
    return asyncio.run(run())


def test_the_stream_brings_every_message_once_typing_alarms_and_the_end(
    ben: Browser, mine: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deed(rest: int) -> None:
        with transaction() as session:
            if rest == 1:
                live_chat.visitor_types(session, VISITOR)
            elif rest == 2:
                record_crisis(
                    session, conversation_id=VISITOR, message_key="key-0002", category="suicide"
                )
            else:
                handoff_endings.leave(session, VISITOR)
        if rest == 2:
            say(HOSTILE, key="key-0002")

    came = listen(monkeypatch, ben, mine, deed)

    kinds = [event.split(" ")[0] for event in came]
    assert kinds == ["said", "said", "state", "state", "said", "alarm", "said", "state"]
    assert '"typing": true' in came[3]
    assert "<script>" not in came[4]
    assert "Suicide" in came[5]
    assert '"state": "ended"' in came[-1]


@pytest.mark.parametrize("how", ["signed out", "deactivated"])
def test_who_is_signed_out_or_deactivated_reads_not_one_message_more(
    ben: Browser, mine: int, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    def deed(rest: int) -> None:
        if how == "signed out":
            ben.fill_in("/staff/leads", "/staff/logout")
        else:
            with transaction() as session:
                session.execute(update(Staff).values(deactivated_at=clock.now()))
        say("only for whoever is signed in", key="key-0002")

    came = listen(monkeypatch, ben, mine, deed)

    assert [event.split(" ")[0] for event in came] == ["said", "said", "state"]


def test_a_database_that_is_gone_for_a_moment_ends_no_stream(
    ben: Browser, mine: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, times = signed_in, iter(range(1000))

    def sometimes(*args: Any, **kwargs: Any) -> Any:
        if next(times) in (0, 2):  # when presence is noted, and in the second look
            raise OperationalError("gone", None, Exception())
        return real(*args, **kwargs)

    def deed(rest: int) -> None:
        if rest == 2:
            with transaction() as session:
                handoff_endings.leave(session, VISITOR)

    monkeypatch.setattr(live_events, "signed_in", sometimes)

    assert '"state": "ended"' in listen(monkeypatch, ben, mine, deed)[-1]


def test_a_lead_of_the_visitor_is_named(ben: Browser, mine: int) -> None:
    with transaction() as session:
        leads.save_lead(
            session, LeadRequest(conversation_id=VISITOR, name="Ann Example", phone="+12025550143")
        )
        lead_id = session.scalars(select(Lead.id)).one()

    page = ben.get(f"/staff/live/{mine}").text

    assert "Ann Example" in page
    assert f"/staff/leads/{lead_id}" in page
    assert "tel:+12025550143" in page
