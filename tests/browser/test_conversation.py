"""A conversation: honest from the first moment, there again after a reload and the next day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from clinic.erasure import erase_conversation
from clinic.tables import Conversation
from tests.browser.answering import AnsweringDesk
from tests.browser.chat import FRAME, Chat

NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, {
    get() { throw new DOMException("forbidden", "SecurityError"); },
  });
}
window.BroadcastChannel = class {
  constructor() { throw new DOMException("forbidden", "SecurityError"); }
};
"""
NOTICE = "I'm an automated assistant, not a person and not a clinician."


@pytest.fixture
def chat(answering: AnsweringDesk, page: Page) -> Chat:
    answering.heard.texts.clear()
    return Chat(page, answering.url)


def words(chat: Chat) -> list[str]:
    return [text.strip() for text in chat.log.locator(".bubble").all_inner_texts()]


def test_before_any_server_has_answered_it_says_what_it_is(
    answering: AnsweringDesk, page: Page
) -> None:
    page.route("**/api/conversation", lambda route: None)
    page.goto(f"{answering.url}/chat")

    log = page.get_by_role("log")
    expect(log).to_contain_text(NOTICE)
    expect(log).to_contain_text("It is not for emergencies.")
    expect(log).to_contain_text("What would you like to know")
    expect(page.get_by_role("link", name="Call 911")).to_be_visible()


def test_a_reload_keeps_it(chat: Chat, photograph: Callable[[Page, str], None]) -> None:
    chat.say("what is it")
    before = words(chat)

    chat.page.reload()

    expect(chat.log).to_contain_text("About what is it.")
    assert words(chat)[-2:] == before[-2:]
    chat.page.set_viewport_size(FRAME)
    photograph(chat.page, "chat-reloaded")


@pytest.mark.parametrize(("days", "is_there"), [(1, True), (29, True), (31, False)])
def test_it_is_there_the_next_day_and_for_a_month(
    chat: Chat, answering: AnsweringDesk, browser: Browser, days: int, is_there: bool
) -> None:
    chat.say("what is it")
    kept = chat.page.context.storage_state()

    later = browser.new_context(storage_state=kept).new_page()
    later.clock.set_system_time(datetime.now(UTC) + timedelta(days=days))
    later.goto(f"{answering.url}/chat")

    log = later.get_by_role("log")
    expect(log.locator(".message").first).to_be_visible()
    if is_there:
        expect(log).to_contain_text("About what is it.")
        expect(log.locator("time")).not_to_contain_text("Today")
    else:
        expect(log).to_contain_text("What would you like to know")
        expect(log).not_to_contain_text("About what is it.")
    later.context.close()


def test_nothing_of_it_is_a_cookie(chat: Chat) -> None:
    chat.say("what is it")

    assert chat.page.context.cookies() == []


def test_a_browser_that_keeps_nothing_can_talk_all_the_same(
    answering: AnsweringDesk, page: Page
) -> None:
    page.add_init_script(NO_STORAGE)
    chat = Chat(page, answering.url)

    chat.say("what is it")
    chat.say("and more")

    expect(chat.log).to_contain_text("About what is it.")
    expect(chat.log).to_contain_text("About and more.")


