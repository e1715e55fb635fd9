"""What visitors can do with their own conversation: download it, have it mailed, delete it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from clinic.tables import Message
from tests.browser.answering import AnsweringDesk, answering_desk
from tests.browser.chat import FRAME, Chat
from tests.browser.embedded import Embedded
from tests.browser.test_conversation import NO_STORAGE
from tests.receivers import Mailbox, mail_server

Photograph = Callable[[Page, str], None]
DELETE = "Delete this conversation"
EMAIL = "E-mail me this conversation"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[AnsweringDesk]:
    address = f"mailto://127.0.0.1:{mailbox.port}?from=desk@clinic.example&mode=insecure"
    folder = tmp_path_factory.mktemp("mailing")
    with answering_desk(folder, CLINIC_VISITOR_MAIL=address) as desk:
        yield desk


@pytest.fixture
def chat(mailing: AnsweringDesk, page: Page) -> Chat:
    page.set_viewport_size(FRAME)
    return Chat(page, mailing.url)


def menu(chat: Chat, name: str) -> None:
    chat.page.get_by_role("button", name="Your conversation").click()
    chat.page.get_by_role("button", name=name).click()


def has_no_barrier(page: Page) -> bool:
    found = Axe().run(page).response["violations"]
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def hold(page: Page, address: str, method: str) -> list[Route]:
    """Requests that wait until the test lets them go on."""
    held: list[Route] = []

    def catch(route: Route) -> None:
        if route.request.method == method:
            held.append(route)
        else:
            route.continue_()

    page.route(address, catch)
    return held


def is_kept(mailing: AnsweringDesk, words: str) -> bool:
    with mailing.desk.writing() as session:
        return any(words in str(message.content) for message in session.query(Message))


def test_it_can_be_downloaded(chat: Chat, tmp_path: Path) -> None:
    chat.say("what is it")

    with chat.page.expect_download() as download:
        menu(chat, "Download this conversation")

    download.value.save_as(tmp_path / "file")
    text = (tmp_path / "file").read_text("utf-8")
    assert download.value.suggested_filename.endswith(".txt")
    assert "what is it" in text
    assert "About what is it." in text
    assert "https://example.org/a" in text
    expect(chat.page.get_by_role("button", name="Your conversation")).to_be_focused()


def test_where_nothing_was_said_that_is_told(chat: Chat) -> None:
    menu(chat, "Download this conversation")

    expect(chat.page.get_by_text("there is nothing to download")).to_be_visible()


def test_it_is_mailed_after_a_code_that_only_the_owner_of_the_mailbox_has(
    chat: Chat, mailbox: Mailbox, photograph: Photograph
) -> None:
    mailbox.mails.clear()
    chat.say("what is it")
    menu(chat, EMAIL)
    dialog = chat.page.get_by_role("dialog")
    assert has_no_barrier(chat.page)
    photograph(chat.page, "chat-email")

    dialog.get_by_label("Your e-mail address").fill("ann")
    dialog.get_by_role("button", name="Send me a code").click()
    expect(dialog.get_by_role("alert")).to_contain_text("a whole e-mail address")

    dialog.get_by_label("Your e-mail address").fill("ann@visitor.example")
    dialog.get_by_label("Your e-mail address").press("Enter")
    expect(dialog).to_contain_text("We sent a code of six digits to ann@visitor.example.")
    [first] = mailbox.wait_for(1)
    assert "what is it" not in first
    digits = re.search(r"\b(\d{6})\b", first)
    assert digits

    wrong = "000000" if digits[1] != "000000" else "111111"
    dialog.get_by_label("The code from the e-mail").fill(wrong)
    dialog.get_by_role("button", name="Send the conversation").click()
    expect(dialog.get_by_role("alert")).to_contain_text("not the code")
    dialog.get_by_label("The code from the e-mail").fill(digits[1])
    dialog.get_by_label("The code from the e-mail").press("Enter")
    expect(dialog).to_contain_text("We are sending it to ann@visitor.example.")

    mailbox.wait_for(2)
    assert "About what is it." in mailbox.files[-1]
    dialog.get_by_role("button", name="Back to the chat").click()
    expect(chat.page.get_by_label("Your message")).to_be_focused()


def test_deleting_asks_once_and_leaves_nothing(
    chat: Chat, mailing: AnsweringDesk, photograph: Photograph
) -> None:
    chat.say("something very private")
    menu(chat, DELETE)
    dialog = chat.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert has_no_barrier(chat.page)
    photograph(chat.page, "chat-delete")
    chat.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(chat.log).to_contain_text("something very private")

    menu(chat, DELETE)
    dialog.get_by_role("button", name="Delete it").click()

    expect(chat.log).to_contain_text("This conversation was deleted.")
    expect(chat.log).not_to_contain_text("something very private")
    assert not is_kept(mailing, "very private")
    chat.page.reload()
    expect(chat.log).to_contain_text("What would you like to know")
    chat.say("a new beginning")
    expect(chat.log).not_to_contain_text("very private")


def test_if_deleting_fails_nobody_is_told_that_it_was_done(chat: Chat) -> None:
    chat.say("something very private")
    chat.page.route("**/api/conversation", lambda route: route.abort())
    menu(chat, DELETE)
    deed = chat.page.get_by_role("button", name="Delete it")
    deed.press("Enter")

    expect(chat.page.get_by_role("alert")).to_contain_text("That did not work.")
    expect(chat.log).to_contain_text("something very private")
    expect(deed).to_be_focused()
    chat.page.unroute("**/api/conversation")
    chat.page.keyboard.press("Enter")
    expect(chat.log).to_contain_text("This conversation was deleted.")


def test_a_browser_that_keeps_nothing_deletes_it_before_it_has_even_been_fetched(
    mailing: AnsweringDesk, page: Page
) -> None:
    """Such a browser has the key in a cookie, and the page has it only when the chat has begun."""
    page.add_init_script(NO_STORAGE)
    chat = Chat(page, mailing.url)
    chat.say("known to a cookie only")
    held = hold(page, "**/api/conversation", "POST")
    with page.expect_request("**/api/conversation"):
        page.reload()

    menu(chat, DELETE)
    page.get_by_role("button", name="Delete it").click()
    expect(chat.log).not_to_contain_text("was deleted")
    held[0].continue_()

    expect(chat.log).to_contain_text("This conversation was deleted.")
    assert not is_kept(mailing, "known to a cookie only")


def test_while_it_is_deleted_nothing_can_be_pressed_twice(chat: Chat) -> None:
    chat.say("something very private")
    held = hold(chat.page, "**/api/conversation", "DELETE")
    menu(chat, DELETE)
    deed = chat.page.get_by_role("button", name="Delete it")
    with chat.page.expect_request("**/api/conversation"):
        deed.press("Enter")

    chat.page.keyboard.press("Enter")
    deed.click(force=True)
    expect(deed).to_have_attribute("aria-disabled", "true")
    expect(deed).to_be_focused()
    held[0].continue_()

    expect(chat.log).to_contain_text("This conversation was deleted.")
    expect(chat.page.get_by_role("dialog")).to_be_hidden()
    assert len(held) == 1


def test_escape_closes_the_small_window_and_never_the_chat_behind_it(embedded: Embedded) -> None:
    visit = embedded.visit().open()
    held = hold(visit.page, "**/api/conversation", "DELETE")
    visit.chat.get_by_role("button", name="Your conversation").click()
    visit.chat.get_by_role("button", name=DELETE).click()
    dialog = visit.chat.get_by_role("dialog")
    with visit.page.expect_request("**/api/conversation"):
        dialog.get_by_role("button", name="Delete it").click()
    dialog.get_by_role("heading").click()  # the focus is on nothing now

    visit.page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(visit.panel).to_be_visible()
    held[0].continue_()
    expect(visit.chat.get_by_role("log")).to_contain_text("This conversation was deleted.")
    expect(dialog).to_be_hidden()


def test_escape_while_a_word_is_composed_leaves_the_chat_open(embedded: Embedded) -> None:
    visit = embedded.visit().open()

    visit.field.evaluate(
        "node => node.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Escape', isComposing: true, bubbles: true}))"
    )
    visit.field.fill("still here")  # later than any word of the frame to the page around it
    expect(visit.panel).to_be_visible()

    visit.page.keyboard.press("Escape")
    expect(visit.panel).to_be_hidden()


def test_an_answer_to_a_window_that_was_left_opens_nothing(chat: Chat) -> None:
    chat.say("what is it")
    held = hold(chat.page, "**/api/conversation/email", "POST")
    menu(chat, EMAIL)
    dialog = chat.page.get_by_role("dialog")
    field = dialog.get_by_label("Your e-mail address")
    field.fill("ann@visitor.example")
    with chat.page.expect_request("**/api/conversation/email"):
        field.press("Enter")
    expect(field).to_be_focused()

    chat.page.keyboard.press("Escape")
    with chat.page.expect_response("**/api/conversation/email"):
        held[0].continue_()
    chat.say("and more")

    expect(dialog).to_be_hidden()


def test_with_the_conversation_the_address_is_forgotten(chat: Chat) -> None:
    chat.say("what is it")
    menu(chat, EMAIL)
    dialog = chat.page.get_by_role("dialog")
    dialog.get_by_label("Your e-mail address").fill("ann@visitor.example")
    dialog.get_by_role("button", name="Send me a code").click()
    expect(dialog).to_contain_text("We sent a code")
    chat.page.keyboard.press("Escape")

    menu(chat, DELETE)
    dialog.get_by_role("button", name="Delete it").click()
    expect(chat.log).to_contain_text("This conversation was deleted.")
    assert "ann@visitor.example" not in chat.page.content()
    menu(chat, EMAIL)

    expect(dialog.get_by_label("Your e-mail address")).to_have_value("")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", [EMAIL, DELETE])
def test_the_help_lines_can_be_pressed_in_every_small_window(
    chat: Chat, name: str, width: int, photograph: Photograph
) -> None:
    chat.page.set_viewport_size({"width": width, "height": 640})
    menu(chat, name)

    for words in ("Call 911", "text 988"):
        link = chat.page.get_by_role("dialog").get_by_role("link", name=words)
        link.click(trial=True)  # nothing lies over it
        box = link.bounding_box()
        assert box
        assert round(box["height"]) >= 44
    assert has_no_barrier(chat.page)
    photograph(chat.page, f"chat-help-in-{name.split()[0].lower()}-{width}")


def test_every_item_of_the_menu_is_large_enough_for_a_thumb(chat: Chat) -> None:
    chat.page.set_viewport_size({"width": 320, "height": 640})
    chat.page.get_by_role("button", name="Your conversation").click()

    items = chat.page.locator("#menu").locator("button, label").all()

    assert len(items) == 4
    for item in items:
        box = item.bounding_box()
        assert box
        assert round(box["height"]) >= 44


def test_escape_closes_the_menu_and_a_press_beside_it_too(chat: Chat) -> None:
    opener = chat.page.get_by_role("button", name="Your conversation")
    items = chat.page.get_by_role("button", name="Download this conversation")
    opener.click()
    assert has_no_barrier(chat.page)
    chat.page.keyboard.press("Escape")
    expect(items).to_be_hidden()
    expect(opener).to_be_focused()

    opener.click()
    chat.log.click()
    expect(items).to_be_hidden()


def test_there_is_no_sound_until_somebody_wants_it(chat: Chat) -> None:
    chat.page.evaluate(
        "() => { window.tones = 0; const Real = AudioContext;"
        " window.AudioContext = class extends Real { createOscillator() {"
        " window.tones += 1; return super.createOscillator(); } }; }"
    )
    chat.say("what is it")
    assert chat.page.evaluate("window.tones") == 0

    chat.page.get_by_role("button", name="Your conversation").click()
    box = chat.page.get_by_role("checkbox", name="Sound when a message comes")
    expect(box).not_to_be_checked()
    box.check()
    chat.page.wait_for_function("window.tones === 1")

    chat.page.reload()
    chat.page.get_by_role("button", name="Your conversation").click()
    expect(box).to_be_checked()


def test_where_the_browser_gives_no_sound_nothing_else_is_lost(chat: Chat) -> None:
    problems: list[str] = []
    chat.page.on("pageerror", lambda error: problems.append(str(error)))
    chat.page.evaluate(
        "() => { window.AudioContext = class { constructor() { throw new Error('none'); } }; }"
    )
    chat.page.get_by_role("button", name="Your conversation").click()
    chat.page.get_by_role("checkbox", name="Sound when a message comes").check()
    chat.page.keyboard.press("Escape")

    chat.say("what is it")

    assert problems == []


def test_a_clinic_without_a_mail_server_offers_no_mail(
    answering: AnsweringDesk, page: Page
) -> None:
    chat = Chat(page, answering.url)
    chat.page.get_by_role("button", name="Your conversation").click()

    expect(page.get_by_role("button", name="Download this conversation")).to_be_visible()
    expect(page.get_by_role("button", name="E-mail me this conversation")).to_have_count(0)
