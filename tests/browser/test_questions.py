"""Questions that want another way to answer than typing: a date, a telephone number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from clinic import questionnaires
from tests.browser.bot_stand_in import bot_stand_in
from tests.browser.chat import Chat
from tests.console_desk import ConsoleDesk

DATE: dict[str, Any] = {
    "type": "question",
    "field": "last_dose",
    "kind": "date",
    "options": [],
    "number": 2,
    "of": 9,
    "why": "Staff plan with it.",
    "optional": True,
    "earliest": "2020-01-01",
    "latest": "2026-11-22",
}
ASKED = {
    "a date": DATE,
    "any date": {key: value for key, value in DATE.items() if key not in ("earliest", "latest")},
}
LABEL = "Choose a date, or write it below"
FILLED_IN = {"name": "name", "phone": "tel", "email": "email"}
KEYBOARD = {"name": "text", "phone": "tel", "email": "email"}


def of_files() -> list[tuple[str, str, str]]:
    """Every question for a name, a telephone number or an e-mail address that we ship."""
    return [
        (f"{name}: {asked.item.link_id}", asked.item.link_id, asked.item.reads)
        for name in (questionnaires.SCREENING, questionnaires.CALLBACK)
        for asked in questionnaires.form(name).questionnaire.questions
        if asked.item.reads in FILLED_IN
    ]


class Heard:
    """A bot that asks for what the visitor names, and remembers what else was said."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def say(self, conversation_id: str, text: str) -> list[dict[str, Any]]:
        word, _, field = text.partition(" for ")
        if word != "ask":
            self.texts.append(text)
            return [{"text": f"You said: {text}"}]
        payload = ASKED.get(field, {"type": "question", "field": field, "kind": "text"})
        return [{"text": f"Here is a question for {field}."}, {"custom": payload}]


