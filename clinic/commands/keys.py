"""`keys new | check | rotate`: the keys that stored values are encrypted with."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections import Counter

from cryptography.fernet import Fernet

from clinic import audit, audit_chain, key_rotation
from clinic.commands import weak_secrets
from clinic.database import transaction
from clinic.key_rotation import UNREADABLE, Tally

WHAT_TO_DO = """\
A fresh key. Keep a copy where the backups are not. To change to it without a stop:
 1. put it at the END of CLINIC_ENCRYPTION_KEYS, after a comma; restart every web and actions
 2. move it to the FRONT; restart them again
 3. python -m clinic keys rotate
 4. move the old key to the front of CLINIC_RETIRED_KEYS; restart them once more
See docs/operations.md, “Key rotation”. RASA_TRACKER_KEYS takes a key of its own."""

SECONDS_BETWEEN_LINES = 5.0


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser("keys", help="the keys that stored values are encrypted with")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    new = deeds.add_parser("new", help="print a fresh key and what to do with it; changes nothing")
    new.set_defaults(run=run_new)
    check = deeds.add_parser(
        "check",
        help="how many stored values need an old key; which keys can be guessed",
        description="Opens every encrypted value and shows none. Ends with 1 if a value cannot be "
        "opened, or if a secret can be guessed or stands in two places.",
    )
    check.set_defaults(run=run_check)
    rotate = deeds.add_parser(
        "rotate",
        help="encrypt anew, with the first key, what older keys have encrypted",
        description="The product goes on meanwhile, but every process must know the new key "
        "already. Can be broken off and begun again. Ends with 1 if something is left.",
    )
    rotate.set_defaults(run=run_rotate)


def run_new(asked: Namespace) -> None:
    """The key alone goes to the standard output, so that a script can take it."""
    print(WHAT_TO_DO, file=sys.stderr)
    print(Fernet.generate_key().decode())


def run_check(asked: Namespace) -> int:
    found = weak_secrets.secrets()
    weak, twice = weak_secrets.weak(found), weak_secrets.used_twice(found)
    for name in weak:
        print(f"{name} can be guessed. `keys new` prints a good one.")
    for name in twice:
        print(f"{name} holds a value that is used twice. Each needs one of its own.")
    tally = key_rotation.tally()
    _show(tally)
    return int(bool(weak or twice or tally.unreadable()))


def run_rotate(asked: Namespace) -> int:
    _go_through()
    tally = key_rotation.tally()
    _show(tally)
    if tally.of_old_keys():
        print(
            "Something was written with an old key meanwhile: a process still has the old "
            "settings. Restart it and run this again.",
            file=sys.stderr,
        )
    return int(bool(tally.of_old_keys() or tally.unreadable()))


def _go_through() -> None:
    rows = values = 0
    all_rows = key_rotation.number_of_rows()
    begun = shown = time.monotonic()
    for step in key_rotation.rotate():
        rows, values = rows + step.rows, values + step.values
        spent = time.monotonic() - begun
        if time.monotonic() - shown > SECONDS_BETWEEN_LINES:
            shown = time.monotonic()
            share = min(rows / max(all_rows, 1), 1)
            print(f"{share:.0%}, {rows / spent:,.0f} rows a second", file=sys.stderr, flush=True)
    with transaction() as session:
        audit_chain.turn_to_the_newest_key(session)
        audit.record(session, actor="system", action="keys.rotated", subject="keys")
    spent = max(time.monotonic() - begun, 0.001)
    print(f"{values:,} values of {all_rows:,} rows in {spent:.1f} s ({rows / spent:,.0f} rows/s).")


def _show(tally: Tally) -> None:
    """By column, what is not of the first key; never a value."""
    for (about, key), number in sorted(tally.values.items()):
        if key == UNREADABLE:
            print(f"{about}: {number:,} CANNOT BE OPENED by any key.")
        elif key:
            print(f"{about}: {number:,} need key {key + 1}.")
    by_key: Counter[int] = Counter()
    for (_, key), number in tally.values.items():
        by_key[key] += number
    print(f"{by_key[0]:,} of {by_key.total():,} values are encrypted with the first key.")
    unneeded = [n + 1 for n in range(1, len(key_rotation.ciphers())) if not by_key[n]]
    if unneeded and not by_key[UNREADABLE]:
        print(
            f"No value needs key {', '.join(map(str, unneeded))} any more: move it to "
            "the front of CLINIC_RETIRED_KEYS, where the audit log's old seals still find it."
        )
