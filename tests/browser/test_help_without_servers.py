"""Whatever of ours is broken, who types words of danger sees the numbers within two seconds."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from clinic.first_line import load_first_line
from clinic.settings import HOME
from setup.processes import Process
from tests.front_desk import FrontDesk

pytestmark = pytest.mark.running

TWO_SECONDS = 2000
WORDS = "I want to kill myself"
TITLE = "You can reach someone right now"
LOST = "I may have lost contact"


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDesk]:
    """A front desk of our own, to break; every test puts it together again."""
    desk = FrontDesk(tmp_path_factory.mktemp("breakable"))
    try:
        desk.start()
        yield desk
    finally:
        desk.stop()


@contextmanager
def nothing_broken(desk: FrontDesk, page: Page) -> Iterator[None]:
    yield


@contextmanager
def action_server_killed(desk: FrontDesk, page: Page) -> Iterator[None]:
    desk.kill("actions")
    yield
    desk.start_again("actions")


@contextmanager
def rasa_killed(desk: FrontDesk, page: Page) -> Iterator[None]:
    desk.kill("rasa")
    yield
    desk.start_again("rasa")


@contextmanager
def rasa_hanging(desk: FrontDesk, page: Page) -> Iterator[None]:
    rasa = desk.processes["rasa"].running.pid
    os.killpg(rasa, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(rasa, signal.SIGCONT)


@contextmanager
def database_gone(desk: FrontDesk, page: Page) -> Iterator[None]:
    """Web is started anew, as it would go on with the file that it has open."""
    desk.kill("web")
    aside = desk.folder / "aside"
    aside.mkdir()
    for path in desk.database.parent.glob("clinic.db*"):
        path.rename(aside / path.name)
    desk.database.mkdir()  # what stands here now cannot be opened as a database
    web = Process("web", desk.processes["web"].command, f"{desk.url}/", desk.folder)
    web.start(desk.env)
    web.wait_until_well()
    yield
    web.stop(signal.SIGKILL)
    web.running.wait()
    desk.database.rmdir()
    for path in aside.iterdir():
        path.rename(desk.database.parent / path.name)
    aside.rmdir()
    desk.start_again("web")


@contextmanager
def one_message_a_minute(desk: FrontDesk) -> Iterator[None]:
    """Each one more is a flood; one alarm more is still passed on to the bot."""
    desk.kill("web")
    web = Process("web", desk.processes["web"].command, f"{desk.url}/", desk.folder)
    web.start({**desk.env, "CLINIC_MESSAGES_PER_MINUTE": "1"})
    web.wait_until_well()
    yield
    web.stop(signal.SIGKILL)
    web.running.wait()
    desk.start_again("web")


@contextmanager
def web_answering_500(desk: FrontDesk, page: Page) -> Iterator[None]:
    page.route("**/api/messages", lambda route: route.fulfill(status=500, body="<h1>Oh no</h1>"))
    yield


@contextmanager
def web_answering_nonsense(desk: FrontDesk, page: Page) -> Iterator[None]:
    page.route("**/api/messages", lambda route: route.fulfill(json={"messages": [None]}))
    yield


@contextmanager
def web_never_answering(desk: FrontDesk, page: Page) -> Iterator[None]:
    page.route("**/api/messages", lambda route: None)
    yield


@contextmanager
def web_gone(desk: FrontDesk, page: Page) -> Iterator[None]:
    desk.kill("web")
    yield
    desk.start_again("web")


TROUBLES: list[Callable[[FrontDesk, Page], AbstractContextManager[None]]] = [
    nothing_broken,
    database_gone,
    action_server_killed,
    rasa_killed,
    rasa_hanging,
    web_answering_500,
    web_answering_nonsense,
    web_never_answering,
    web_gone,
]


class Chat:
    """The chat as a visitor has it open."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.log = page.get_by_role("log")
        self.cards = self.log.get_by_role("group", name=TITLE)
        with page.expect_response("**/api/conversation"):
            page.goto(f"{url}/chat")

    def type(self, text: str) -> None:
        self.page.get_by_label("Your message").fill(text)
        self.page.get_by_label("Your message").press("Enter")

    def link(self, name: str) -> Locator:
        return self.cards.last.get_by_role("link", name=name)


def answer(**payload: Any) -> Callable[[Route], None]:
    """A server that says just this."""
    message = {
        "id": payload.pop("id", "a-1"),
        "from": "bot",
        "at": "2026-11-22T12:00:00+00:00",
        "text": payload.pop("text", "I am glad you told me."),
        "payload": payload,
    }
    return lambda route: route.fulfill(json={"messages": [message]})


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_words_of_danger_bring_911_and_988_within_two_seconds(
    breakable: FrontDesk,
    page: Page,
    trouble: Callable[[FrontDesk, Page], AbstractContextManager[None]],
) -> None:
    chat = Chat(page, breakable.url)

    with trouble(breakable, page):
        chat.type(WORDS)

        expect(chat.link("Call 988")).to_be_in_viewport(timeout=TWO_SECONDS)
        expect(chat.link("Call 911")).to_be_visible(timeout=1)
        expect(chat.link("Text 988")).to_be_visible(timeout=1)


