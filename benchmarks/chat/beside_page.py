"""The comparison with the starter as a page to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.chat.beside import OURS, SHARED, STARTER, Found, Size
from benchmarks.chat.measures import Round, failures, figure
from benchmarks.chat.usage import CLIENT, Machine, Memory
from benchmarks.chat.words import at_least, at_most, failed, table

P95_GOAL, THROUGHPUT_GOAL, SHARE_GOAL = 0.5, 2.0, 5.0

Of = Callable[[Round], float]

HEAD = """# Beside the starter: the last run

Made by `make bench-chat` on {machine}.

The **starter** is what `rasa init --no-prompt` makes, trained and run as it is, asked by its REST
channel in its own intents. **Ours** answers {topics} topics and {danger}; it is asked by the public
API as a browser does, with each message kept in an encrypted transcript before it is answered. Both
are asked by one client on the same machine, {turns} turns a conversation, in turn, {rounds} rounds
after a warm-up; figures are those of the median round, with the lowest and the highest.

![](results.png)
"""

WEB = """## What web adds to a turn

Milliseconds of its own, before Rasa is asked and after it has answered, as it counts them itself.
95th percentiles are as exact as the buckets of the histograms. Goal, with one visitor: {verdict}
"""

COST = """## Processor time

Milliseconds of a turn, by process. The client is on the same cores; it is the same for all bots.
*Others*: percent of one core that neither bot nor client took, the bots that were not asked among
them.
"""

MEMORY = """## Memory

