"""Answers that can hardly both be right: the visitor is asked, and nothing is overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clinic.screening.condition_file import condition_from
from clinic.screening.conditions import Condition
from clinic.screening.hand_written import Entry, UnusableFileError, read_file


class ContradictionsError(UnusableFileError):
    """A file of contradictions cannot be used; the message names the file and the place."""


@dataclass(frozen=True)
class Contradiction:
    """When it holds, `ask` is put to the visitor, who may change one of the answers it is about."""

    id: str
    when: Condition
    ask: str
    about: tuple[str, ...]


def load_contradictions(path: Path) -> tuple[Contradiction, ...]:
    try:
        entry = read_file(path)
        entry.only(("version", "contradictions"))
        found = tuple(_contradiction(one) for one in entry.entries("contradictions"))
        twice = _twice(one.id for one in found)
        if twice:
            raise entry.wrong(f"contradiction '{twice}' is written twice.")
    except UnusableFileError as problem:
        raise ContradictionsError(str(problem)) from None
    return found


def _contradiction(entry: Entry) -> Contradiction:
    name = entry.text("id")
    entry = entry.renamed(f"contradiction '{name}'")
    entry.only(("id", "when", "ask", "about"))
    about = entry.texts("about")
    if not about:
        raise entry.wrong("'about' names the questions that the visitor may want to change.")
    return Contradiction(name, condition_from(entry.entry("when")), entry.text("ask"), about)


def _twice(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
