"""What tests of the pages of one lead have in common."""

from __future__ import annotations

import re
from typing import Any

from httpx import Response

from clinic.database import transaction
from clinic.leads import save_lead
from clinic.tables import Lead
from tests.clinic.screened import screened
from tests.web.console.conftest import Browser

PLANTED = '"><script>alert(1)</script>'


def keep(conversation_id: str = "one", **said: Any) -> Lead:
    """A screened visitor, as the bot saves them."""
    with transaction() as session:
        return save_lead(session, screened(conversation_id=conversation_id, **said))


def kept(lead: Lead) -> Lead:
    """The lead as it is in the database now."""
    with transaction() as session:
        return session.get_one(Lead, lead.id)


def drawn(browser: Browser, lead: Lead) -> dict[str, str]:
    """The hidden fields of the status form, as the page of the lead is drawn now."""
    page = browser.get(f"/staff/leads/{lead.id}").text
    found = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("csrf", "seen", "was")
    }
    return {name: match[1] for name, match in found.items() if match}


def send(browser: Browser, lead: Lead, form: str, **fields: str) -> Response:
    """Open the page of a lead and send one of its forms."""
    values = {**drawn(browser, lead), **fields}
    answer: Response = browser.post(f"/staff/leads/{lead.id}/{form}", data=values)
    return answer
