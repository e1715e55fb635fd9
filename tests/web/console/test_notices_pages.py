"""Staff say where they are told and of what; admins see whether it arrives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from clinic import notice_post
from clinic.database import transaction
from clinic.notice_deliveries import claim, has_failed
from clinic.notice_planning import plan_due
from clinic.settings import settings
from clinic.tables import Notice, NoticeChannel, NoticeDelivery
from tests.clinic.notice_builders import a_channel, a_lead, an_alarm, deliveries
from tests.receivers import Webhook, free_port, webhook_server
from tests.web.console.conftest import Browser

OWN = "/staff/account/notices"
CLINICS = "/staff/notices"
WISHES = {"name": "My phone", "kinds": ["crisis", "handoff"], "least_urgency": "3"}
HOOK = {"form": "webhook", "url": "https://hooks.example.org/s3cret", **WISHES}

Deeds = Callable[[], list[tuple[str, str]]]


@pytest.fixture(autouse=True)
def surroundings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CLINIC_NOTICE_URLS", "")
    settings.cache_clear()
    monkeypatch.setattr(notice_post, "SECONDS_TO_ANSWER", 0.5)
    yield
    settings.cache_clear()


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    """A receiver inside the network, where channels may lead."""
    monkeypatch.setenv("CLINIC_NOTICE_PRIVATE_ADDRESSES", "true")
    settings.cache_clear()
    with webhook_server() as hook:
        yield hook


def channels() -> list[NoticeChannel]:
    with transaction() as session:
        return list(session.scalars(select(NoticeChannel).order_by(NoticeChannel.id)))


def send(browser: Browser, page: str, action: str, **fields: object) -> tuple[int, str]:
    """Send a form of a page; the status, and where it leads or what it says."""
    answer = browser.fill_in(page, f"{page}{action}", **fields)  # type: ignore[arg-type]
    return answer.status_code, answer.headers.get("location") or answer.text


def test_a_channel_of_ones_own_is_added_and_shown_without_its_secret(ben: Browser) -> None:
    status, location = send(ben, OWN, "/channels", **HOOK)

    assert (status, location) == (303, f"{OWN}?done=channel")
    page = ben.get(OWN).text
    assert "My phone" in page
    assert "hooks.example.org" in page
    assert "Words of crisis, Visitors who wait in the chat; requests from “Urgent” on" in page
    assert "s3cret" not in page


def test_ones_own_channels_are_shown_to_nobody_else(ben: Browser, chris: Browser) -> None:
    send(ben, OWN, "/channels", **HOOK)

    assert "My phone" not in chris.get(OWN).text
    assert "My phone" not in chris.get(CLINICS).text


@pytest.mark.parametrize("deed", ["test", "remove", "wishes"])
def test_nobody_touches_the_channel_of_a_colleague(ben: Browser, chris: Browser, deed: str) -> None:
    send(ben, OWN, "/channels", **HOOK)
    (channel,) = channels()

    for page in (OWN, CLINICS):
        status, _ = send(chris, page, f"/channels/{channel.id}/{deed}", **WISHES)
        assert status == 404

    assert len(channels()) == 1


@pytest.mark.parametrize("action", ["/channels", "/channels/1/test", "/retry"])
def test_the_clinics_channels_are_for_admins(amira: Browser, action: str) -> None:
    assert amira.get(CLINICS).status_code == 403

    answer = amira.fill_in(OWN, f"{CLINICS}{action}", **HOOK)  # type: ignore[arg-type]

    assert answer.status_code == 403
    assert channels() == []


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"form": "webhook", "url": "file:///etc/passwd"}, "not a web address"),
        ({"form": "sms", "url": "file:///etc/passwd"}, "This kind of address is not taken"),
        ({"form": "webhook", "url": "https://127.0.0.1/"}, "inside the clinic&#39;s own network"),
        ({"form": "mail", "to": "ben"}, "one e-mail address"),
        ({"form": "slack", "url": "https://example.org"}, "hooks.slack.com"),
        ({"kinds": []}, "at least one kind"),
        ({"name": " "}, "Please give it a name"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(
    ben: Browser, fields: dict[str, object], complaint: str
) -> None:
    status, page = send(ben, OWN, "/channels", **{**HOOK, **fields})

    assert status == 422
    assert complaint in page
    assert 'role="alert"' in page
    typed = fields.get("url") or fields.get("to") or "My phone"
    assert f'value="{typed}"' in page or "hooks.example.org/s3cret" in page
    assert channels() == []


def test_a_password_is_never_shown_again(ben: Browser) -> None:
    mail = {"form": "mail", "to": "ben", "server": "smtp.example.org", "password": "pa55word"}

    status, page = send(ben, OWN, "/channels", **{**WISHES, **mail})

    assert status == 422
    assert "smtp.example.org" in page
    assert "pa55word" not in page


def test_what_goes_to_a_channel_can_be_changed(ben: Browser) -> None:
    send(ben, OWN, "/channels", **HOOK)
    (channel,) = channels()

    wishes = {"name": "Desk", "kinds": ["new_lead"], "least_urgency": "0"}
    status, _ = send(ben, OWN, f"/channels/{channel.id}/wishes", **wishes)
    refused, page = send(ben, OWN, f"/channels/{channel.id}/wishes", name="Desk")

    (kept,) = channels()
    assert (status, refused) == (303, 422)
    assert "at least one kind" in page
    assert (kept.name, kept.kinds, kept.least_urgency) == ("Desk", ["new_lead"], 0)


def test_a_channel_is_removed_for_good(ben: Browser) -> None:
    send(ben, OWN, "/channels", **HOOK)
    (channel,) = channels()

    send(ben, OWN, f"/channels/{channel.id}/remove")

    assert channels() == []
    assert "My phone" not in ben.get(OWN).text


def test_a_test_arrives_and_says_so(ben: Browser, webhook: Webhook) -> None:
    url = f"http://127.0.0.1:{webhook.port}/hook"
    send(ben, OWN, "/channels", **{**HOOK, "url": url})
    (channel,) = channels()

    status, location = send(ben, OWN, f"/channels/{channel.id}/test")

    assert (status, location) == (303, f"{OWN}?done=channel_test")
    assert [taken["title"] for taken in webhook.taken] == ["Test notice"]
    assert "look whether it has arrived" in ben.get(location).text


def test_a_test_that_does_not_arrive_says_why(ben: Browser, webhook: Webhook) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    send(ben, OWN, "/channels", **{**HOOK, "url": url})
    (channel,) = channels()

    status, page = send(ben, OWN, f"/channels/{channel.id}/test")

    assert status == 422
    assert "The test did not arrive: the server cannot be reached." in page


def test_nobody_floods_a_telephone_with_tests(ben: Browser, webhook: Webhook) -> None:
    send(ben, OWN, "/channels", **{**HOOK, "url": f"http://127.0.0.1:{webhook.port}/"})
    (channel,) = channels()

    said = [send(ben, OWN, f"/channels/{channel.id}/test") for _ in range(7)]

    assert [status for status, _ in said] == [303] * 6 + [422]
    assert "Please wait a minute" in said[-1][1]
    assert len(webhook.taken) == 6


def test_every_deed_is_in_the_audit_log(ben: Browser, webhook: Webhook, deeds: Deeds) -> None:
    send(ben, OWN, "/channels", **{**HOOK, "url": f"http://127.0.0.1:{webhook.port}/"})
    (channel,) = channels()
    for deed in ("wishes", "test", "remove"):
        send(ben, OWN, f"/channels/{channel.id}/{deed}", **WISHES)

    done = [deed for deed, subject in deeds() if subject == f"notice_channel:{channel.id}"]
    assert [deed.partition(".")[2] for deed in done] == ["added", "changed", "tested", "removed"]


def test_an_admin_adds_a_channel_for_everybody(chris: Browser) -> None:
    status, _ = send(chris, CLINICS, "/channels", **HOOK)

    (channel,) = channels()
    assert (status, channel.staff_id) == (303, None)
    assert "My phone" in chris.get(CLINICS).text


def test_an_admin_sees_why_notices_do_not_arrive_and_tries_again(chris: Browser) -> None:
    with transaction() as session:
        a_lead(session)
        a_channel(session)
        plan_due(session, targets=())
        ((letter,),) = claim(session, {}).values()
        has_failed(session, letter.delivery_id, "status 503")

    page = chris.get(CLINICS).text
    send(chris, CLINICS, "/retry")

    assert "1 does not arrive" in page
    assert "The server answered with error 503" in page
    with transaction() as session:
        assert len(claim(session, {})) == 1


def test_an_admin_sees_what_was_told_again_and_nobody_has_opened(chris: Browser) -> None:
    with transaction() as session:
        an_alarm(session)
        (notice,) = session.scalars(select(Notice))
        notice.rounds = 1
    told_once = chris.get(CLINICS).text
    with transaction() as session:
        session.get_one(Notice, notice.id).rounds = 3

    told_again = chris.get(CLINICS).text

    assert "not opened yet" not in told_once
    assert f'href="/staff/open/{notice.id}"><strong>Words of crisis</strong>' in told_again
    assert "told\n          3 times" in told_again


def test_an_admin_sees_and_tests_the_operators_addresses(
    chris: Browser, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_PRIVATE_ADDRESSES", "false")
    monkeypatch.setenv("CLINIC_NOTICE_URLS", webhook.address.replace("//", "//desk:s3cret@"))
    settings.cache_clear()
    page = chris.get(CLINICS).text
    action = re.search(r'action="/staff/notices(/settings/[0-9a-f]{64}/test)"', page)
    assert action

    status, location = send(chris, CLINICS, action[1])
    unknown, _ = send(chris, CLINICS, f"/settings/{'0' * 64}/test")

    assert (status, location) == (303, f"{CLINICS}?done=channel_test")
    assert unknown == 404
    assert len(webhook.taken) == 1
    assert "s3cret" not in page


def test_an_admin_sees_who_has_no_channel(chris: Browser, ben: Browser) -> None:
    assert "Without a channel of their own: ben, chris." in chris.get(CLINICS).text

    for browser in (chris, ben):
        send(browser, OWN, "/channels", **HOOK)

    assert "Everybody has a channel of their own" in chris.get(CLINICS).text


def test_a_name_cannot_break_the_page(ben: Browser) -> None:
    send(ben, OWN, "/channels", **{**HOOK, "name": "<script>alert(1)</script>"})

    page = ben.get(OWN).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_link_in_a_notice_opens_the_very_page_and_that_ends_it(ben: Browser) -> None:
    with transaction() as session:
        lead = a_lead(session, urgency=4)
        event = an_alarm(session, "c2")
        notices = list(session.scalars(select(Notice).order_by(Notice.id)))
        a_channel(session)
        plan_due(session, targets=())

    pages = [ben.get(f"/staff/open/{notice.id}").headers["location"] for notice in notices]
    for page in pages:
        ben.get(page)

    assert pages == [f"/staff/leads/{lead.id}", f"/staff/crisis/{event.id}"]
    with transaction() as session:
        assert deliveries(session) == []
        assert not session.scalars(select(Notice).where(Notice.settled_at.is_(None))).all()


def test_a_link_of_a_notice_that_is_gone_is_a_kind_page(ben: Browser) -> None:
    answer = ben.get("/staff/open/77")

    assert answer.status_code == 404
    assert "could not find" in answer.text


def test_who_is_not_signed_in_comes_to_the_page_after_signing_in(stranger: Browser) -> None:
    answer = stranger.get("/staff/open/7")

    assert answer.headers["location"] == "/staff/login?next=/staff/open/7"


def test_a_channel_that_fails_says_so_to_its_owner(ben: Browser) -> None:
    send(ben, OWN, "/channels", **{**HOOK, "least_urgency": "0", "kinds": ["new_lead"]})
    with transaction() as session:
        a_lead(session)
        plan_due(session, targets=())
        (delivery,) = session.scalars(select(NoticeDelivery))
        has_failed(session, delivery.id, "gaierror")

    page = ben.get(OWN).text

    assert "Does not arrive" in page
    assert "There is no such server" in page
