"""Offline, slow, gone for a moment: it is said, nothing is lost, and nothing arrives twice."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.answering import HELP, PAYLOADS, AnsweringDesk
from tests.browser.chat import FRAME, Chat

SENDING = "**/api/messages"
Photograph = Callable[[Page, str], None]


@pytest.fixture
def chat(answering: AnsweringDesk, page: Page) -> Chat:
    answering.heard.texts.clear()
    page.clock.install()
    page.set_viewport_size(FRAME)
    return Chat(page, answering.url)


def type_in(chat: Chat, text: str) -> None:
    chat.page.get_by_label("Your message").fill(text)
    chat.page.get_by_label("Your message").press("Enter")


def arrives_but_no_answer_comes_back(route: Route) -> None:
    route.fetch()
    route.abort()


def test_offline_it_is_said_and_what_is_written_is_sent_when_online_again(
    chat: Chat, answering: AnsweringDesk, photograph: Photograph
) -> None:
    chat.page.context.set_offline(True)
    expect(chat.page.get_by_text("You are offline.").first).to_be_visible()
    type_in(chat, "can you hear me")
    expect(chat.log.get_by_text("Waits for the internet")).to_be_visible()
    photograph(chat.page, "chat-offline")
    assert answering.heard.texts == []

    chat.page.context.set_offline(False)

    expect(chat.log).to_contain_text("About can you hear me.")
    expect(chat.page.get_by_text("You are offline.")).to_be_hidden()
    expect(chat.log.get_by_text("Waits for the internet")).to_have_count(0)
    photograph(chat.page, "chat-back-online")
    assert answering.heard.texts == ["can you hear me"]


def test_several_messages_of_an_offline_time_arrive_in_their_order(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.page.context.set_offline(True)
    for text in ("one", "two", "three"):
        type_in(chat, text)
        expect(chat.log.get_by_text("Waits for the internet").last).to_be_visible()

    chat.page.context.set_offline(False)

    expect(chat.log).to_contain_text("About three.")
    assert answering.heard.texts == ["one", "two", "three"]


def test_what_arrived_although_the_answer_was_lost_is_one_message(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.page.route(SENDING, arrives_but_no_answer_comes_back, times=1)
    type_in(chat, "hello there")
    expect(chat.log.get_by_text("No answer")).to_be_visible()

    chat.page.clock.fast_forward(5_000)

    expect(chat.log).to_contain_text("About hello there.")
    expect(chat.log.get_by_text("No answer")).to_have_count(0)
    assert answering.heard.texts == ["hello there"]
    chat.page.reload()
    expect(chat.log.get_by_text("hello there", exact=True)).to_have_count(1)


def test_it_is_tried_once_more_by_itself_and_then_only_by_the_visitor(chat: Chat) -> None:
    tries: list[str] = []

    def refuse(route: Route) -> None:
        tries.append(json.loads(route.request.post_data or "{}")["key"])
        route.abort()

    chat.page.route(SENDING, refuse)
    type_in(chat, "hello there")
    expect(chat.log.get_by_text("No answer")).to_be_visible()
    with chat.page.expect_event("requestfailed"):
        chat.page.clock.fast_forward(5_000)
    expect(chat.log.get_by_text("No answer")).to_be_visible()
    chat.page.clock.fast_forward(600_000)
    expect(chat.log.get_by_role("button", name="Try again")).to_be_visible()
    assert len(tries) == 2

    with chat.page.expect_event("requestfailed"):
        chat.log.get_by_role("button", name="Try again").click()
    assert len(tries) == 3
    assert len(set(tries)) == 1, "a second try is the same message"


def test_what_was_not_sent_is_still_there_after_a_reload_and_goes_once(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.page.route(SENDING, lambda route: route.abort(), times=1)
    type_in(chat, "do not lose me")
    expect(chat.log.get_by_text("No answer")).to_be_visible()

    chat.page.reload()
    expect(chat.log.get_by_text("do not lose me", exact=True)).to_be_visible()
    chat.page.clock.fast_forward(5_000)

    expect(chat.log).to_contain_text("About do not lose me.")
    assert answering.heard.texts == ["do not lose me"]


def answers_and_writes_nothing_down(route: Route) -> None:
    key = json.loads(route.request.post_data or "{}")["key"]
    bubble = {"id": f"{key}-0", "from": "bot", "at": "2026-11-22T12:00:00Z", "text": "Hello."}
    route.fulfill(json={"messages": [bubble], "handoff": None, "kept": False})


def test_what_the_server_could_not_write_down_waits_here_for_the_visitor(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.page.route(SENDING, answers_and_writes_nothing_down, times=1)
    type_in(chat, "do not lose me")
    expect(chat.log).to_contain_text("Hello.")

    chat.page.reload()
    expect(chat.log.get_by_text("do not lose me", exact=True)).to_be_visible()
    chat.page.clock.fast_forward(60_000)
    assert answering.heard.texts == []
    chat.log.get_by_role("button", name="Try again").click()

    expect(chat.log).to_contain_text("About do not lose me.")
    chat.page.reload()
    expect(chat.log.get_by_text("do not lose me", exact=True)).to_have_count(1)
    expect(chat.log.get_by_role("button", name="Try again")).to_have_count(0)


def helps_and_writes_nothing_down(route: Route) -> None:
    sent = json.loads(route.request.post_data or "{}")
    words = f"About {sent['text']}."
    bubble = {"id": f"{sent['key']}-0", "from": "bot", "at": "2026-11-22T12:00:00Z"}
    shown = {**bubble, "text": words, "payload": HELP}
    route.fulfill(json={"messages": [shown], "handoff": None, "kept": False})


@pytest.mark.parametrize("words", ["what after an overdose", "they will not miss me"])
def test_words_that_had_help_go_again_by_themselves_until_they_are_written_down(
    chat: Chat, answering: AnsweringDesk, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setitem(PAYLOADS, words, HELP)
    chat.page.route(SENDING, helps_and_writes_nothing_down, times=2)
    type_in(chat, words)
    expect(chat.log.locator(".crisis-card")).to_be_visible()
    with chat.page.expect_response(SENDING):
        chat.page.clock.fast_forward(5_000)
    assert answering.heard.texts == []

    with chat.page.expect_response(SENDING):
        chat.page.clock.fast_forward(9_000)

    assert answering.heard.texts == [words]
    expect(chat.log.get_by_text(f"About {words}.")).to_have_count(1)
    expect(chat.log.locator(".crisis-card")).to_have_count(1)
    chat.page.reload()
    expect(chat.log.get_by_text(words, exact=True)).to_have_count(1)
    expect(chat.log.get_by_role("button", name="Try again")).to_have_count(0)


def test_help_that_was_not_written_down_gives_way_to_the_help_that_the_bot_gives_then(
    chat: Chat, answering: AnsweringDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot itself could not answer the first time."""
    fuller = {**HELP, "resources": [*HELP["resources"], {"name": "Poison Control", "call": "1"}]}
    monkeypatch.setitem(PAYLOADS, "i want to kill myself", fuller)
    chat.page.route(SENDING, helps_and_writes_nothing_down, times=1)
    type_in(chat, "I want to kill myself")
    expect(chat.log.locator(".crisis-card")).to_be_visible()

    chat.page.clock.fast_forward(5_000)

    expect(chat.log.get_by_text("Poison Control").first).to_be_visible()
    expect(chat.log.locator(".message.crisis")).to_have_count(1)