class TouchedChat(Chat):
    """On a phone nothing is focused that would open the keyboard."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.log = page.get_by_role("log")
        page.goto(f"{url}/chat")
        expect(page.get_by_role("heading", level=1)).to_be_focused()


@pytest.fixture(scope="module")
def heard() -> Heard:
    return Heard()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, heard: Heard) -> Iterator[ConsoleDesk]:
    with bot_stand_in(heard.say) as url:
        desk = ConsoleDesk(tmp_path_factory.mktemp("questions"), CLINIC_RASA_URL=url)
        try:
            desk.start()
            yield desk
        finally:
            desk.stop()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A small screen that is touched."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context
    context.close()


@pytest.fixture
def chat(desk: ConsoleDesk, heard: Heard, phone: BrowserContext) -> Chat:
    heard.texts.clear()
    return TouchedChat(phone.new_page(), desk.url)


def calendar(page: Page) -> Locator:
    return page.get_by_label(LABEL)


def send_date(page: Page) -> Locator:
    return page.get_by_role("log").get_by_role("button", name="Send", exact=True)


def press_until_focused(page: Page, key: str, wanted: Locator) -> None:
    for _ in range(30):
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError("it cannot be reached")


# --- A date ---------------------------------------------------------------------------------------


def test_a_date_is_chosen_by_touch_and_sent_as_iso(chat: Chat, heard: Heard) -> None:
    chat.say("ask for a date")

    field = calendar(chat.page)
    assert (field.get_attribute("min"), field.get_attribute("max")) == ("2020-01-01", "2026-11-22")
    for part in (field, send_date(chat.page)):
        box = part.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390

    field.tap()
    field.fill("2024-03-05")
    send_date(chat.page).tap()

    expect(chat.log).to_contain_text("You said: 2024-03-05")
    assert heard.texts == ["2024-03-05"]
    expect(field).to_have_count(0)


def test_a_date_is_given_with_the_keyboard_alone(
    desk: ConsoleDesk, page: Page, heard: Heard
) -> None:
    heard.texts.clear()
    page.set_viewport_size({"width": 390, "height": 844})
    chat = Chat(page, desk.url)
    chat.say("ask for a date")
    expect(page.get_by_label("Your message")).to_be_focused()

    press_until_focused(page, "Shift+Tab", chat.log)
    press_until_focused(page, "Tab", calendar(page))
    page.keyboard.type("05052024")  # the same day, whichever comes first
    page.keyboard.press("Enter")

    expect(chat.log).to_contain_text("You said: 2024-05-05")
    expect(page.get_by_label("Your message")).to_be_focused()
    assert heard.texts == ["2024-05-05"]


@pytest.mark.parametrize("day", ["", "2019-12-31", "2026-11-23"])
def test_no_date_and_one_that_cannot_be_are_not_sent(chat: Chat, heard: Heard, day: str) -> None:
    chat.say("ask for a date")

    calendar(chat.page).fill(day)
    send_date(chat.page).tap()

    expect(calendar(chat.page)).to_be_focused()  # where the browser says what is wrong
    assert not calendar(chat.page).evaluate("field => field.validity.valid")
    expect(chat.log.locator(".message.visitor")).to_have_count(1)
    assert heard.texts == []


def test_words_are_an_answer_too(chat: Chat, heard: Heard) -> None:
    chat.say("ask for a date")
    chat.say("yesterday")

    assert heard.texts == ["yesterday"]
    expect(calendar(chat.page)).to_have_count(0)


def test_the_ways_around_stand_below_it(chat: Chat, heard: Heard) -> None:
    chat.say("ask for a date")

    for name in ("Why do you ask?", "Skip", "Go back"):
        expect(chat.log.get_by_role("button", name=name)).to_be_visible()
    chat.choose("Skip")

    assert heard.texts == ["Skip"]


def test_without_limits_a_year_has_four_digits(chat: Chat) -> None:
    chat.say("ask for any date")

    calendar(chat.page).fill("0024-03-05")

    assert not calendar(chat.page).evaluate("field => field.validity.valid")


def test_after_a_reload_the_date_can_still_be_given(chat: Chat, heard: Heard) -> None:
    chat.say("ask for a date")
    chat.page.reload()

    calendar(chat.page).fill("2024-03-05")
    send_date(chat.page).tap()

    expect(chat.log).to_contain_text("You said: 2024-03-05")
    assert heard.texts == ["2024-03-05"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_about_a_date_has_no_fault_that_axe_finds(
    desk: ConsoleDesk, browser: Browser, scheme: Any
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,
        reduced_motion="reduce",  # while a message fades in, its contrast is low
    )
    chat = Chat(context.new_page(), desk.url)
    chat.say("ask for a date")

    found = Axe().run(chat.page).response["violations"]

    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    context.close()


# --- How to reach somebody ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "reads"), [one[1:] for one in of_files()], ids=[one[0] for one in of_files()]
)
def test_the_phone_shows_the_keys_and_offers_what_it_knows(
    chat: Chat, field: str, reads: str
) -> None:
    chat.say(f"ask for {field}")

    typed = chat.page.get_by_label("Your message")
    expect(typed).to_have_attribute("inputmode", KEYBOARD[reads])
    expect(typed).to_have_attribute("autocomplete", FILLED_IN[reads])
    letters = chat.page.get_by_role("button", name="Type letters")
    expect(letters).to_be_visible(visible=reads == "phone")


def test_who_has_digits_only_can_have_the_letters_back(chat: Chat, heard: Heard) -> None:
    chat.say("ask for phone")

    chat.page.get_by_role("button", name="Type letters").tap()

    typed = chat.page.get_by_label("Your message")
    expect(typed).to_have_attribute("inputmode", "text")
    expect(typed).to_be_focused()
    chat.say("I would rather not say")
    assert heard.texts == ["I would rather not say"]


@pytest.mark.parametrize("field", ["age", "bp_systolic", "a date"])
def test_numbers_and_dates_keep_the_letters(chat: Chat, field: str) -> None:
    """“Forty three”, “128/82” and “yesterday” are answers."""
    chat.say("ask for phone")
    chat.say(f"ask for {field}")

    typed = chat.page.get_by_label("Your message")
    expect(typed).to_have_attribute("inputmode", "text")
    expect(typed).to_have_attribute("autocomplete", "off")
    expect(chat.page.get_by_role("button", name="Type letters")).to_be_hidden()
