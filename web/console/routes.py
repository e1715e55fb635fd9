"""Every page of the console, one file for each."""

from __future__ import annotations

from fastapi import APIRouter

from web.console import (
    crisis,
    lead,
    lead_export,
    lead_list,
    lead_summary,
    password,
    sign_in,
)

ROOMS = (sign_in, password, lead_list, lead, lead_summary, lead_export, crisis)

router = APIRouter(include_in_schema=False)
for room in ROOMS:
    router.include_router(room.router, prefix="/staff")
