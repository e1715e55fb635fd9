"""Whatever visitors typed, staff see it as text: opened in a real browser, nothing of it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit, conversations, handoffs, invitations, leads, staff_sessions
from clinic.crisis_events import record_crisis
from clinic.leads import LeadRequest, save_lead
from clinic.roles import Role
from clinic.tables import (
    Conversation,
    CrisisEvent,
    Lead,
    NoticeChannel,
    SavedView,
    Staff,
    UnansweredMessage,
)
from tests.clinic.screened import CLINICAL, response, screened
from tests.console_desk import ConsoleDesk
from tests.web.security.routes import WHO_MAY
from web.console.cookies import SESSION_COOKIE

RUN = "window.ran=1"
MARKUP = " ".join(
    [
        f"\"'><script>{RUN}</script>",
        f"</textarea></title></style></script><script>{RUN}</script>",
        f"<img src=/pwned onerror={RUN}>",
        f"<svg/onload={RUN}><a href=javascript:{RUN}>x</a>",
        f'" autofocus onfocus={RUN} x="',
        f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
        "<form action=//elsewhere.example><input name=password>",
        "<style>*{display:none}</style><base href=//elsewhere.example>",
        "<!-- {{ 7*7 }} {% raw %} ${7*7} &lt;script&gt;",
        "\u202e\ufeff\u2028<scr\u0000ipt>",
    ]
)
SHORT = f"<img src=/pwned onerror={RUN}>"[:32]
ADDRESS = f"javascript:{RUN}//"
FREE_TEXT = {"said", "name", "text", "note", "answer", "label", "band", "valueString", "display"}

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(event.violatedDirective + " " + event.blockedURI);
});
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => { window.ran = 1; };
"""

FILES = ("export", ".zip", ".csv", ".yml", "/events", "/open/")
PAGES = [
    route.removeprefix("GET ")
    for route in WHO_MAY
    if route.startswith("GET /staff/") and not any(part in route for part in FILES)
]


