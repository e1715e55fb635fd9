"""Choosing a password of one's own."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from tests.web.console.conftest import PASSWORD, Browser

NEW = "seven quiet paper lamps"


def change(browser: Browser, *, current: str, new: str = NEW, again: str = NEW) -> int:
    return browser.fill_in(
        "/staff/password", "/staff/password", current=current, new=new, again=again
    ).status_code


def test_the_first_thing_after_a_one_time_password_is_a_new_one(
    stranger: Browser, one_time_password: str
) -> None:
    stranger.sign_in(password=one_time_password)
    assert stranger.get("/staff/account").headers["location"] == "/staff/password"

    assert change(stranger, current=one_time_password) == 303

    assert "has been changed" in stranger.get("/staff/account?done=password").text


def test_the_one_time_password_is_worthless_afterwards(
    app: FastAPI, stranger: Browser, one_time_password: str
) -> None:
    stranger.sign_in(password=one_time_password)
    change(stranger, current=one_time_password)

    assert Browser(app).sign_in(password=one_time_password).status_code == 401
    assert Browser(app).sign_in(password=NEW).status_code == 303


def test_a_change_signs_other_browsers_out_and_renews_this_one(
    app: FastAPI, amira: Browser, deeds: Callable[[], list[tuple[str, str]]]
) -> None:
    elsewhere = Browser(app)
    elsewhere.sign_in()
    before = amira.cookies["staff_session"]

    assert change(amira, current=PASSWORD) == 303

    assert elsewhere.get("/staff/account").status_code == 303
    assert amira.get("/staff/account").status_code == 200
    assert amira.cookies["staff_session"] != before
    assert ("staff.password_changed", "staff:1") in deeds()


def test_a_change_that_is_refused_says_why_and_changes_nothing(
    app: FastAPI, amira: Browser
) -> None:
    assert change(amira, current="not it") == 422
    assert change(amira, current=PASSWORD, again="something else") == 422
    assert change(amira, current=PASSWORD, new="short", again="short") == 422
    assert change(amira, current=PASSWORD, new=PASSWORD, again=PASSWORD) == 422

    assert Browser(app).sign_in(password=PASSWORD).status_code == 303


def test_a_password_made_of_the_clinics_name_is_refused(amira: Browser) -> None:
    answer = amira.fill_in(
        "/staff/password",
        "/staff/password",
        current=PASSWORD,
        new="Example-Ketamine-Clinic-1",
        again="Example-Ketamine-Clinic-1",
    )

    assert answer.status_code == 422
    assert "less common" in answer.text


def test_guessing_the_current_password_ends_after_five_tries(amira: Browser) -> None:
    for _ in range(5):
        change(amira, current="a guess")

    assert change(amira, current=PASSWORD) == 422
