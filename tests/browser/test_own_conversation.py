"""What visitors can do with their own conversation: download it, have it mailed, delete it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from clinic.tables import Message
from tests.browser.answering import AnsweringDesk, answering_desk
from tests.browser.chat import Chat
from tests.receivers import Mailbox, mail_server

Photograph = Callable[[Page, str], None]


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
    return Chat(page, mailing.url)


def menu(chat: Chat, name: str) -> None:
    chat.page.get_by_role("button", name="Your conversation").click()
    chat.page.get_by_role("button", name=name).click()


def has_no_barrier(page: Page) -> bool:
    found = Axe().run(page).response["violations"]
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


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
    menu(chat, "E-mail me this conversation")
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
    menu(chat, "Delete this conversation")
    dialog = chat.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert has_no_barrier(chat.page)
    photograph(chat.page, "chat-delete")
    chat.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(chat.log).to_contain_text("something very private")

    menu(chat, "Delete this conversation")
    dialog.get_by_role("button", name="Delete it").click()

    expect(chat.log).to_contain_text("This conversation was deleted.")
    expect(chat.log).not_to_contain_text("something very private")
    with mailing.desk.writing() as session:
        assert [m for m in session.query(Message) if "very private" in str(m.content)] == []
    chat.page.reload()
    expect(chat.log).to_contain_text("What would you like to know")
    chat.say("a new beginning")
    expect(chat.log).not_to_contain_text("very private")


def test_if_deleting_fails_nobody_is_told_that_it_was_done(chat: Chat) -> None:
    chat.say("something very private")
    chat.page.route("**/api/conversation", lambda route: route.abort())
    menu(chat, "Delete this conversation")
    chat.page.get_by_role("button", name="Delete it").click()

    expect(chat.page.get_by_role("alert")).to_contain_text("That did not work.")
    expect(chat.log).to_contain_text("something very private")


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
    assert chat.page.evaluate("window.tones") == 1

    chat.page.reload()
    chat.page.get_by_role("button", name="Your conversation").click()
    expect(box).to_be_checked()


def test_a_clinic_without_a_mail_server_offers_no_mail(
    answering: AnsweringDesk, page: Page
) -> None:
    chat = Chat(page, answering.url)
    chat.page.get_by_role("button", name="Your conversation").click()

    expect(page.get_by_role("button", name="Download this conversation")).to_be_visible()
    expect(page.get_by_role("button", name="E-mail me this conversation")).to_have_count(0)