def test_help_that_was_not_written_down_gives_way_to_nothing_but_help(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.page.route(SENDING, helps_and_writes_nothing_down, times=1)
    type_in(chat, "I want to kill myself")
    expect(chat.log.locator(".crisis-card")).to_be_visible()

    chat.page.clock.fast_forward(5_000)

    expect(chat.log.get_by_text("Sources")).to_be_visible()
    expect(chat.log.locator(".crisis-card")).to_be_visible()


def test_words_that_had_help_go_again_when_the_page_is_opened_anew(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.page.route(SENDING, helps_and_writes_nothing_down, times=1)
    type_in(chat, "they will not miss me")
    expect(chat.log.locator(".crisis-card")).to_be_visible()

    chat.page.reload()
    expect(chat.log.get_by_text("they will not miss me", exact=True)).to_be_visible()
    with chat.page.expect_response(SENDING):
        chat.page.clock.fast_forward(5_000)

    assert answering.heard.texts == ["they will not miss me"]
    expect(chat.log.get_by_role("button", name="Try again")).to_have_count(0)


def test_what_was_not_sent_long_ago_waits_for_the_visitor(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.page.route(SENDING, lambda route: route.abort(), times=2)
    type_in(chat, "Yes, send it")
    with chat.page.expect_event("requestfailed"):
        chat.page.clock.fast_forward(5_000)
    chat.page.clock.fast_forward(3_600_000)

    chat.page.reload()
    expect(chat.log.get_by_role("button", name="Try again")).to_be_visible()
    chat.page.clock.fast_forward(60_000)

    assert answering.heard.texts == []


def test_a_second_try_never_overtakes_what_was_said_and_answered_after_it(
    chat: Chat, answering: AnsweringDesk
) -> None:
    """By now another question may be asked, and this would be taken for its answer."""
    chat.page.route(SENDING, lambda route: route.fulfill(status=503, json={}), times=1)
    type_in(chat, "answer to question three")
    expect(chat.log.get_by_text("No answer")).to_be_visible()
    chat.say("how long does it take")

    chat.page.clock.fast_forward(60_000)

    expect(chat.log.get_by_role("button", name="Try again")).to_be_visible()
    assert answering.heard.texts == ["how long does it take"]


def test_what_was_written_offline_hours_ago_waits_for_the_visitor_and_says_so(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.page.context.set_offline(True)
    type_in(chat, "can you hear me")
    expect(chat.log.get_by_text("Waits for the internet")).to_be_visible()

    chat.page.clock.fast_forward(3 * 3_600_000)
    chat.page.context.set_offline(False)

    expect(chat.log.get_by_text("Waits for the internet")).to_have_count(0)
    expect(chat.log.get_by_role("button", name="Try again")).to_be_visible()
    assert answering.heard.texts == []


def test_what_the_visitor_sends_again_while_offline_goes_when_online(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.page.route(SENDING, lambda route: route.abort(), times=2)
    type_in(chat, "can you hear me")
    with chat.page.expect_event("requestfailed"):
        chat.page.clock.fast_forward(5_000)
    chat.page.context.set_offline(True)
    chat.log.get_by_role("button", name="Try again").click()
    expect(chat.log.get_by_text("Waits for the internet")).to_be_visible()

    chat.page.context.set_offline(False)

    expect(chat.log).to_contain_text("About can you hear me.")
    assert answering.heard.texts == ["can you hear me"]


def test_words_of_danger_are_sent_until_they_arrive(chat: Chat, answering: AnsweringDesk) -> None:
    """Whatever was said since: staff must hear of them."""
    words = "I want to kill myself"
    tries: list[str] = []

    def refuse(route: Route) -> None:
        tries.append(json.loads(route.request.post_data or "{}")["key"])
        route.fulfill(status=500, body="<h1>Oh no</h1>")

    chat.page.route(SENDING, refuse)
    type_in(chat, words)
    expect(chat.log.get_by_role("group", name="You can reach someone right now")).to_be_visible()
    for count in range(2, 5):
        with chat.page.expect_response(SENDING):
            chat.page.clock.fast_forward(60_000)
        assert len(tries) == count
    assert len(set(tries)) == 1, "every try is the same message"

    chat.page.unroute(SENDING)
    with chat.page.expect_response(SENDING):
        chat.page.clock.fast_forward(60_000)

    expect(chat.log.get_by_text("No answer")).to_have_count(0)
    chat.page.clock.fast_forward(600_000)
    assert answering.heard.texts == [words]


def test_answers_to_what_waited_do_not_push_help_out_of_sight(chat: Chat) -> None:
    chat.page.context.set_offline(True)
    for text in ("what after an overdose", "one", "two", "three"):
        type_in(chat, text)
        expect(chat.log.get_by_text("Waits for the internet").last).to_be_visible()

    chat.page.context.set_offline(False)

    expect(chat.log).to_contain_text("About three.")
    expect(chat.log.get_by_role("link", name="Call 911, Emergency")).to_be_in_viewport()


def test_what_takes_long_is_said_with_help_lines(chat: Chat, photograph: Photograph) -> None:
    held: list[Route] = []
    chat.page.route(SENDING, lambda route: held.append(route), times=1)
    with chat.page.expect_request(SENDING):
        type_in(chat, "hello there")
    expect(chat.log.locator(".dots")).to_be_visible()  # from here on the page counts
    expect(chat.log.get_by_text("This takes longer than usual.")).to_be_hidden()

    chat.page.clock.fast_forward(1_600)

    expect(chat.log.get_by_text("This takes longer than usual.")).to_be_visible()
    # Danger that only the assistant would have heard in the words does not wait for it.
    expect(chat.log.locator(".slow").get_by_role("link", name="988").first).to_be_in_viewport()
    photograph(chat.page, "chat-slow")
    held[0].continue_()
    expect(chat.log).to_contain_text("About hello there.")
    expect(chat.log.get_by_text("This takes longer than usual.")).to_be_hidden()


def test_who_writes_while_the_chat_is_still_opening_is_told_too_that_it_takes_long(
    chat: Chat,
) -> None:
    opening: list[Route] = []
    sending: list[Route] = []
    chat.page.route("**/api/conversation", lambda route: opening.append(route), times=1)
    chat.page.route(SENDING, lambda route: sending.append(route), times=1)
    with chat.page.expect_request("**/api/conversation"):
        chat.page.reload()
    type_in(chat, "hello there")
    with chat.page.expect_request(SENDING):
        opening[0].continue_()
    expect(chat.log.locator(".dots")).to_be_visible()

    chat.page.clock.fast_forward(1_600)

    expect(chat.log.get_by_text("This takes longer than usual.")).to_be_visible()


def test_whoever_begins_while_offline_is_served_when_online_again(
    chat: Chat, answering: AnsweringDesk
) -> None:
    page = chat.page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    page.route("**/api/conversation", lambda route: route.abort(), times=1)
    page.goto(f"{answering.url}/chat")
    log = page.get_by_role("log")
    expect(log.get_by_role("alert")).to_contain_text("I could not reach our system.")

    log.get_by_role("button", name="Try again").click()

    expect(log.get_by_role("alert")).to_have_count(0)
    page.context.close()
