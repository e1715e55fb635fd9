"""Every route of the application, and who may use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

ANYBODY = "anybody"
CODE = "code"
"""Only who has given a password and owes the code."""
LEAVING = "leaving"
"""Whoever came in, however far."""
FIRST_PASSWORD = "first_password"
"""Also with a one-time password."""

WHO_MAY: dict[str, str] = {
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /": ANYBODY,
    "GET /chat": ANYBODY,
    "GET /widget.js": ANYBODY,
    "GET /widget/{of_version}/{file_name}": ANYBODY,
    "GET /safety": ANYBODY,
    "GET /api/answers": ANYBODY,
    "GET /api/answers.txt": ANYBODY,
    "GET /api/answers.json": ANYBODY,
    "GET /api/handoff": ANYBODY,
    "POST /api/handoff/end": ANYBODY,
    "POST /api/typing": ANYBODY,
    "GET /api/events": ANYBODY,
    "POST /api/feedback/question": ANYBODY,
    "POST /api/feedback": ANYBODY,
    "POST /api/conversation": ANYBODY,
    "GET /api/conversation.txt": ANYBODY,
    "DELETE /api/conversation": ANYBODY,
    "POST /api/conversation/email": ANYBODY,
    "POST /api/conversation/email/code": ANYBODY,
    "POST /api/messages": ANYBODY,
    "GET /staff": "staff",
    "GET /staff/login": ANYBODY,
    "POST /staff/login": ANYBODY,
    "POST /staff/logout": LEAVING,
    "GET /staff/code": CODE,
    "POST /staff/code": CODE,
    "GET /staff/join": ANYBODY,
    "POST /staff/join": ANYBODY,
    "POST /staff/join/account": ANYBODY,
    "GET /staff/password": FIRST_PASSWORD,
    "POST /staff/password": FIRST_PASSWORD,
    "GET /staff/account": "staff",
    "POST /staff/account/sessions/end-others": "staff",
    "POST /staff/account/sessions/{session_id}/end": "staff",
    "GET /staff/account/second-factor": "staff",
    "POST /staff/account/second-factor/begin": "staff",
    "POST /staff/account/second-factor/turn-on": "staff",
    "POST /staff/account/second-factor/codes": "staff",
    "POST /staff/account/second-factor/turn-off": "staff",
    "GET /staff/team": "admin",
    "POST /staff/team/invitations": "admin",
    "POST /staff/team/invitations/{token_hash}/withdraw": "admin",
    "GET /staff/team/{staff_id}": "admin",
    "POST /staff/team/{staff_id}/role": "admin",
    "POST /staff/team/{staff_id}/deactivate": "admin",
    "POST /staff/team/{staff_id}/reactivate": "admin",
    "POST /staff/team/{staff_id}/reset": "admin",
    "POST /staff/team/{staff_id}/second-factor/off": "admin",
    "POST /staff/team/{staff_id}/sessions/end": "admin",
    "GET /staff/events": "staff",
    "GET /staff/leads": "staff",
    "GET /staff/leads/search": "staff",
    "POST /staff/leads/search": "staff",
    "POST /staff/views": "staff",
    "POST /staff/views/{view_id}/delete": "staff",
    "GET /staff/leads/{lead_id}": "staff",
    "GET /staff/leads/{lead_id}/print": "staff",
    "POST /staff/leads/{lead_id}/status": "staff",
    "POST /staff/leads/{lead_id}/verdict": "clinician",
    "POST /staff/leads/{lead_id}/notes": "staff",
    "POST /staff/leads/{lead_id}/calls": "staff",
    "POST /staff/leads/{lead_id}/assignee": "staff",
    "GET /staff/leads/{lead_id}/merge/{other_id}": "staff",
    "POST /staff/leads/{lead_id}/merge": "staff",
    "POST /staff/leads/{lead_id}/part": "staff",
    "GET /staff/leads/{lead_id}/summary": "staff",
    "GET /staff/leads/{lead_id}/export.fhir.json": "clinician",
    "GET /staff/leads/{lead_id}/export.csv": "clinician",
    "GET /staff/leads/{lead_id}/export.jsonl": "clinician",
    "GET /staff/crisis/{event_id}": "staff",
    "GET /staff/live": "staff",
    "GET /staff/live/waiting": "staff",
    "POST /staff/live/here": "staff",
    "POST /staff/live/step-in": "staff",
    "GET /staff/notices": "admin",
    "POST /staff/notices/retry": "admin",
    "POST /staff/notices/settings/{target}/test": "admin",
    "POST /staff/notices/channels": "admin",
    "POST /staff/notices/channels/{channel_id}/wishes": "admin",
    "POST /staff/notices/channels/{channel_id}/remove": "admin",
    "POST /staff/notices/channels/{channel_id}/test": "admin",
    "GET /staff/open/{notice_id}": "staff",
    "GET /staff/account/notices": "staff",
    "POST /staff/account/notices/channels": "staff",
    "POST /staff/account/notices/channels/{channel_id}/wishes": "staff",
    "POST /staff/account/notices/channels/{channel_id}/remove": "staff",
    "POST /staff/account/notices/channels/{channel_id}/test": "staff",
    "GET /staff/live/{handoff_id}": "staff",
    "POST /staff/live/{handoff_id}/take": "staff",
    "POST /staff/live/{handoff_id}/messages": "staff",
    "POST /staff/live/{handoff_id}/typing": "staff",
    "POST /staff/live/{handoff_id}/hand-back": "staff",
    "GET /staff/live/{handoff_id}/events": "staff",
    "GET /staff/leads/{lead_id}/erase": "admin",
    "POST /staff/leads/{lead_id}/erase": "admin",
    "GET /staff/crisis/{event_id}/erase": "admin",
    "POST /staff/crisis/{event_id}/erase": "admin",
    "GET /staff/leads/{lead_id}/everything.zip": "admin",
    "GET /staff/expiring": "staff",
    "GET /staff/audit": "admin",
    "POST /staff/audit/check": "admin",
    "GET /staff/audit/export.csv": "admin",
    "GET /staff/teaching": "clinician",
    "GET /staff/teaching/decided": "clinician",
    "GET /staff/teaching/taught.yml": "clinician",
    "GET /staff/teaching/{message_id}": "clinician",
    "POST /staff/teaching/{message_id}/decide": "clinician",
    "POST /staff/teaching/{message_id}/undo": "clinician",
    "GET /staff/numbers": "clinician",
    "GET /staff/numbers/{name}.csv": "clinician",
}


def declared(app: FastAPI) -> Iterator[str]:
    """`METHOD /path` of each route, as the application's own description has it."""
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path}"


def hidden(app: FastAPI) -> list[str]:
    """Routes that are left out of the description."""
    return [
        route.path
        for route in _all_of(app.routes)
        if isinstance(route, APIRoute) and not route.include_in_schema
    ]


def _all_of(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from _all_of(included.routes)
