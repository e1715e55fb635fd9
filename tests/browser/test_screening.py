"""The pre-screening in a real browser: asked in between, corrected, paused, resumed, sent, read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import FRAME, Chat
from tests.browser.staff import signed_in
from tests.front_desk import FrontDesk

pytestmark = pytest.mark.running


def test_two_questions_in_the_middle_a_correction_a_reload_and_staff_see_the_lead(
    front_desk: FrontDesk,
    page: Page,
    browser: Browser,
    photograph: Callable[[Page, str], None],
) -> None:
    page.set_viewport_size(FRAME)
    chat = Chat(page, front_desk.url)
    chat.say("start the questions")
    chat.answer_what_is_asked(until="Have you ever had any of these")

    # two questions in the middle: each answered, and the same one asked again, once
    for question in ("is it safe?", "how much does it cost?"):
        before = chat.log.get_by_text("Have you ever had any of these").count()
        chat.say(question)
        expect(chat.log.get_by_text("Have you ever had any of these")).to_have_count(before + 1)

    # one answer corrected by its name
    chat.say("actually I'm 52")
    expect(chat.log).to_contain_text("I changed Age to: 52.")

    # paused by a reload, and the open question is live again
    page.reload()
    chat.tick("None of these")
    chat.answer_what_is_asked(until="Which medicines")
    chat.say("zolofft 50 mg and xanax")
    expect(chat.log).to_contain_text("Zoloft (sertraline)")
    chat.tick("Zoloft (sertraline)")
    photograph(page, "widget-screening")
    chat.answer_what_is_asked(until="What name")
    chat.say("Bea Example")
    chat.answer_what_is_asked()

    # the summary, confirmed, and a copy to keep
    expect(chat.log).to_contain_text("Age: 52")
    photograph(page, "widget-summary")
    chat.choose("Yes, send it")
    with page.expect_download() as saved:
        chat.log.get_by_role("button", name=re.compile("Download")).last.click()
    assert "52" in saved.value.path().read_text("utf-8")

    staff_read_the_summary(front_desk, browser, photograph)


def staff_read_the_summary(
    front_desk: FrontDesk, browser: Browser, photograph: Callable[[Page, str], None]
) -> None:
    page = signed_in(front_desk, browser)
    page.goto(f"{front_desk.url}/staff/leads")
    page.get_by_role("link", name="Bea Example").first.click()
    page.get_by_role("link", name="Clinical summary").click()
    main = page.locator("main")
    expect(main).to_contain_text("benzodiazepine", ignore_case=True)
    expect(main).to_contain_text("sertraline")
    expect(main).to_contain_text("52")
    photograph(page, "console-summary")
    page.context.close()
