"""Only the kinds of addresses that are meant for people are taken, and none is shown whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from clinic import notice_addresses
from clinic.notice_addresses import AddressRefused, kind_of, operators, read, shown
from clinic.notice_forms import from_mail, from_slack, from_teams, from_webhook
from clinic.settings import settings

SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7SQ"
TEAMS = (
    "https://prod-161.westeurope.logic.azure.com:443/workflows/643e69f83c8944438d68119179a10a64"
    "/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0"
    "&sig=KODuebWbDGYFr0z0eu-6Rj8aUKz7108W3wrNJZxFE5A"
)
TWILIO = "twilio://AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@12025550143/12025550199"
MAIL = "mailtos://desk:s3cret@mail.example.org?to=ben@clinic.example&smtp=mail.example.org"
CLINICS_MAIL = "mailtos://desk:s3cret@clinic.example?to=all@clinic.example"


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    def put(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        settings.cache_clear()

    put("CLINIC_NOTICE_URLS", "")
    yield put
    settings.cache_clear()


Setting = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def plain(setting: Setting) -> None:
    """No address is set, and none may lead inside."""


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (SLACK, "slack"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7SQ", "slack"),
        (TEAMS, "teams"),
        ("jsons://user:pw@hooks.example.org:8443/a/b?+X-Token=abc", "webhook"),
        ("xmls://hooks.example.org", "webhook"),
        (MAIL, "mail"),
        (TWILIO, "sms"),
        ("sns://AHIAJGNT76XIMXDBIJYA/bu1dHSdO22pfaaVy/us-east-2/12025550143", "sms"),
        ("clicksend://user:key@12025550143", "sms"),
    ],
)
def test_an_address_for_people_is_taken(url: str, kind: str) -> None:
    assert read(f" {url} ").kind == kind


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file://etc/passwd",
        "dbus://",
        "windows://",
        "macosx://",
        "gnome://",
        "syslog://",
        "rsyslog://10.0.0.1",
        "exec://id",
        "apprise://example.org/token",
        "vapid://example.org",
        "amqp://example.org/queue",
        "kodi://example.org",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "https://example.org/anything",
        "javascript:alert(1)",
        "mailto",
        "",
        "jsons://a.example.org jsons://b.example.org",
        "jsons://example.org/\nX: y",
        "jsons://" + "a" * 1000 + ".example.org",
        "slack://only-one-part",
        "jsons://[::1",
    ],
)
def test_any_other_address_is_refused_with_words(url: str) -> None:
    with pytest.raises(AddressRefused, match=r"^[A-Z].*\.$"):
        read(url)


@pytest.mark.parametrize(
    "option",
    [
        "template=/etc/passwd",
        "template=http://127.0.0.1/",
        "verify=no",
        "redirect=yes",
        "schema=file",
        "store=yes",
    ],
)
@pytest.mark.parametrize("url", [SLACK + "?", TEAMS + "&", "jsons://hooks.example.org?"])
def test_no_option_reads_files_or_opens_a_way_around(url: str, option: str) -> None:
    with pytest.raises(AddressRefused, match="cannot be used here"):
        read(url + option)


@pytest.mark.parametrize("sign", ["#x?", "?a#", "?&", "?;"])
def test_an_option_cannot_hide_from_us(sign: str) -> None:
    with pytest.raises(AddressRefused):
        read(f"jsons://hooks.example.org{sign}verify=no")


@pytest.mark.parametrize("option", ["pgp=sign", "pgppub=/etc/passwd", "pgpprv=/x", "wkd=yes"])
def test_a_mail_address_reads_no_key_files(option: str) -> None:
    with pytest.raises(AddressRefused, match="cannot be used here"):
        read(f"{MAIL}&{option}")


@pytest.mark.parametrize(
    "url",
    [
        "jsons://127.0.0.1/hook",
        "jsons://localhost:8000/staff",
        "xmls://192.168.0.1",
        "jsons://[::1]/",
        "jsons://router.local",
        "mailtos://a:b@example.org?smtp=10.0.0.5&to=ben@clinic.example",
        "json://hooks.example.org",
        "mailto://a:b@example.org?to=ben@clinic.example",
        "mailtos://a:b@example.org?to=ben@clinic.example&mode=insecure",
    ],
)
def test_what_leads_inside_or_can_be_read_on_the_way_needs_the_operators_word(
    url: str, setting: Setting
) -> None:
    with pytest.raises(AddressRefused):
        read(url)

    setting("CLINIC_NOTICE_PRIVATE_ADDRESSES", "true")

    assert read(url).url == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (SLACK, "Slack"),
        (TEAMS, "prod-161.westeurope.logic.azure.com"),
        ("jsons://user:s3cret@hooks.example.org/t0ken?+X-Token=s3cret", "hooks.example.org"),
        (MAIL, "b•••@clinic.example"),
        ("clinic-mail:ben@clinic.example", "b•••@clinic.example"),
        (TWILIO, "Twilio to …99"),
        ("nonsense", "an address that cannot be read"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, expected: str) -> None:
    assert shown(url) == expected


def test_the_operators_addresses_have_names_that_tell_nothing(setting: Setting) -> None:
    setting("CLINIC_NOTICE_URLS", f" {MAIL} ,, {SLACK}")

    named = operators()

    assert list(named.values()) == [MAIL, SLACK]
    assert all(len(name) == 64 and "example" not in name for name in named)


def test_an_e_mail_address_alone_goes_through_the_clinics_mail_server(setting: Setting) -> None:
    setting("CLINIC_NOTICE_URLS", f"{SLACK},{CLINICS_MAIL}")

    address = from_mail(" ben@clinic.example ")

    assert (address.kind, address.url) == ("mail", "clinic-mail:ben@clinic.example")
    mail = notice_addresses.service(address.url)
    assert mail is not None
    assert (mail.smtp_host or mail.host, mail.targets) == (
        "clinic.example",
        [(False, "ben@clinic.example")],
    )


def test_without_a_mail_server_of_the_clinic_one_has_to_be_named() -> None:
    with pytest.raises(AddressRefused, match="no mail server of its own"):
        from_mail("ben@clinic.example")


def test_a_mail_server_of_ones_own_becomes_an_address_with_encryption() -> None:
    address = from_mail(
        "ben@clinic.example", server="smtp.example.org:587", user="b@example.org", password="a/b:c@"
    )

    mail = notice_addresses.service(address.url)
    assert mail is not None
    assert (mail.smtp_host, mail.port, mail.secure_mode) == ("smtp.example.org", 587, "starttls")
    assert (mail.user, mail.password) == ("b@example.org", "a/b:c@")
    assert [to for _, to in mail.targets] == ["ben@clinic.example"]


@pytest.mark.parametrize(
    "to",
    ["", "ben", "a@b", "a@b.example,c@d.example", "a@b.example?bcc=x@y.example", "<a@b.example>"],
)
def test_what_is_no_e_mail_address_is_refused(to: str) -> None:
    with pytest.raises(AddressRefused, match="one e-mail address"):
        from_mail(to, server="smtp.example.org")


@pytest.mark.parametrize("server", ["smtp.example.org/x?y", "a b", "host:port", "user@host"])
def test_what_is_no_mail_server_is_refused(server: str) -> None:
    with pytest.raises(AddressRefused):
        from_mail("ben@clinic.example", server=server)


def test_slack_and_teams_take_the_address_that_they_show() -> None:
    assert kind_of(from_slack(SLACK).url) == "slack"
    assert kind_of(from_teams(TEAMS).url) == "teams"


@pytest.mark.parametrize(
    "url", ["https://slack.com/x", "http://hooks.slack.com/services/A/B/C", ""]
)
def test_another_address_is_none_of_slack(url: str) -> None:
    with pytest.raises(AddressRefused, match=r"hooks\.slack\.com"):
        from_slack(url)


@pytest.mark.parametrize("url", ["https://example.org", "http://x/workflows/y?sig=1", ""])
def test_another_address_is_none_of_teams(url: str) -> None:
    with pytest.raises(AddressRefused, match="workflows"):
        from_teams(url)


def test_a_webhook_keeps_its_path_its_question_and_its_login() -> None:
    address = from_webhook("https://me:pw@hooks.example.org:8443/a/b?token=x%26y&n=1")

    hook = notice_addresses.service(address.url)
    assert hook is not None
    assert (hook.host, hook.port, hook.secure, hook.fullpath) == (
        "hooks.example.org", 8443, True, "/a/b",
    )  # fmt: skip
    assert hook.params == {"token": "x&y", "n": "1"}
    assert (hook.user, hook.password) == ("me", "pw")


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org", "https://", "https://a:b:c"])
def test_what_is_no_web_address_is_no_webhook(url: str) -> None:
    with pytest.raises(AddressRefused, match="not a web address"):
        from_webhook(url)
