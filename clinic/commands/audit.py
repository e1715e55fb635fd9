"""`audit verify | head | export | adopt`: is the log of deeds whole, and what does it say."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from clinic import audit, audit_chain, audit_check, audit_log
from clinic.audit_chain import Head
from clinic.audit_check import Findings
from clinic.audit_log import Filters
from clinic.database import reading, transaction
from clinic.facts import facts
from clinic.tables import AuditEntry

WRITERS: dict[str, Callable[[Iterable[AuditEntry]], Iterator[str]]] = {
    "jsonl": audit_log.as_jsonl,
    "csv": audit_log.as_csv,
}
ANY_WORDS = "`*` at its end stands for anything"


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser("audit", help="who saw or did what; whether that log is whole")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)

    verify = deeds.add_parser(
        "verify",
        help="look at every entry; ends with 1 if anything was changed, deleted or put in",
        description="Looks at every entry of the log and at its seal. A head that you kept "
        "elsewhere shows, too, whether the newest entries were cut off.",
    )
    verify.add_argument("--head", type=_head, help="what `audit head` printed some time ago")
    verify.set_defaults(run=run_verify)

    head = deeds.add_parser(
        "head",
        help="place and seal of the newest entry, to be kept where nobody here can change it",
    )
    head.set_defaults(run=run_head)

    export = deeds.add_parser("export", help="write the log to the screen, the oldest entry first")
    export.add_argument("--format", choices=tuple(WRITERS), default="jsonl")
    export.add_argument("--since", type=_day, metavar="DAY", help="such as 2026-11-22")
    export.add_argument("--until", type=_day, metavar="DAY", help="this day included")
    export.add_argument("--actor", default="", help=f"such as staff:3, visitor; {ANY_WORDS}")
    export.add_argument("--action", default="", help=f"such as lead.viewed; {ANY_WORDS}")
    export.add_argument("--subject", default="", help=f"such as lead:5f0c…; {ANY_WORDS}")
    export.set_defaults(run=run_export)

    adopt = deeds.add_parser(
        "adopt",
        help="seal entries that an older version wrote after the update; look at them before",
    )
    adopt.set_defaults(run=run_adopt)


def run_verify(asked: Namespace) -> int:
    with reading() as session:
        found = audit_check.check(session, known=asked.head)
    with transaction() as session:
        audit.record_check(session, found, actor="system")
    print(*in_words(found), sep="\n")
    return int(not found.is_whole)


def in_words(found: Findings) -> Iterator[str]:
    if found.is_whole:
        yield f"The audit log is whole: {found.number} entries."
    else:
        yield f"The audit log is NOT whole: {found.number} entries were looked at."
        yield from (f"  {fault.words}" for fault in found.faults)
        if found.more_faults:
            yield f"  and {found.more_faults} more."
    yield f"Head: {found.head}"


def run_head(asked: Namespace) -> None:
    with reading() as session:
        print(audit_chain.head(session))


def run_export(asked: Namespace) -> None:
    filters = Filters(
        actor=asked.actor,
        action=asked.action,
        subject=asked.subject,
        since=_midnight(asked.since) if asked.since else None,
        until=_midnight(asked.until + timedelta(days=1)) if asked.until else None,
    )
    # First of all: nothing leaves without a trace.
    with transaction() as session:
        audit.record(session, actor="system", action="audit.exported", subject="audit")
    with reading() as session:
        sys.stdout.writelines(WRITERS[asked.format](audit_log.oldest_first(session, filters)))


def run_adopt(asked: Namespace) -> None:
    with transaction() as session:
        number = audit.adopt(session)
    print(f"{number} entries were sealed." if number else "Every entry has its seal already.")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=facts().zone)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ArgumentTypeError("a day is written like 2026-11-22") from None


def _head(written: str) -> Head:
    match = re.fullmatch(r"(\d+):([0-9a-f]{64})", written.strip())
    if match is None:
        raise ArgumentTypeError("a head is written as `audit head` prints it, like 42:5f0c…")
    return Head(int(match[1]), match[2])
