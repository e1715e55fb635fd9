"""A questionnaire: its questions in order, loaded from a file that a clinician can edit."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from clinic.screening.contact_within import KEY as CONTACT_WITHIN
from clinic.screening.contact_within import ContactWithin, contact_within
from clinic.screening.dates import LocalDates
from clinic.screening.hand_written import Entry, UnusableFileError, read_file
from clinic.screening.item_file import item_from
from clinic.screening.items import EnableWhen, Item

_WORDS = ("resourceType", "id", "url", "name", "version", "language", "title", "status", "item")
_OWN_WORDS = (CONTACT_WITHIN,)
_STATUS = ("draft", "active", "retired", "unknown")


_NOWHERE = Item("", "group", "")  # outside of every group


class QuestionnaireError(UnusableFileError):
    """A questionnaire file cannot be used; the message names the file and the place."""


@dataclass(frozen=True)
class Asked:
    """A question where it stands: what is said before it, and all that must hold to ask it.

    `section`, `stem` and `about_safety` are those of its group; `help` stands at a group's first
    question.
    """

    item: Item
    said_before: tuple[str, ...] = ()
    enable_when: tuple[EnableWhen, ...] = ()
    section: str | None = None
    stem: str | None = None
    help: str | None = None
    about_safety: bool = False


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
    language: str = "en"
    contact_within: ContactWithin | None = None
    """Of the callback request, which has no outcome that could say it."""
    dates: LocalDates = field(default_factory=LocalDates)

    @cached_property
    def questions(self) -> tuple[Asked, ...]:
        return tuple(_questions(self.items, Asked(_NOWHERE)))

    @cached_property
    def _by_link_id(self) -> dict[str, Item]:
        return {asked.item.link_id: asked.item for asked in self.questions}

    def item(self, link_id: str) -> Item | None:
        return self._by_link_id.get(link_id)

    @property
    def consent(self) -> Item | None:
        """The question whose yes allows all others to be kept."""
        return next((asked.item for asked in self.questions if asked.item.text_version), None)


def load_questionnaire(path: Path, dates: LocalDates | None = None) -> Questionnaire:
    """Read a file.

    Args:
        dates: how dates are written where the clinic is, and which day it is there.

    Raises:
        QuestionnaireError: with the place and a hint.
    """
    try:
        entry = read_file(path)
        questionnaire = _questionnaire(entry, dates or LocalDates())
        _check_order(entry, questionnaire)
    except QuestionnaireError:
        raise
    except UnusableFileError as problem:
        raise QuestionnaireError(str(problem)) from None
    return questionnaire


def _questionnaire(entry: Entry, dates: LocalDates) -> Questionnaire:
    entry.only((*_WORDS, *_OWN_WORDS))
    if entry.text("resourceType") != "Questionnaire":
        raise entry.wrong("'resourceType' must be Questionnaire.")
    status = entry.text("status")
    if status not in _STATUS:
        raise entry.wrong(f"status '{status}' is not one of: {', '.join(_STATUS)}.")
    items = tuple(item_from(item, dates) for item in entry.entries("item"))
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
        language=entry.maybe_text("language") or "en",
        contact_within=contact_within(entry) if CONTACT_WITHIN in entry.content else None,
        dates=dates,
    )


def _questions(items: tuple[Item, ...], group: Asked) -> Iterator[Asked]:
    """Questions in order, out of their groups; a group's text is said before its first one."""
    for item in items:
        enable_when = (*group.enable_when, *((item.enable_when,) if item.enable_when else ()))
        if item.type == "display":
            group = replace(group, said_before=(*group.said_before, item.text))
            continue
        if item.type == "group":
            yield from _questions(item.items, _group(item, group, enable_when))
        else:
            yield replace(group, item=item, enable_when=enable_when)
        group = replace(group, said_before=(), help=None)


def _group(item: Item, outer: Asked, enable_when: tuple[EnableWhen, ...]) -> Asked:
    return Asked(
        item=_NOWHERE,
        said_before=(*outer.said_before, item.text),
        enable_when=enable_when,
        section=item.short or outer.section,
        stem=item.stem,
        help=item.help or outer.help,
        about_safety=bool(item.help) or outer.about_safety,
    )


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
        for name in _waits_for(asked):
            if name not in earlier:
                raise place.wrong(f"it waits for '{name}', which comes no earlier.")
        for name in _leads_to(asked.item):
            if name in earlier or questionnaire.item(name) is None:
                raise place.wrong(f"it leads to '{name}', which comes no later.")
        if unknown := _unknown_option(asked, questionnaire):
            raise place.wrong(unknown)
        earlier.add(asked.item.link_id)
        labels.add(asked.item.short.casefold())


def _waits_for(asked: Asked) -> Iterator[str]:
    for when in asked.enable_when:
        yield from (condition.question for condition in when.conditions)
    if asked.item.confirms:
        yield asked.item.confirms


def _unknown_option(asked: Asked, questionnaire: Questionnaire) -> str | None:
    """An option that is waited for and that nobody can choose: the question would never come."""
    for condition in (one for when in asked.enable_when for one in when.conditions):
        item = questionnaire.item(condition.question)
        if condition.operator != "exists" and _is_of_another_kind(item, condition.answer):
            return f"'{condition.question}' and 'answerDate' belong together, as both are dates."
        options = item.options if item else ()
        codes = [option.value for option in options if option.coding]
        if condition.operator in ("=", "!=") and codes and condition.answer not in codes:
            return f"'{condition.question}' has no option '{condition.answer}' to wait for."
    return None


def _is_of_another_kind(item: Item | None, answer: object) -> bool:
    is_asked_for = item is not None and item.type == "date"
    return isinstance(answer, date) != is_asked_for


def _leads_to(item: Item) -> Iterator[str]:
    yield from (option.takes for option in item.options if option.takes)
    if item.with_:
        yield item.with_