def test_words_of_danger_do_not_wait_behind_a_message_that_hangs(
    breakable: FrontDesk, page: Page
) -> None:
    chat = Chat(page, breakable.url)

    with rasa_hanging(breakable, page):
        chat.type("how does it work?")
        with page.expect_response("**/api/messages", timeout=5000) as answered:
            chat.type("quiero morir")

        assert answered.value.ok
        card = chat.log.get_by_role("group", name="Puedes hablar con alguien ahora mismo")
        expect(card.get_by_role("link", name="Llamar al 988").first).to_be_visible()


def test_in_a_flood_the_help_is_still_drawn(breakable: FrontDesk, page: Page) -> None:
    with one_message_a_minute(breakable):
        chat = Chat(page, breakable.url)
        for _ in range(3):
            with page.expect_response("**/api/messages"):
                chat.type(WORDS)

        expect(chat.log.locator(".message.bot").last).to_contain_text("has not answered in time")
        expect(chat.link("Call 988")).to_be_in_viewport()


def test_other_words_get_the_kind_error_with_the_numbers_and_no_alarm(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)
    page.route("**/api/messages", lambda route: route.abort())

    chat.type("what does it cost?")

    expect(chat.log.get_by_role("alert")).to_contain_text("cannot tell whether")
    expect(chat.log.get_by_role("link", name="988").first).to_be_visible()
    expect(chat.cards).to_have_count(0)


def test_our_own_card_is_announced_and_gives_way_to_the_answer(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)
    held: list[Route] = []
    page.route("**/api/messages", lambda route: held.append(route))

    chat.type(WORDS)
    expect(chat.log.get_by_role("alert")).to_contain_text(LOST)
    chat.link("Call 988").focus()
    held[0].continue_()

    expect(chat.log).not_to_contain_text(LOST)
    expect(chat.cards).to_have_count(1)
    expect(chat.link("Call 988")).to_be_focused()


def test_an_ordinary_answer_that_comes_late_takes_back_only_that_contact_was_lost(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)
    held: list[Route] = []
    page.route("**/api/messages", lambda route: held.append(route))

    chat.type(WORDS)
    expect(chat.log).to_contain_text(LOST)
    answer(text="We are open from nine.", type="text")(held[0])

    expect(chat.log).to_contain_text("We are open from nine.")
    expect(chat.log).not_to_contain_text(LOST)
    expect(chat.link("Call 988")).to_be_visible()


def test_an_answer_to_an_older_message_does_not_stand_in_for_the_one_that_is_missing(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)
    held: list[Route] = []
    page.route("**/api/messages", lambda route: held.append(route))
    chat.type("when are you open?")
    chat.type(WORDS)
    expect(chat.log).to_contain_text(LOST)

    answer(id="older", text="We are open from nine.", type="text")(held[0])
    expect(chat.log).to_contain_text("We are open from nine.")
    expect(chat.log).to_contain_text(LOST)
    answer(id="newer", type="crisis", category="suicide", resources=LINES)(held[1])

    expect(chat.log).not_to_contain_text(LOST)
    expect(chat.cards).to_have_count(1)


def test_trying_again_brings_the_answer_and_nothing_stands_there_twice(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)
    page.route("**/api/messages", lambda route: route.abort())
    chat.type(WORDS)
    expect(chat.log).to_contain_text(LOST)

    page.unroute("**/api/messages")
    page.get_by_role("button", name="Try again").click()

    expect(chat.log).not_to_contain_text("No answer")
    expect(chat.cards).to_have_count(1)


def test_a_long_letter_with_words_of_danger_is_sent_and_answered_with_help(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)

    chat.type("I have been thinking about how all this began. " * 60 + WORDS)

    expect(chat.link("Call 988")).to_be_in_viewport(timeout=TWO_SECONDS)
    expect(chat.log).to_contain_text("longer than our assistant can take")


