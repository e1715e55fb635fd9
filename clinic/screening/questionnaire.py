"""A questionnaire: its questions in order, loaded from a file that a clinician can edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from clinic.screening.hand_written import Entry, UnusableFileError, read_file
from clinic.screening.item_file import item_from
from clinic.screening.items import EnableWhen, Item

_WORDS = ("resourceType", "id", "url", "name", "version", "title", "status", "item")
_STATUS = ("draft", "active", "retired", "unknown")


class QuestionnaireError(UnusableFileError):
    """A questionnaire file cannot be used; the message names the file and the place."""


@dataclass(frozen=True)
class Asked:
    """A question where it stands: what is said before it, and all that must hold to ask it."""

    item: Item
    said_before: tuple[str, ...]
    enable_when: tuple[EnableWhen, ...]


@dataclass(frozen=True)
class Questionnaire:
    """A FHIR R4 Questionnaire with the few additions that screening/README.md lists."""

    id: str
    url: str
    name: str
    version: str
    title: str
    status: str
    items: tuple[Item, ...]

    @cached_property
    def questions(self) -> tuple[Asked, ...]:
        return tuple(_questions(self.items, (), ()))

    def item(self, link_id: str) -> Item | None:
        found = (asked.item for asked in self.questions if asked.item.link_id == link_id)
        return next(found, None)


def load_questionnaire(path: Path) -> Questionnaire:
    try:
        entry = read_file(path)
        questionnaire = _questionnaire(entry)
        _check_order(entry, questionnaire)
    except QuestionnaireError:
        raise
    except UnusableFileError as problem:
        raise QuestionnaireError(str(problem)) from None
    return questionnaire


def _questionnaire(entry: Entry) -> Questionnaire:
    entry.only(_WORDS)
    if entry.text("resourceType") != "Questionnaire":
        raise entry.wrong("'resourceType' must be Questionnaire.")
    status = entry.text("status")
    if status not in _STATUS:
        raise entry.wrong(f"status '{status}' is not one of: {', '.join(_STATUS)}.")
    items = tuple(item_from(item) for item in entry.entries("item"))
    if not items:
        raise entry.wrong("there is not one question under 'item'.")
    return Questionnaire(
        id=entry.text("id"),
        url=entry.text("url"),
        name=entry.text("name"),
        version=entry.text("version"),
        title=entry.text("title"),
        status=status,
        items=items,
    )


def _questions(
    items: tuple[Item, ...], said: tuple[str, ...], conditions: tuple[EnableWhen, ...]
) -> Iterator[Asked]:
    """Questions in order, out of their groups; a group's text is said before its first one."""
    for item in items:
        own = (*conditions, item.enable_when) if item.enable_when else conditions
        if item.type == "display":
            said = (*said, item.text)
        elif item.type == "group":
            yield from _questions(item.items, (*said, item.text), own)
            said = ()
        else:
            yield Asked(item, said, own)
            said = ()


def _check_order(entry: Entry, questionnaire: Questionnaire) -> None:
    """Every name once, every label once, and no question that waits for a later one."""
    earlier: set[str] = set()
    labels: set[str] = set()
    for asked in questionnaire.questions:
        place = entry.renamed(f"question '{asked.item.link_id}'")
        if asked.item.link_id in earlier:
            raise place.wrong("this 'linkId' is used twice.")
        if asked.item.short.casefold() in labels:
            raise place.wrong(f"'short: {asked.item.short}' is used twice.")
        for condition in (one for when in asked.enable_when for one in when.conditions):
            if condition.question not in earlier:
                raise place.wrong(f"it waits for '{condition.question}', which comes no earlier.")
        earlier.add(asked.item.link_id)
        labels.add(asked.item.short.casefold())
