"""What staff may do: three roles, each of which may do what the one before may."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The lowest first."""

    STAFF = "staff"
    """The front desk: answers, calls, books, takes over chats."""
    CLINICIAN = "clinician"
    """Also judges triage, takes clinical data out as files, and teaches the bot."""
    ADMIN = "admin"
    """Also looks after accounts, reads the audit log, and erases people."""

    def may_act_as(self, needed: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)
