"""How the button looks on pages of all kinds: their sides, colours, rules and sizes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.embedded import Embedded

PHONE = {"width": 390, "height": 844}
HOSTILE = """
<style>
  * { all: unset !important; color: red !important; font-size: 3px !important; }
  html, body, h1, p, a { display: block !important; }
  button, iframe, front-desk { display: none !important; }
  front-desk { opacity: 0 !important; transform: scale(0) !important; visibility: hidden !important;
    position: static !important; z-index: -1 !important; pointer-events: none !important; }
  body { transform: translateX(40px); overflow: hidden; }
</style>
"""


def box(locator: Locator) -> dict[str, float]:
    found = locator.bounding_box()
    assert found is not None
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_it_stands_in_the_right_corner_large_enough_for_a_finger(embedded: Embedded) -> None:
    embedded.visit()

    place = box(embedded.launcher)

    assert place["height"] == 56
    assert place["x"] + place["width"] == 1280 - 20
    assert place["y"] + place["height"] == 720 - 20


def test_it_can_stand_on_the_left(embedded: Embedded) -> None:
    embedded.host.embed(embedded.host.desk, 'data-position="left"')

    embedded.visit().open()

    assert box(embedded.launcher)["x"] == 20
    assert box(embedded.panel)["x"] == 20


@pytest.mark.parametrize(("asked", "x"), [("", 20), ('data-position="left"', 20)])
def test_on_a_page_that_is_read_from_the_right_it_stands_on_the_left(
    embedded: Embedded, asked: str, x: int
) -> None:
    embedded.host.embed(embedded.host.desk, asked)
    embedded.host.html = 'dir="rtl"'

    embedded.visit()

    assert box(embedded.launcher)["x"] == x


def test_on_such_a_page_too_the_clinic_may_choose_the_right(embedded: Embedded) -> None:
    embedded.host.embed(embedded.host.desk, 'data-position="right"')
    embedded.host.html = 'dir="rtl"'

    embedded.visit()

    place = box(embedded.launcher)
    assert place["x"] + place["width"] == 1280 - 20


@pytest.mark.parametrize(
    "colour", ["#2b5d54", "#ffffff", "#000000", "#ffd400", "#e5007d", "#777777", "#757575"]
)
def test_the_words_can_be_read_on_every_colour(embedded: Embedded, colour: str) -> None:
    embedded.host.embed(embedded.host.desk, f'data-colour="{colour}"')

    embedded.visit()

    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    assert embedded.style("backgroundColor") == f"rgb({red}, {green}, {blue})"
    light, dark = sorted(
        (luminance(embedded.style(name)) for name in ("color", "backgroundColor")), reverse=True
    )
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("attribute", "advice"),
    [
        ('data-colour="teal"', "a colour such as #2b5d54"),
        ('data-colour="#2b5d54; display: none"', "a colour such as #2b5d54"),
        ('data-position="top"', "left or right"),
        ('data-language="xx"', "en"),
        (f'data-greeting="{"a" * 301}"', "at most 300 characters"),
    ],
)
def test_a_wrong_value_is_said_and_the_usual_one_is_used(
    embedded: Embedded, attribute: str, advice: str
) -> None:
    embedded.host.embed(embedded.host.desk, attribute)

    embedded.visit()

    name = attribute.split("=")[0]
    assert len(embedded.warnings) == 1
    assert name in embedded.warnings[0]
    assert advice in embedded.warnings[0]
    assert embedded.style("backgroundColor") == "rgb(43, 93, 84)"
    assert box(embedded.launcher)["x"] > 640


def test_the_clinics_greeting_is_the_first_word_and_in_no_address(embedded: Embedded) -> None:
    embedded.host.embed(
        embedded.host.desk, 'data-greeting="Good to see you &lt;b&gt;here&lt;/b&gt;"'
    )
    asked: list[str] = []
    embedded.page.on("request", lambda request: asked.append(request.url))

    embedded.visit().open()

    expect(embedded.chat.get_by_text("Good to see you <b>here</b>")).to_be_visible()
    assert not [url for url in asked if "Good" in url]


def test_changed_attributes_count_at_once(embedded: Embedded) -> None:
    embedded.visit()

    embedded.page.evaluate("""() => {
      const script = document.querySelector("script[src$='/widget.js']");
      script.dataset.colour = "#ffd400";
      script.dataset.position = "left";
    }""")

    expect(embedded.launcher).to_have_css("background-color", "rgb(255, 212, 0)")
    assert box(embedded.launcher)["x"] == 20


def test_rules_of_the_page_do_not_reach_it(embedded: Embedded) -> None:
    embedded.visit()
    usual = embedded.launcher.bounding_box()
    embedded.host.policy += "; style-src 'unsafe-inline'"
    embedded.host.head = HOSTILE

    embedded.visit().open()
    embedded.page.keyboard.press("Escape")
    expect(embedded.panel).to_be_hidden()

    assert embedded.launcher.bounding_box() == usual
    assert embedded.style("color") == "rgb(255, 255, 255)"
    embedded.launcher.click()
    expect(embedded.field).to_be_visible()


def test_nothing_of_the_page_stands_above_it(embedded: Embedded) -> None:
    embedded.host.policy += "; style-src 'unsafe-inline'"
    embedded.host.head = (
        "<style>body::after { content: ''; position: fixed; inset: 0; z-index: 2147483647 }</style>"
    )

    embedded.visit()
    embedded.launcher.click()

    expect(embedded.field).to_be_focused()


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_it_is_a_round_button_with_a_name(embedded: Embedded, width: int) -> None:
    embedded.page.set_viewport_size({"width": width, "height": 640})

    embedded.visit()

    place = box(embedded.launcher)
    assert (place["width"], place["height"]) == (56, 56)
    assert place["x"] == width - 20 - 56
    expect(embedded.page.get_by_role("button", name="Ask the front desk")).to_be_visible()
    assert embedded.page.evaluate("document.documentElement.scrollWidth") == width


def test_on_a_phone_the_chat_is_the_whole_screen_and_what_is_under_it_cannot_be_reached(
    embedded: Embedded,
) -> None:
    embedded.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    embedded.visit().open()

    covered = embedded.page.evaluate(
        "[document.body.inert, getComputedStyle(document.documentElement).overflowY]"
    )
    place = box(embedded.frame)
    embedded.page.keyboard.press("Escape")

    expect(embedded.launcher).to_be_focused()
    assert covered == [True, "hidden"]
    assert place == {"x": 0, "y": 0, **PHONE}
    assert embedded.page.evaluate(
        "[document.body.inert, document.documentElement.getAttribute('style') || '']"
    ) == [False, ""]


def test_a_phone_that_is_turned_or_a_window_that_is_made_wide_uncovers_the_page(
    embedded: Embedded,
) -> None:
    embedded.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    embedded.visit().open()

    embedded.page.set_viewport_size({"width": 1280, "height": 900})

    expect(embedded.launcher).to_be_visible()
    embedded.page.wait_for_function("!document.body.inert")


def test_above_a_phones_keyboard_the_chat_takes_what_is_left(embedded: Embedded) -> None:
    embedded.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    embedded.visit().open()

    embedded.page.evaluate("""() => {
      Object.defineProperty(visualViewport, "height", {value: 500});
      Object.defineProperty(visualViewport, "offsetTop", {value: 30});
      visualViewport.dispatchEvent(new Event("resize"));
    }""")

    assert box(embedded.panel) == {"x": 0, "y": 30, "width": 390, "height": 500}


def test_who_wants_no_motion_gets_none(embedded: Embedded) -> None:
    embedded.page.emulate_media(reduced_motion="reduce")

    embedded.visit().open()

    expect(embedded.panel).to_have_css("animation-name", "none")


def test_with_forced_colours_the_button_has_an_edge(embedded: Embedded) -> None:
    embedded.page.emulate_media(forced_colors="active")

    embedded.visit()

    assert embedded.style("borderTopWidth") == "1px"
    assert embedded.style("borderTopColor") not in ("transparent", "rgba(0, 0, 0, 0)")


def test_on_paper_there_is_no_button(embedded: Embedded) -> None:
    embedded.visit()

    embedded.page.emulate_media(media="print")

    expect(embedded.launcher).to_be_hidden()