def test_the_newest_words_can_be_changed_and_sent_again(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.say("what is kettamine")

    chat.log.get_by_role("button", name="Edit").click()

    field = chat.page.get_by_label("Your message")
    expect(field).to_have_value("what is kettamine")
    expect(field).to_be_focused()
    chat.say("what is ketamine")
    assert answering.heard.texts == ["what is kettamine", "what is ketamine"]
    expect(chat.log.get_by_role("button", name="Edit")).to_have_count(1)


def test_the_last_answer_in_the_questions_is_asked_for_again(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.say("ask me")
    chat.log.get_by_role("button", name="Change my last answer").click()

    expect(chat.log.locator(".message.question")).to_have_count(2)
    expect(chat.page.get_by_label("Your message")).to_have_value("ask me")
    assert answering.heard.texts == ["ask me", "Go back"]


def test_only_an_answer_that_was_taken_can_be_changed(chat: Chat) -> None:
    """Not a question in between, a step back, or what was not understood."""
    change = chat.log.get_by_role("button", name="Change my last answer")
    chat.say("ask me")
    expect(change).to_have_count(1)
    chat.say("ask the next")
    expect(change).to_have_count(1)
    chat.say("ask the next")  # asked once more: it was no answer
    expect(change).to_have_count(0)
    chat.say("go back")
    expect(change).to_have_count(0)
    chat.say("ask the next")
    expect(change).to_have_count(1)


@pytest.mark.parametrize("size", [(320, 568), (568, 320), (320, 256)], ids=str)
def test_on_the_smallest_windows_the_menu_and_the_field_are_all_in_view(
    answering: AnsweringDesk, page: Page, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    chat = Chat(page, answering.url)
    chat.say("ask several")
    expect(page.get_by_label("Your message")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link", name="Call 911").first).to_be_in_viewport(ratio=1)

    page.get_by_role("button", name="Your conversation").click()
    for name in ("Download this conversation", "Delete this conversation"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]


def test_edit_stands_under_the_newest_words_also_after_a_slow_reload(chat: Chat) -> None:
    chat.say("old words")
    held: list[Route] = []
    chat.page.route("**/api/conversation", lambda route: held.append(route), times=1)
    with chat.page.expect_request("**/api/conversation"):
        chat.page.reload()
    chat.page.get_by_label("Your message").fill("new words")
    chat.page.get_by_label("Your message").press("Enter")
    held[0].continue_()
    expect(chat.log).to_contain_text("About new words.")

    edited = chat.log.locator(".message.visitor", has=chat.page.get_by_role("button", name="Edit"))
    expect(edited).to_have_count(1)
    expect(edited).to_contain_text("new words")
    order = ["old words", "About old", "new words", "About new"]
    text = chat.log.inner_text()
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


def test_a_conversation_that_the_clinic_erased_begins_anew_with_the_next_words(
    chat: Chat, answering: AnsweringDesk
) -> None:
    chat.say("one")
    chat.say("two")
    with answering.desk.writing() as session:
        for row in session.query(Conversation):
            erase_conversation(session, row.id)

    chat.page.get_by_label("Your message").fill("three")
    chat.page.get_by_label("Your message").press("Enter")

    expect(chat.log).to_contain_text("About three.")
    expect(chat.log.locator(".message.visitor")).to_have_count(1)
    expect(chat.log).not_to_contain_text("About one.")


def test_a_help_line_is_never_taken_back(chat: Chat) -> None:
    chat.say("what after an overdose")

    expect(chat.log.get_by_role("button", name="Edit")).to_have_count(0)


def test_sources_are_folded_and_open_by_keyboard(chat: Chat) -> None:
    chat.say("what is it")
    source = chat.log.get_by_role("link", name="A source")
    expect(source).to_be_hidden()

    chat.log.locator("summary").focus()
    chat.page.keyboard.press("Enter")

    expect(source).to_be_visible()


def test_everything_can_be_done_without_a_mouse(
    chat: Chat, photograph: Callable[[Page, str], None]
) -> None:
    """From the first suggestion through a list of ticks to the menu, with Tab, Space and Enter."""
    chat.page.set_viewport_size(FRAME)
    keyboard = chat.page.keyboard

    def go_to(name: str) -> None:
        for _ in range(40):
            keyboard.press("Tab")
            focused = chat.page.evaluate(
                "document.activeElement.getAttribute('aria-label')"
                " || document.activeElement.closest('label')?.innerText"
                " || document.activeElement.innerText || ''"
            )
            if focused.strip() == name:
                return
        raise AssertionError(f"Tab never comes to {name}")

    go_to("How does it work?")
    keyboard.press("Enter")
    expect(chat.log).to_contain_text("About How does it work?.")
    expect(chat.page.get_by_label("Your message")).to_be_focused()

    keyboard.type("ask several")
    keyboard.press("Enter")
    expect(chat.log.get_by_role("checkbox", name="Anxiety")).to_be_visible()
    go_to("Anxiety")
    keyboard.press("Space")
    photograph(chat.page, "chat-keyboard")
    go_to("Send")
    keyboard.press("Enter")
    expect(chat.log).to_contain_text("About Anxiety.")

    go_to("Your conversation")
    keyboard.press("Enter")
    expect(chat.page.get_by_role("button", name="Download this conversation")).to_be_visible()
    keyboard.press("Escape")
    expect(chat.page.get_by_role("button", name="Your conversation")).to_be_focused()


def test_screen_readers_are_told_of_new_messages(chat: Chat) -> None:
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.page.get_by_role("heading", name="Front desk assistant")).to_be_visible()
    chat.say("what after an overdose")

    expect(chat.log.get_by_role("alert")).to_contain_text("About what after an overdose.")
    authors = chat.log.locator(".bubble > .spoken").all_inner_texts()
    assert {author.strip() for author in authors} >= {"You:", "Assistant:"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_message_is_a_serious_barrier(
    answering: AnsweringDesk,
    page: Page,
    width: int,
    scheme: str,
    photograph: Callable[[Page, str], None],
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(
        color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
    )
    chat = Chat(page, answering.url)
    for text in ("what is it", "ask for a choice", "what after an overdose", "ask several"):
        chat.say(text)
        found = Axe().run(page).response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == [], text
        assert fits(page), text
    photograph(page, f"chat-{width}-{scheme}")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(640, 360, "100%"), (320, 256, "100%"), (390, 780, "200%")],
    ids=["twice-the-zoom", "four-times-the-zoom", "letters-twice-as-large"],
)
def test_zoomed_in_all_can_be_reached(
    answering: AnsweringDesk, page: Page, width: int, height: int, size: str
) -> None:
    """1280 by 720 at 200 % is a window of 640 by 360 (WCAG 2.2, 1.4.4 and 1.4.10)."""
    page.set_viewport_size({"width": width, "height": height})
    chat = Chat(page, answering.url)
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
    chat.say("ask several")

    assert fits(page)
    for reached in (
        page.get_by_label("Your message"),
        chat.log.get_by_role("checkbox", name="None of these"),
        page.get_by_role("link", name="Call 911").first,
        page.get_by_role("button", name="Your conversation"),
    ):
        reached.scroll_into_view_if_needed()
        expect(reached).to_be_in_viewport()


def test_in_a_language_from_the_right_everything_is_mirrored_and_fits(
    answering: AnsweringDesk, page: Page, photograph: Callable[[Page, str], None]
) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    chat = Chat(page, answering.url)
    page.evaluate("document.documentElement.dir = 'rtl'")
    chat.say("ask me")

    own = chat.log.locator(".message.visitor .bubble").last.bounding_box()
    theirs = chat.log.locator(".message.bot .bubble").last.bounding_box()
    send = page.get_by_role("button", name="Send").bounding_box()
    assert own
    assert theirs
    assert send
    assert own["x"] < theirs["x"]
    assert send["x"] < 195
    assert fits(page)
    photograph(page, "chat-rtl")


def test_with_forced_colours_every_button_has_an_edge(
    answering: AnsweringDesk, page: Page, photograph: Callable[[Page, str], None]
) -> None:
    page.emulate_media(forced_colors="active")
    page.set_viewport_size(FRAME)
    chat = Chat(page, answering.url)
    chat.say("ask for a choice")

    for name in ("Yes", "Skip"):
        button = chat.log.get_by_role("button", name=name, exact=True)
        edge, line = button.evaluate(
            "node => { const s = getComputedStyle(node);"
            " return [s.borderTopWidth, s.textDecorationLine]; }"
        )
        assert edge != "0px" or line == "underline"
    photograph(page, "chat-high-contrast")


def test_who_wants_no_motion_gets_none(answering: AnsweringDesk, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    chat = Chat(page, answering.url)
    chat.say("ask me")

    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0


@pytest.mark.parametrize("name", ["Yes", "Skip", "Go back"])
def test_what_can_be_pressed_is_large_enough_for_a_thumb(
    answering: AnsweringDesk, page: Page, name: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    chat = Chat(page, answering.url)
    chat.say("ask for a choice")

    box = chat.log.get_by_role("button", name=name, exact=True).bounding_box()
    assert box
    assert round(box["height"]) >= 44
