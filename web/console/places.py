"""The parts of the console that stand in its menu, and who may open them."""

from __future__ import annotations

from clinic.roles import Role

PLACES = (
    ("/staff/leads", "Leads", Role.STAFF),
    ("/staff/live", "Live", Role.STAFF),
    ("/staff/numbers", "Numbers", Role.CLINICIAN),
    ("/staff/teaching", "Teaching", Role.CLINICIAN),
    ("/staff/team", "Team", Role.ADMIN),
    ("/staff/notices", "Notices", Role.ADMIN),
    ("/staff/audit", "Audit", Role.ADMIN),
)
"""Address, name, and the least role."""


def places(role: str) -> list[tuple[str, str]]:
    """What somebody with this role finds in the menu."""
    return [(path, name) for path, name, least in PLACES if Role(role).may_act_as(least)]
