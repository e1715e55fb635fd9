"""Nothing a visitor says is logged, and nothing but web answers to the network."""

from __future__ import annotations

import socket
import uuid

import psutil
import pytest

from clinic import conversations
from tests.front_desk import FrontDesk, Visitor, everything
from tests.running.test_screening import NO_YES, answer_all

pytestmark = pytest.mark.running

CANARIES = (
    "Zebediah",
    "5550177",
    "zebediah@example.com",
    "fibromyalgia",
    "kill myself",
    "umbrella",
)


def test_no_name_phone_health_word_or_message_is_in_any_log_or_readable_in_any_file(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("my umbrella is green", "does it help with fibromyalgia", "start the questions")
    answers = {
        **NO_YES,
        "main_reason": "fibromyalgia",
        "name": "Zebediah Example",
        "phone": "202-555-0177",
        "email": "zebediah@example.com",
    }
    answer_all(visitor, answers, until="stops_body")
    visitor.say("i want to kill myself", "umbrella umbrella umbrella", "continue the questions")
    answer_all(visitor, answers)
    front_desk.say_to_rasa("/umbrella{broken json")
    front_desk.say_to_rasa("/umbrella kill myself")

    logged = front_desk.logs().lower()
    stored = b"".join(path.read_bytes() for path in front_desk.folder.glob("*.db*")).lower()
    for canary in CANARIES:
        assert canary.lower() not in logged, canary
        assert canary.lower().encode() not in stored, canary


def test_rasa_and_the_action_server_listen_on_the_loopback_address_only(
    front_desk: FrontDesk,
) -> None:
    listening = {
        connection.laddr.port: connection.laddr.ip
        for connection in psutil.net_connections("tcp")
        if connection.laddr and connection.status == psutil.CONN_LISTEN
    }

    for name in ("rasa", "actions", "web"):
        assert listening[front_desk.ports[name]] == "127.0.0.1", name


def test_rasa_and_the_action_server_refuse_this_machines_other_addresses(
    front_desk: FrontDesk,
) -> None:
    others = {
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    }

    for other in others | {"127.0.0.2"}:
        for name in ("rasa", "actions"):
            with socket.socket() as probe:
                probe.settimeout(2)
                assert probe.connect_ex((other, front_desk.ports[name])) != 0, (other, name)


def test_telemetry_is_off_in_the_running_rasa(front_desk: FrontDesk) -> None:
    process = psutil.Process(front_desk.processes["rasa"].running.pid)

    assert process.environ()["RASA_TELEMETRY_ENABLED"] == "false"
    assert not [
        connection
        for connection in process.net_connections()
        if connection.raddr and not connection.raddr.ip.startswith("127.")
    ]


def test_the_action_server_answers_nobody_without_the_token(front_desk: FrontDesk) -> None:
    import httpx

    url = front_desk.env["CLINIC_ACTIONS_URL"]

    refused = httpx.post(f"{url}/webhook", json={"next_action": "action_record_crisis"})

    assert refused.status_code == 401


@pytest.mark.parametrize("how", ["made up", "the conversation's id"])
def test_a_visitor_cannot_choose_or_guess_a_conversation(front_desk: FrontDesk, how: str) -> None:
    mine = Visitor(front_desk)
    mine.say("my umbrella is green")
    key = uuid.uuid4().hex if how == "made up" else conversations.id_of(mine.key)

    stranger = Visitor(front_desk)
    stranger.use(key)
    refused = stranger.http.post("/api/messages", json={"text": "hello", "key": "12345678"})
    opened = stranger.open()

    assert refused.status_code == 409
    assert opened == []
    assert "umbrella" in everything(mine.open())


def test_a_visitors_slash_is_no_command(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")

    for text in (
        "/restart",
        " //restart",
        "/session_start",
        '/start_screening{"questionnaire":"x"}',
    ):
        visitor.say(text)

    visitor.say("43")
    assert visitor.field() == "state"


def test_a_message_that_is_too_long_is_refused_kindly(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)

    for text, status in (("x" * 2001, 422), ("x" * 100_000, 413), ("   ", 422), ("///", 422)):
        answer = visitor.http.post("/api/messages", json={"text": text, "key": "12345678"})
        assert answer.status_code == status
        assert answer.json()["error"]["message"]
