"""Send one mail to a visitor through CLINIC_VISITOR_MAIL."""

from __future__ import annotations

import apprise
from apprise.attachment.memory import AttachMemory

from clinic.notice_addresses import service
from clinic.notice_post import post_through
from clinic.settings import settings
from clinic.visitor_mail_queue import FILE, Letter

UTF_8 = "\ufeff"
"""In front of the text, as apprise cannot say in the mail how its letters are written."""


def post(letter: Letter) -> str | None:
    """Nothing when the server took it, else the type of the error."""
    file = AttachMemory(UTF_8 + letter.copy, FILE, "text/plain") if letter.copy else None
    return post_through(lambda: mail_to(letter.to), letter.words, file=file)


def mail_to(address: str) -> apprise.NotifyBase | None:
    """The operator's mail server with this one recipient; nothing if it cannot be used."""
    mail = service(settings().visitor_mail.get_secret_value())
    if mail is not None:
        mail.targets = [(False, address)]
        mail.cc, mail.bcc = set(), set()
        # So that nobody's notice of absence answers (RFC 3834).
        mail.headers["Auto-Submitted"] = "auto-generated"
    return mail
