"""`retention preview | run`: what has been kept for long enough."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction

from clinic import retention, retention_round
from clinic.database import reading

WHERE_THEY_ARE = (
    "`python -m clinic audit export --action '*.not_expired'` says which, and the kind of error."
)
NOTHING = "Nothing expires: `retention_days` in clinic.yml is empty."


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser(
        "retention",
        help="erase what has been kept for `retention_days` (clinic.yml)",
        description="The web process does it once an hour. Cannot be undone: look at the preview "
        "first, above all after `retention_days` was set or lowered.",
    )
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    preview = deeds.add_parser("preview", help="how much would be erased now; changes nothing")
    preview.set_defaults(run=run_preview)
    run = deeds.add_parser("run", help="erase it now")
    run.set_defaults(run=run_round)


def run_preview(asked: Namespace) -> None:
    kept = retention.kept_for()
    if kept is None:
        print(NOTHING)
        return
    with reading() as session:
        due = retention.due(session)
        warned = retention.how_many_warned_of(session)
    print(f"Kept for {kept.days} days. A round would erase now:")
    print(f"  {len(due.conversations)} chats without a request")
    print(f"  {len(due.leads)} requests")
    print(
        f"It would warn staff of {len(due.to_warn_of)} open requests; {warned} have their warning."
    )


def run_round(asked: Namespace) -> None:
    if retention.kept_for() is None:
        print(NOTHING)
        return
    erased = retention_round.run()
    print(f"Erased: {erased.conversations} chats without a request, {erased.leads} requests.")
    if erased.failed:
        print(f"{erased.failed} could not be erased; {WHERE_THEY_ARE}")
