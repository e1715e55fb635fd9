"""A visitor and a member of staff write with each other, each in a browser of their own.

The bot is a stand-in here; with the real one: test_takeover.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from clinic import handoff_endings, handoffs
from clinic.crisis_events import record_crisis
from clinic.tables import Handoff
from tests.browser.bot_stand_in import Say, bot_stand_in
from tests.browser.chat import FRAME, Chat
from tests.browser.staff import signed_in
from tests.console_desk import ConsoleDesk

PERSON = "Can I talk to a person?"
CALL_INSTEAD = "Call me back instead"
WAITS: list[dict[str, Any]] = [
    {"text": "Somebody of our staff may come soon."},
    {"custom": {"type": "handoff", "state": "waiting", "suggestions": [CALL_INSTEAD]}},
]
ASKS: list[dict[str, Any]] = [
    {"text": "How may we reach you?"},
    {"custom": {"type": "question", "field": "how", "kind": "choice", "options": ["By phone"]}},
]


def answers(desk: Callable[[], ConsoleDesk]) -> Say:
    """A bot that calls staff, takes them back for a call, and repeats everything else."""

    def say(conversation_id: str, text: str) -> list[dict[str, Any]]:
        if text not in (PERSON, CALL_INSTEAD):
            return [{"text": f"You said: {text}"}]
        with desk().writing() as session:
            if text == PERSON:
                handoffs.ask(session, conversation_id)
            else:
                handoff_endings.leave(session, conversation_id)
        return WAITS if text == PERSON else ASKS

    return say


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleDesk]:
    running: list[ConsoleDesk] = []
    with bot_stand_in(answers(lambda: running[0])) as url:
        settings = {"CLINIC_RASA_URL": url, "CLINIC_HANDOFF_PATIENCE_SECONDS": "6"}
        running.append(ConsoleDesk(tmp_path_factory.mktemp("live"), **settings))
        try:
            running[0].start()
            yield running[0]
        finally:
            running[0].stop()


@pytest.fixture(scope="module")
def staff(desk: ConsoleDesk, browser: Browser) -> Iterator[BrowserContext]:
    page = signed_in(desk, browser)
    yield page.context
    page.context.close()


@pytest.fixture
def staff_page(desk: ConsoleDesk, staff: BrowserContext) -> Iterator[Page]:
    page = staff.new_page()
    page.goto(f"{desk.url}/staff/live")
    yield page
    page.close()


@pytest.fixture
def chat(desk: ConsoleDesk, page: Page) -> Chat:
    page.set_viewport_size(FRAME)
    return Chat(page, desk.url)


def take(staff_page: Page, chat: Chat) -> None:
    chat.say(PERSON)
    staff_page.get_by_role("button", name=re.compile("^Take over")).first.click()
    expect(staff_page.get_by_text("Enter sends")).to_be_visible()
    expect(staff_page.get_by_label("Your message")).to_be_focused()
    expect(chat.page.get_by_role("heading", name=re.compile("Clinic team"))).to_be_visible()


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")


def test_a_chat_from_the_first_word_to_the_hand_back(
    staff_page: Page, chat: Chat, photograph: Callable[[Page, str], None]
) -> None:
    problems: list[str] = []
    for page in (staff_page, chat.page):
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    chat.say("is it safe?")

    # staff are on the list: it grows without a reload
    chat.say(PERSON)
    expect(chat.page.get_by_text("We have called our staff.").last).to_be_visible()
    expect(staff_page.get_by_text("Waiting for a person 1")).to_be_visible(timeout=20_000)
    staff_page.get_by_role("button", name=re.compile("^Take over")).click()
    expect(staff_page.get_by_role("log")).to_contain_text("is it safe?")

    # both ways, with signs of typing
    expect(chat.page.get_by_placeholder("Write to the clinic team")).to_be_visible()
    expect(staff_page.get_by_text("Enter sends")).to_be_visible()
    staff_page.get_by_label("Your message").press_sequentially("Hello, this")
    expect(chat.page.get_by_text("The clinic team is writing")).to_be_attached()
    staff_page.get_by_label("Your message").press_sequentially(" is us.")
    staff_page.get_by_label("Your message").press("Enter")
    expect(chat.log).to_contain_text("Hello, this is us.")
    expect(chat.log.get_by_text("Clinic team").first).to_be_visible()
    chat.page.get_by_label("Your message").press_sequentially("Thank you")
    expect(staff_page.get_by_text("The visitor is typing")).to_be_visible()
    chat.page.get_by_label("Your message").press("Enter")
    expect(staff_page.get_by_role("log")).to_contain_text("Thank you")
    expect(chat.log).not_to_contain_text("You said: Thank you")
    photograph(staff_page, "console-live")
    photograph(chat.page, "widget-live")

    # a reload on either side loses nothing, and shows nothing twice
    staff_page.get_by_label("Your message").fill("half a sent")
    staff_page.reload()
    expect(staff_page.get_by_label("Your message")).to_have_value("half a sent")
    staff_page.get_by_label("Your message").fill("")
    chat.page.reload()
    expect(chat.log.get_by_text("Hello, this is us.")).to_have_count(1)
    expect(chat.page.get_by_placeholder("Write to the clinic team")).to_be_visible()
    expect(staff_page.get_by_text("Enter sends")).to_be_visible()
    write(staff_page, "Anything else?")
    expect(chat.log.get_by_text("Anything else?")).to_have_count(1)
    expect(staff_page.get_by_role("log").get_by_text("Anything else?")).to_have_count(1)

    # handed back with a note
    staff_page.get_by_label("Note for your team").fill("Wants to know about safety")
    staff_page.get_by_role("button", name="Hand back").click()
    expect(staff_page.get_by_text("The chat is back with the assistant.")).to_be_visible()
    expect(chat.log).to_contain_text("You are back with the assistant")
    expect(chat.page.get_by_role("heading", name=re.compile("automated"))).to_be_visible()
    chat.say("and now?")
    expect(chat.log).to_contain_text("You said: and now?")
    assert problems == []


def test_canned_replies_are_offered_by_a_slash(staff_page: Page, chat: Chat) -> None:
    take(staff_page, chat)
    field = staff_page.get_by_label("Your message")

    field.press_sequentially("/moment")
    expect(staff_page.get_by_role("option", name="one-moment")).to_be_visible()
    field.press("Enter")

    expect(field).to_have_value(re.compile("One moment please"))
    field.press("Enter")
    expect(chat.log).to_contain_text("One moment please")


def test_the_visitor_goes_back_and_staffs_unsent_words_are_kept(
    staff_page: Page, chat: Chat
) -> None:
    take(staff_page, chat)
    staff_page.get_by_label("Your message").fill("a long answer, not sent yet")

    chat.page.get_by_role("button", name="Back to the assistant").click()

    expect(chat.log).to_contain_text("You are back with me, the automated assistant.")
    expect(chat.page.get_by_role("button", name="Back to the assistant")).to_be_hidden()
    expect(staff_page.get_by_text("The visitor went back to the assistant.")).to_be_visible()
    expect(staff_page.get_by_label("Not sent")).to_have_value("a long answer, not sent yet")


def test_nobody_comes_and_the_visitor_is_told_without_writing_again(
    staff_page: Page, chat: Chat
) -> None:
    chat.say(PERSON)

    expect(chat.log).to_contain_text("nobody of our staff could come", timeout=20_000)
    expect(chat.log.get_by_role("button", name="Call me back", exact=True)).to_be_visible()
    expect(staff_page.get_by_role("heading", name="Missed")).to_be_visible(timeout=20_000)


def test_words_of_danger_get_help_while_a_person_writes_and_staff_are_alarmed(
    staff_page: Page, chat: Chat
) -> None:
    take(staff_page, chat)

    chat.say("i want to kill myself")

    expect(chat.log).to_contain_text("You can reach someone right now")
    expect(staff_page.get_by_role("alert")).to_contain_text("Words of crisis: Suicide")


def test_a_hint_reaches_staff_at_once_and_the_visitor_sees_nothing_of_it(
    desk: ConsoleDesk, staff_page: Page, chat: Chat
) -> None:
    take(staff_page, chat)
    with desk.writing() as session:
        # The newest: chats of other tests may still be open.
        handoff = session.scalars(select(Handoff).order_by(Handoff.id.desc()).limit(1)).one()
        record_crisis(
            session,
            conversation_id=handoff.conversation_id,
            message_key="key-0001",
            category="suicide",
            outcome="soft",
        )

    expect(staff_page.get_by_text("A hint of danger: Suicide")).to_be_visible()
    expect(staff_page.get_by_role("status").filter(has_text="A hint of danger")).to_be_visible()
    expect(chat.log).not_to_contain_text("hint")


def test_news_that_an_answer_overtook_takes_its_place_and_no_button_away(chat: Chat) -> None:
    chat.say(PERSON)

    chat.choose(CALL_INSTEAD)

    expect(chat.page.get_by_role("button", name="Stop waiting")).to_be_hidden()
    expect(chat.log).to_contain_text("You are back with me")
    text = chat.log.inner_text()
    assert text.index("You are back with me") < text.index("How may we reach you?")
    expect(chat.log.get_by_role("button", name="By phone")).to_be_enabled()


def test_lost_contact_comes_back_and_nothing_is_shown_twice(staff_page: Page, chat: Chat) -> None:
    take(staff_page, chat)
    write(staff_page, "first words")
    expect(chat.log.get_by_text("first words")).to_have_count(1)

    chat.page.context.set_offline(True)
    write(staff_page, "while you were away")
    expect(staff_page.get_by_role("log")).to_contain_text("while you were away")
    chat.page.context.set_offline(False)

    expect(chat.log.get_by_text("while you were away")).to_have_count(1, timeout=20_000)
    expect(chat.log.get_by_text("first words")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_live_chat_has_no_serious_barrier_on_either_side(
    staff_page: Page,
    chat: Chat,
    width: int,
    scheme: str,
) -> None:
    for page in (staff_page, chat.page):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(
            color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
        )
    take(staff_page, chat)
    write(staff_page, "Hello, this is us.")
    expect(chat.log).to_contain_text("Hello, this is us.")

    for page in (staff_page, chat.page):
        found = Axe().run(page).response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
        wider = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wider, "the page scrolls sideways"


def test_another_tab_of_the_visitor_shows_the_person_too(
    staff_page: Page, chat: Chat, desk: ConsoleDesk
) -> None:
    tab = chat.page.context.new_page()
    tab.clock.install()
    other = Chat(tab, desk.url)

    take(staff_page, chat)
    write(staff_page, "Hello, this is us.")
    tab.clock.fast_forward(16_000)

    expect(other.log).to_contain_text("Hello, this is us.")
    expect(other.page.get_by_role("heading", name=re.compile("Clinic team"))).to_be_visible()
