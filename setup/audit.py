"""`make audit`: whether the pinned libraries have known faults that nobody has thought about.

Not every package index tells. One that does not is no fault of ours: that is said plainly, and
nothing fails. Runs in the app environment, which has pip-audit and a Python that reads TOML.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Set

from setup import environments
from setup.environments import REQUIREMENTS
from setup.home import HOME, environment, python_of

AUDITED = ("app", "rasa")
KNOWN = REQUIREMENTS / "audit.toml"
PIP_AUDIT = ["pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off"]
PIP_AUDIT += ["--format", "json"]
SECONDS = 600

NOTHING_TOLD = (
    "The package index that this machine uses tells nothing about faults, so NOTHING WAS AUDITED.\n"
    "Run `make audit` once on a machine that reaches pypi.org."
)


class Known(NamedTuple):
    """A fault that somebody has thought about."""

    id: str
    package: str
    why: str
    until: date


class Fault(NamedTuple):
    """What pip-audit found; `names` are all names that the fault goes by."""

    package: str
    version: str
    names: List[str]
    mended_in: str

    def __str__(self) -> str:
        mended = " (mended in %s)" % self.mended_in if self.mended_in else ""
        return "%s %s: %s%s" % (self.package, self.version, " = ".join(self.names), mended)


def audit() -> int:
    environments.build("app", ["app.txt", "test.txt"])
    command = [str(python_of("app")), "-m", "setup.audit"]
    return subprocess.call(command, cwd=HOME, env=environment())


def main() -> int:
    known = read_known(KNOWN.read_text("utf-8"))
    if not _tells_anything():
        print(NOTHING_TOLD)
        return 0
    worst = 0
    for name in AUDITED:
        found = _ask(REQUIREMENTS / (name + ".txt"))
        if found is None:
            print("%s: the index did not answer; this file was NOT AUDITED." % name)
            continue
        lines = complaints(faults(found), known, date.today())  # noqa: DTZ011  # of this machine
        left_out = len(unaudited(found))
        print("%s: %d libraries, %d not known to the index" % (name, len(found), left_out))
        for line in lines:
            print("  " + line)
        worst |= bool(lines)
    return worst


def read_known(text: str) -> List[Known]:
    """The entries of audit.toml, each with all that it needs."""
    import tomllib

    return [Known(**entry) for entry in tomllib.loads(text).get("known", [])]


def complaints(found: Iterable[Fault], known: Iterable[Known], today: date) -> List[str]:
    """What somebody has to look at: new faults, and known ones whose day is over."""
    known = list(known)
    lines = []
    for fault in found:
        entry = next((one for one in known if _is_about(one, fault)), None)
        if entry is None:
            lines.append("NEW      %s" % (fault,))
        elif entry.until < today:
            lines.append("OVERDUE  %s: think again, then set a new day" % (fault,))
    return lines


def _is_about(entry: Known, fault: Fault) -> bool:
    return entry.package == fault.package and entry.id in fault.names


def faults(found: List[Dict[str, Any]]) -> List[Fault]:
    return [
        Fault(
            package=library["name"],
            version=library["version"],
            names=[fault["id"], *fault.get("aliases", [])],
            mended_in=", ".join(fault.get("fix_versions", [])),
        )
        for library in found
        for fault in library.get("vulns", [])
    ]


def unaudited(found: List[Dict[str, Any]]) -> Set[str]:
    """Libraries that the index said nothing about."""
    return {library["name"] for library in found if "skip_reason" in library}


def _tells_anything() -> bool:
    """Ask for one library first: an index that tells nothing is not asked hundreds of times."""
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.txt"
        one.write_text(_first_pin(REQUIREMENTS / "app.txt"), "utf-8")
        found = _ask(one)
    return found is not None and not unaudited(found)


def _first_pin(path: Path) -> str:
    lines = (line.split(" ")[0] for line in path.read_text("utf-8").splitlines())
    return next(line for line in lines if "==" in line)


def _ask(requirements: Path) -> Optional[List[Dict[str, Any]]]:
    """What pip-audit found about each library; nothing if it could not ask at all."""
    command = [sys.executable, "-m", *PIP_AUDIT, "--requirement", str(requirements)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        return list(json.loads(done.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None


if __name__ == "__main__":
    sys.exit(main())