Megabytes after all rounds. *Proportional* counts what processes share only once.
"""


def page(found: Found, size: Size, machine: Machine) -> str:
    danger = "listens for danger in every message" if found.hears_danger else "**hears no danger**"
    head = HEAD.format(
        machine=machine,
        topics=found.topics,
        danger=danger,
        turns=found.turns,
        rounds=size.rounds,
    )
    types = ", ".join(f"{kind} {times}" for kind, times in sorted(found.talk.items()))
    parts = [
        head,
        f"## Goals\n\n{verdicts(found)}",
        f"## Turns\n\n{turns(found)}\n\n{every_turn(found)}",
        f"One pass of our conversations is answered with: {types}.",
        web(found),
        COST + "\n" + cost(found),
        MEMORY + "\n" + memory(found),
        "## Start and training\n\n" + once(found),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def verdicts(found: Found) -> str:
    levels = sorted(found.rounds[OURS])
    slower = max(_ratio(found, level, lambda one: one.milliseconds(95)) for level in levels)
    fewer = min(_ratio(found, level, lambda one: one.per_second) for level in levels)
    lines = [
        f"95th percentile beside the starter's, the worst of all loads: "
        f"{at_most(slower, P95_GOAL, ' ×')}",
        f"turns per second beside the starter's, the worst of all loads: "
        f"{at_least(fewer, THROUGHPUT_GOAL, ' ×')}",
        f"web's own share of a turn: {_share_verdict(found)}",
    ]
    return "\n".join(f"- {line}" for line in lines)


def turns(found: Found) -> str:
    rows = []
    for level in sorted(found.rounds[OURS]):
        for name, of_bot in found.rounds.items():
            rounds = of_bot[level]
            row = [str(level), name]
            row += [figure(rounds, lambda one: one.milliseconds(50)).shown()]
            row += [figure(rounds, lambda one: one.milliseconds(95)).shown()]
            row += [figure(rounds, lambda one: one.per_second).shown()]
            row += _beside(found, name, level)
            rows.append(row)
    head = ("visitors", "bot", "p50 ms", "p95 ms", "turns a second", "p95 ×", "turns a second ×")
    return table(head, rows)


def every_turn(found: Found) -> str:
    """Turns without an answer, by bot: the starter is trained anew each time, and some trainings
    leave a sentence of its own without one."""
    kinds = {
        f"{name}, {kind}": times
        for name, of_bot in found.rounds.items()
        for kind, times in failures([one for some in of_bot.values() for one in some]).items()
    }
    return failed(kinds)


def web(found: Found) -> str:
    rows = []
    for level, share in sorted(found.shares.items()):
        if share is not None:
            figures = (share.before, share.after, share.both, share.average)
            rows.append([str(level), *(f"{value:.1f}" for value in figures), str(share.turns)])
    words = WEB.format(verdict=_share_verdict(found))
    if not rows:
        return words
    head = ("visitors", "before, p95", "after, p95", "both, p95", "both, on average", "turns")
    return words + "\n" + table(head, rows)


def cost(found: Found) -> str:
    rows = []
    for level in sorted(found.rounds[OURS]):
        for name, of_bot in found.rounds.items():
            rounds = of_bot[level]
            processes = [process for process in rounds[0].cpu if process != CLIENT]
            each = ", ".join(f"{process} {_cpu(rounds, process):.1f}" for process in processes)
            whole = sum(_cpu(rounds, process) for process in processes)
            row = [str(level), name, f"{whole:.1f}", each, f"{_cpu(rounds, CLIENT):.1f}"]
            rows.append([*row, _cores(rounds), _others(rounds)])
    head = ("visitors", "bot", "ms a turn", "by process", "client", "cores busy, %", "others, %")
    return table(head, rows)


def memory(found: Found) -> str:
    rows = []
    for name, processes in found.memory.items():
        whole = sum(one.resident for one in processes.values())
        each = ", ".join(f"{process} {one.resident:.0f}" for process, one in processes.items())
        rows.append([name, f"{whole:.0f}", _proportional(list(processes.values())), each])
    return table(("bot", "resident", "proportional", "resident, by process"), rows)


def once(found: Found) -> str:
    rows = []
    for name in (STARTER, OURS):
        starts = sorted(found.starts[name])
        spread = f"{starts[len(starts) // 2]:.1f} ({starts[0]:.1f}–{starts[-1]:.1f})"
        training = found.training.get(name)
        rows.append(
            [name, spread, "not trained in this run" if training is None else f"{training:.0f}"]
        )
    said = "Seconds. *Start*: from the command to the first answer, ours with a new database."
    return said + "\n\n" + table(("bot", "start", "training"), rows)


def summary(found: Found) -> dict[str, object]:
    """What the plot shows."""
    return {
        name: {
            level: {
                "p50": figure(rounds, lambda one: one.milliseconds(50)).middle,
                "p95": figure(rounds, lambda one: one.milliseconds(95)).middle,
                "per_second": figure(rounds, lambda one: one.per_second).middle,
            }
            for level, rounds in of_bot.items()
        }
        for name, of_bot in found.rounds.items()
        if name != SHARED
    }


def _share_verdict(found: Found) -> str:
    share = found.shares.get(1)
    return "not counted by web" if share is None else at_most(share.both, SHARE_GOAL, " ms")


def _beside(found: Found, name: str, level: int) -> list[str]:
    if name == STARTER:
        return ["", ""]
    return [
        f"{_ratio(found, level, lambda one: one.milliseconds(95), name):.2f}",
        f"{_ratio(found, level, lambda one: one.per_second, name):.2f}",
    ]


def _ratio(found: Found, level: int, of: Of, name: str = OURS) -> float:
    ours = figure(found.rounds[name][level], of).middle
    return ours / figure(found.rounds[STARTER][level], of).middle


def _cpu(rounds: Sequence[Round], process: str) -> float:
    return figure(rounds, lambda one: one.cpu_of_a_turn(process)).middle


def _cores(rounds: Sequence[Round]) -> str:
    by_core = zip(*(one.cores for one in rounds), strict=True)
    return ", ".join(f"{median(busy):.0f}" for busy in by_core)


def _others(rounds: Sequence[Round]) -> str:
    return f"{figure(rounds, lambda one: one.others).middle:.0f}"


def _proportional(processes: Sequence[Memory]) -> str:
    shares = [one.proportional for one in processes]
    known = [share for share in shares if share is not None]
    return f"{sum(known):.0f}" if len(known) == len(shares) else "not readable"