def poisoned(value: Any, text: str) -> Any:
    """The same shape with the text in every place where a visitor's words may stand."""
    if isinstance(value, dict):
        return {
            name: text if name in FREE_TEXT and isinstance(inside, str) else poisoned(inside, text)
            for name, inside in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [poisoned(inside, text) for inside in value]
    return value


def hostile_lead(session: Session, conversation_id: str, text: str) -> Lead:
    """A visitor who typed the same into every field there is."""
    for sender in ("visitor", "bot", "staff"):
        said = {"text": text, "payload": {"type": "answer", "topic": text, "sources": []}}
        conversations.add_message(
            session, conversation_id, sender=sender, key=f"key-{sender}", content=said
        )
    session.get_one(Conversation, conversation_id).source = text[:64]
    request = screened(conversation_id=conversation_id)
    lead = save_lead(session, request)
    lead.name, lead.phone, lead.email, lead.source = text, text, text, text[:64]
    lead.contact = {text: text}
    lead.triage = poisoned(request.triage, text)
    lead.summary = [[text, text] for _ in range(3)]
    lead.response = poisoned(response(), text)
    lead.clinical = poisoned(CLINICAL, text)
    record_crisis(session, conversation_id=conversation_id, message_key="k", category="suicide")
    event = session.scalars(
        select(CrisisEvent).where(CrisisEvent.conversation_id == conversation_id)
    ).one()
    event.category = SHORT
    unanswered = UnansweredMessage(
        conversation_id=conversation_id,
        message_key="k",
        reason="not_understood",
        nearest=[text[:64]],
        text=text,
    )
    session.add(unanswered)
    return lead


def fill(session: Session) -> dict[str, str]:
    """Two hostile visitors and hostile colleagues; what the addresses of the pages need."""
    made = [hostile_lead(session, f"c{n}", text) for n, text in enumerate((MARKUP, ADDRESS))]
    admin = Staff(username="admin", role=Role.ADMIN, password_hash="-", must_change_password=False)
    session.add(admin)
    session.flush()
    leads.add_note(session, made[0], MARKUP, staff_id=admin.id)
    channel = NoticeChannel(name=MARKUP[:60], url="json://example.org", kinds=[], staff_id=admin.id)
    view = SavedView(staff_id=admin.id, name=MARKUP[:60], filters={"status": MARKUP})
    session.add_all([channel, view])
    invitations.invite(session, "newcomer", Role.STAFF, by=admin.id)
    handoff = handoffs.ask(session, "c0")
    handoff.note = MARKUP
    handoffs.take(session, handoff.id, admin.id)
    audit.record(session, actor=SHORT, action=SHORT, subject=SHORT, detail=SHORT)
    token, opened = staff_sessions.open_session(session, admin, address=SHORT, browser=MARKUP[:120])
    session.flush()
    return {
        "token": token,
        "lead_id": made[0].id,
        "other_id": made[1].id,
        "event_id": "1",
        "staff_id": str(admin.id),
        "handoff_id": str(handoff.id),
        "session_id": opened.id,
        "message_id": "1",
    }


@pytest.fixture(scope="module")
def ids(desk: ConsoleDesk) -> dict[str, str]:
    with desk.writing() as session:
        return fill(session)


@pytest.fixture(scope="module")
def context(desk: ConsoleDesk, ids: dict[str, str], browser: Browser) -> Iterator[BrowserContext]:
    """An admin's browser, with something in each page that watches."""
    context = browser.new_context()
    context.add_init_script(WATCH)
    context.add_cookies([{"name": SESSION_COOKIE, "value": ids["token"], "url": desk.url}])
    yield context
    context.close()


class Watched:
    """A page, and everything that must not happen in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.happened: list[str] = []
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.happened.append(str(error)))
        self.page.on("request", lambda request: self._look_at(request.url))

    def _dismiss(self, dialog: Dialog) -> None:
        self.happened.append("dialog")
        dialog.dismiss()

    def _look_at(self, url: str) -> None:
        if "pwned" in url or "elsewhere.example" in url:
            self.happened.append(url)

    def is_calm(self) -> None:
        assert self.page.evaluate("window.ran") is None, "a visitor's script ran"
        assert self.page.evaluate("window.violations") == []
        assert (
            self.page.evaluate(
                "[...document.links].filter((a) => a.protocol === 'javascript:').length"
            )
            == 0
        )
        assert self.happened == []


def open_page(context: BrowserContext, address: str) -> Watched:
    watched = Watched(context)
    answer = watched.page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    return watched


@pytest.mark.parametrize(
    ("path", "whose"),
    [(path, "lead_id") for path in PAGES]
    + [(path, "other_id") for path in PAGES if "{lead_id}" in path],
)
def test_a_page_shows_what_visitors_typed_and_runs_none_of_it(
    desk: ConsoleDesk, ids: dict[str, str], context: BrowserContext, path: str, whose: str
) -> None:
    swapped = {"lead_id": ids["other_id"], "other_id": ids["lead_id"]}

    watched = open_page(
        context, desk.url + path.format_map(ids | (swapped if whose == "other_id" else {}))
    )

    watched.is_calm()
    watched.page.close()


def test_what_runs_would_be_noticed(context: BrowserContext) -> None:
    watched = Watched(context)
    watched.page.set_content(f"<p>{MARKUP}</p>")

    with pytest.raises(AssertionError, match="a visitor's script ran"):
        watched.is_calm()
    watched.page.close()


def test_the_lead_page_shows_the_words_themselves(
    desk: ConsoleDesk, ids: dict[str, str], context: BrowserContext
) -> None:
    watched = open_page(context, f"{desk.url}/staff/leads/{ids['lead_id']}")

    text = watched.page.inner_text("main")

    assert f"<script>{RUN}</script>" in text
    assert "{{ 7*7 }}" in text
    watched.page.close()


def test_a_lead_that_appears_in_the_open_list_runs_nothing(
    desk: ConsoleDesk, ids: dict[str, str], context: BrowserContext
) -> None:
    watched = open_page(context, f"{desk.url}/staff/leads")

    with desk.writing() as session:
        save_lead(session, LeadRequest(conversation_id="late", name=f"Latecomer {MARKUP}"))

    expect(watched.page.locator("main")).to_contain_text("Latecomer", timeout=15_000)
    watched.is_calm()
    watched.page.close()


def test_a_message_that_arrives_in_an_open_chat_runs_nothing(
    desk: ConsoleDesk, ids: dict[str, str], context: BrowserContext
) -> None:
    watched = open_page(context, f"{desk.url}/staff/live/{ids['handoff_id']}")

    with desk.writing() as session:
        conversations.add_message(
            session,
            "c0",
            sender="visitor",
            key="key-late",
            content={"text": f"Latest words {MARKUP}", "payload": None},
        )

    expect(watched.page.locator("main")).to_contain_text("Latest words", timeout=15_000)
    watched.is_calm()
    watched.page.close()


def test_what_a_browser_calls_itself_runs_nothing(
    desk: ConsoleDesk, ids: dict[str, str], browser: Browser, context: BrowserContext
) -> None:
    hostile = browser.new_context(user_agent=f"Firefox/1 {MARKUP[:400]}".split("\u202e")[0])
    page = hostile.new_page()
    page.goto(f"{desk.url}/staff/login")
    page.get_by_label("Username").fill(MARKUP[:60])
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate("window.ran") is None
    hostile.close()

    for path in ("account", "audit", "team"):
        watched = open_page(context, f"{desk.url}/staff/{path}")
        watched.is_calm()
        watched.page.close()
