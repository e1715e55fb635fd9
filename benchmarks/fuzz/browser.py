"""Open what hostile visitors left behind in a real browser, as staff and as the visitor."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import BrowserContext, sync_playwright
from sqlalchemy import select

from benchmarks.fuzz.cases import stored
from clinic import handoffs, staff_sessions
from clinic.database import open_engine, transaction
from clinic.roles import Role
from clinic.tables import Conversation, CrisisEvent, Lead, Staff, UnansweredMessage
from tests.browser.test_no_script_runs import WATCH as WATCHING
from tests.browser.test_no_script_runs import Watched
from tests.front_desk import FrontDesk, Visitor
from tests.running.test_screening import NO_YES
from web.console.cookies import SESSION_COOKIE

NOBODYS = "-"
"""The hash of no password: this account is entered by its session only."""
CHROMIUM = ("chromium", "chromium-browser")
MOST_PAGES = 40
TURNS_OF_A_REQUEST = 8


def leave_behind(desk: FrontDesk, seed: int, count: int) -> list[str]:
    """Visitors who put a hostile text where a name is asked for, and talk so; their keys."""
    texts = list(stored(random.Random(seed)))
    keys = []
    for number in range(count):
        visitor = Visitor(desk)
        text = texts[number % len(texts)].replace("\x00", "")
        answers = {**NO_YES, "consent": "Yes, I agree", "name": text[:60], "best_time": text[:60]}
        for said in (text[:500], "call me back"):
            visitor.http.post(
                "/api/messages", json={"text": said, "key": f"left-{number}-{len(said)}"}
            )
        visitor.say("call me back")
        for _ in range(TURNS_OF_A_REQUEST):
            field = visitor.field()
            if field is None or field not in answers:
                break
            visitor.say(answers[field])
        keys.append(visitor.key)
    return keys


def scripts_that_ran(desk: FrontDesk, keys: list[str]) -> tuple[int, list[str]]:
    """How many pages were opened, and on which of them something ran."""
    ran, opened = [], 0
    with _context(desk) as (context, pages):
        for path, key in [*((page, "") for page in pages), *(("/chat", key) for key in keys)]:
            watched = Watched(context)
            if key:
                place = f"localStorage.setItem('conversation', JSON.stringify({_kept(key)}))"
                watched.page.goto(desk.url + "/safety")
                watched.page.evaluate(place)
            watched.page.goto(desk.url + path, wait_until="load")
            watched.page.wait_for_timeout(300)
            opened += 1
            try:
                watched.is_calm()
            except AssertionError as found:
                ran.append(f"{path}: {str(found).splitlines()[0]}")
            watched.page.close()
    return opened, ran


def _kept(key: str) -> str:
    return "{key: " + json.dumps(key) + ", at: Date.now()}"


@contextmanager
def _context(desk: FrontDesk) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A browser of an admin, and the pages that show what visitors left."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    token, pages = _sign_in(desk)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_init_script(WATCHING)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": desk.url}])
        yield context, pages
        browser.close()


def _sign_in(desk: FrontDesk) -> tuple[str, list[str]]:
    engine = open_engine(f"sqlite:///{desk.database}")
    with transaction(engine) as session:
        staff = Staff(username="x", role=Role.ADMIN, password_hash=NOBODYS)
        staff.must_change_password = False
        session.add(staff)
        session.flush()
        token, _ = staff_sessions.open_session(session, staff)
        leads = session.scalars(select(Lead.id).limit(MOST_PAGES)).all()
        events = session.scalars(select(CrisisEvent.id).limit(3)).all()
        unanswered = session.scalars(select(UnansweredMessage.id).limit(MOST_PAGES)).all()
        talks = session.scalars(select(Conversation.id).limit(3)).all()
        live = [handoffs.ask(session, conversation).id for conversation in talks]
    engine.dispose()
    pages = ["/staff/leads", "/staff/live", "/staff/teaching", "/staff/audit"]
    pages += [f"/staff/leads/{one}" for one in leads]
    pages += [f"/staff/leads/{one}/print" for one in leads[:5]]
    pages += [f"/staff/crisis/{one}" for one in events]
    pages += [f"/staff/teaching/{one}" for one in unanswered]
    pages += [f"/staff/live/{one}" for one in live]
    return token, [page for page in pages if _is_there(desk, token, page)]


def _is_there(desk: FrontDesk, token: str, path: str) -> bool:
    cookies = {SESSION_COOKIE: token}
    with httpx.Client(base_url=desk.url, cookies=cookies, trust_env=False, timeout=20) as http:
        return http.get(path).status_code == httpx.codes.OK