def test_browser_and_server_hear_the_same_in_every_sentence(
    front_desk: FrontDesk, page: Page
) -> None:
    line, file = load_first_line(HOME / "crisis" / "first_line.yml")
    proofs = [
        text for said in file.must_alarm.values() for texts in said.values() for text in texts
    ]
    odd = [
        "",
        "   ",
        "don´t WANNA LIVE…",
        "su\u200bicidal, I am!",
        "K\u0301ILL   mys3lf",
        "a" * 9000,
    ]
    texts = [*proofs, *file.must_stay_calm, *odd, "calm. " * 2000 + WORDS]
    page.goto(f"{front_desk.url}/chat")

    heard = page.evaluate(
        """async (texts) => {
          const start = document.querySelector("script[src$='/start.js']").src;
          const { FirstLine } = await import(new URL("first_line.js", start).href);
          const data = JSON.parse(document.getElementById("chat-data").textContent);
          const line = new FirstLine(data.firstLine);
          return texts.map((text) => [line.read(text), line.find(text)]);
        }""",
        texts,
    )

    ours = [(line.read(text), line.find(text)) for text in texts]
    expected = [
        [read, alarm and {"category": alarm.category, "language": alarm.language}]
        for read, alarm in ours
    ]
    assert heard == expected


LONG_TEXT = "I am glad you told me.\n\n" + "\n\n".join(["Please stay with us. " * 12] * 5)
LINES = [
    {"name": "Emergency", "call": "112", "text": None, "chat": None, "note": "In danger."},
    {"name": "Samaritans", "call": "116 123", "text": None, "chat": None, "note": "Day and night."},
    {"name": "Text About It", "call": None, "text": "Text TALK to 50808", "chat": None},
    {"name": "Lifeline", "call": "13 11 14", "text": "Text 0477 13 11 14", "chat": None},
    {"name": "988", "call": "988 y luego oprime 2", "text": "Envía AYUDA al 988", "chat": None},
]


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844)])
def test_on_a_phone_the_first_numbers_stand_above_a_long_text(
    front_desk: FrontDesk, browser: Browser, width: int, height: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
    chat = Chat(context.new_page(), front_desk.url)
    crisis = answer(text=LONG_TEXT, type="crisis", category="suicide", resources=LINES)
    chat.page.route("**/api/messages", crisis)

    chat.type(WORDS)

    expect(chat.link("Call 112")).to_be_in_viewport(ratio=1)
    expect(chat.link("Call 116 123")).to_be_in_viewport(ratio=1)
    context.close()


def test_our_own_card_fits_on_a_phone(front_desk: FrontDesk, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568}, has_touch=True)
    chat = Chat(context.new_page(), front_desk.url)
    chat.page.route("**/api/messages", lambda route: route.abort())

    chat.type(WORDS)

    expect(chat.link("Call 911")).to_be_in_viewport(ratio=1)
    expect(chat.link("Call 988")).to_be_in_viewport(ratio=1)
    context.close()


def test_links_call_and_text_the_right_numbers_in_other_countries_too(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)
    crisis = answer(type="crisis", category="suicide", language="en", resources=LINES)
    page.route("**/api/messages", crisis)

    chat.type(WORDS)

    expect(chat.link("Call 112")).to_be_visible()
    links = chat.log.locator(".crisis-card a").evaluate_all("all => all.map((a) => a.href)")
    assert links == [
        "tel:112",
        "tel:116123",
        "sms:50808?&body=TALK",
        "tel:131114",
        "sms:0477131114",
        "tel:988",
        "sms:988?&body=AYUDA",
    ]


def test_a_check_in_shows_the_numbers_as_links_and_its_two_answers(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)
    check_in = answer(
        text="¿Estás pensando en quitarte la vida?",
        type="check_in",
        category="suicide",
        language="es",
        resources=LINES[:2],
        suggestions=["Sí", "No, estoy a salvo"],
    )
    page.route("**/api/messages", check_in)

    chat.type("hola")

    numbers = chat.log.get_by_role("group", name="Habla con alguien ahora")
    expect(numbers.get_by_role("link", name="Llamar al 112")).to_have_attribute("href", "tel:112")
    expect(numbers.get_by_role("link", name="Llamar al 116 123")).to_be_visible()
    expect(chat.log.get_by_role("button", name="No, estoy a salvo")).to_be_enabled()
    expect(chat.log.locator('[lang="es"]')).to_contain_text("¿Estás pensando")
    expect(chat.log.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_help_has_no_serious_barrier(
    front_desk: FrontDesk, browser: Browser, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    chat = Chat(context.new_page(), front_desk.url)
    check_in = answer(
        type="check_in", category="suicide", language="es", resources=LINES, suggestions=["Sí"]
    )
    chat.page.route("**/api/messages", check_in)
    chat.type("hello")
    expect(chat.log.get_by_role("button", name="Sí")).to_be_visible()
    chat.page.route("**/api/messages", lambda route: route.abort())
    chat.type(WORDS)
    expect(chat.link("Call 988")).to_be_visible()

    found = Axe().run(chat.page).response["violations"]

    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    wider = chat.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wider, "the page scrolls sideways"
    context.close()
