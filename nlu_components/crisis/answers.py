"""Load what a person in danger reads: crisis/answers, filled in with the country's help lines."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu_components.crisis.hotlines import (
    LANGUAGES,
    NUMBER,
    ROLES,
    Hotline,
    Resource,
    in_language,
    lines_for,
    load_hotlines,
)
from nlu_components.crisis.phrases import CATEGORIES
from nlu_components.crisis.strict_yaml import CrisisFileError, check_keys, read_mapping, text_list

UNCLEAR = "unclear"
"""The category when something was heard, or could not be read, and nobody can say what it was."""

AGAIN = "again"

SHARED = {
    *("closing", "texting", "staff", "staff_without_hours", "glad_safe"),
    *("back_button", "yes_button", "no_button"),
}
TEXTS = {"opening", "urgent", "question"}
WITHOUT_POISON_LINE = "urgent_without_poison_line"
CHECK_INS = {"default", "body", "violence", "psychosis", "third_person"}
FOR_EVERYONE = ("emergency", "crisis")
"""Whom a check-in offers."""

PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True)
class Reply:
    """One thing to say: the text, who can help, and the buttons."""

    category: str
    language: str
    again: bool
    text: str
    resources: tuple[Resource, ...]
    buttons: tuple[str, ...]

    @property
    def key(self) -> str:
        return reply_key(self.category, self.language, again=self.again)


@dataclass(frozen=True)
class CrisisAnswers:
    """Every reply, for each category and language; the first two also for a second time."""

    crisis: tuple[Reply, ...]
    check_in: tuple[Reply, ...]
    glad_safe: tuple[Reply, ...]


def reply_key(category: str, language: str, *, again: bool = False) -> str:
    """What picks a reply, such as `suicide.en` or `suicide.es.again`."""
    return ".".join((category, language, AGAIN)[: 3 if again else 2])


def load_answers(folder: Path, country: str, phone: str = "", hours: str = "") -> CrisisAnswers:
    """Every reply of this folder for a clinic in this country, with its phone and hours.

    Raises:
        UnknownCountry: there are no help lines for it.
        CrisisFileError: the message says what to change in which file.
    """
    lines = load_hotlines(folder, country)
    plans = _load_plans(folder / "categories.yml")
    clinic = {"phone": phone, "hours": hours.rstrip(".")}
    books = [
        _Book(folder / "answers" / f"{language}.yml", language, lines, clinic)
        for language in LANGUAGES
    ]
    both = (False, True)
    return CrisisAnswers(
        crisis=tuple(b.crisis(plan, again) for b in books for plan in plans for again in both),
        check_in=tuple(b.check_in(plan, again) for b in books for plan in plans for again in both),
        glad_safe=tuple(b.glad_safe(plan) for b in books for plan in plans),
    )


@dataclass(frozen=True)
class _Plan:
    """What follows a category: who helps, and how to ask after a mere hint of it."""

    category: str
    helps: tuple[str, ...]
    check_in: str


def _load_plans(path: Path) -> list[_Plan]:
    content = read_mapping(path, {*CATEGORIES, UNCLEAR})
    plans = []
    for category in (*CATEGORIES, UNCLEAR):
        entry = content[category]
        check_keys(path, category, entry, {"helps", "check_in"})
        helps = text_list(path, f"{category}: helps", entry["helps"])
        if unknown := set(helps) - ROLES:
            raise CrisisFileError(path, f"{category}: no such role: {', '.join(sorted(unknown))}")
        if not set(FOR_EVERYONE) <= set(helps):
            raise CrisisFileError(path, f"{category}: helps must name {' and '.join(FOR_EVERYONE)}")
        if entry["check_in"] not in CHECK_INS:
            raise CrisisFileError(path, f"{category}: no such check-in: {entry['check_in']}")
        plans.append(_Plan(category, helps, entry["check_in"]))
    return plans


class _Book:
    """The texts of one language, in the words of one country."""

    def __init__(
        self, path: Path, language: str, lines: tuple[Hotline, ...], clinic: Mapping[str, str]
    ) -> None:
        self._path = path
        self._language = language
        self._lines = lines
        self._words = {**_sentences(lines, language), **clinic}
        self._texts = _load_texts(path, language)

    def crisis(self, plan: _Plan, again: bool) -> Reply:
        shared, own = self._texts["shared"], self._texts["answers"][plan.category]
        around = shared["again"] if again else own
        helping = lines_for(self._lines, plan.helps, self._language)
        urgent = own["urgent"]
        if "poison" not in self._words:
            urgent = own.get(WITHOUT_POISON_LINE, urgent)
        closing = [shared["closing"]]
        if any(line.text for line in helping):
            closing.append(shared["texting"])
        if self._words["phone"]:
            closing.append(shared["staff" if self._words["hours"] else "staff_without_hours"])
        where = f"answers, {plan.category}"
        text = "\n\n".join(
            self._filled_in(where, part)
            for part in (around["opening"], urgent, around["question"], " ".join(closing))
        )
        self._must_name(where, text, FOR_EVERYONE)
        return self._reply(plan, again, text, helping, ["back_button"])

    def check_in(self, plan: _Plan, again: bool) -> Reply:
        which = AGAIN if again else "first"
        where = f"check_ins, {plan.check_in}, {which}"
        text = self._filled_in(where, self._texts["check_ins"][plan.check_in][which])
        self._must_name(where, text, ("crisis",))
        return self._reply(plan, again, text, self._for_everyone(), ["yes_button", "no_button"])

    def glad_safe(self, plan: _Plan) -> Reply:
        text = self._filled_in("glad_safe", self._texts["shared"]["glad_safe"])
        self._must_name("glad_safe", text, ("crisis",))
        return self._reply(plan, False, text, [], [])

    def _for_everyone(self) -> list[Hotline]:
        return [lines_for(self._lines, [role], self._language)[0] for role in FOR_EVERYONE]

    def _reply(
        self, plan: _Plan, again: bool, text: str, lines: Iterable[Hotline], buttons: list[str]
    ) -> Reply:
        return Reply(
            category=plan.category,
            language=self._language,
            again=again,
            text=text,
            resources=tuple(line.resource(self._language) for line in lines),
            buttons=tuple(self._texts["shared"][button] for button in buttons),
        )

    def _filled_in(self, where: str, text: str) -> str:
        for name in PLACEHOLDER.findall(text):
            if name not in self._words:
                raise CrisisFileError(
                    self._path, f"{where}: nothing is known to put in for {{{name}}}"
                )
        return PLACEHOLDER.sub(lambda found: self._words[found.group(1)], text.strip())

    def _must_name(self, where: str, text: str, roles: Iterable[str]) -> None:
        numbers = {number.strip(" .-()") for number in NUMBER.findall(text)}
        for role in roles:
            number = lines_for(self._lines, [role], self._language)[0].number
            if number not in numbers:
                raise CrisisFileError(
                    self._path,
                    f"{where}: the text must name {number} ({{{role}}}), the {role} line",
                )


def _sentences(lines: tuple[Hotline, ...], language: str) -> dict[str, str]:
    """What stands for {crisis}, and with a capital for {Crisis}."""
    words = {}
    for role in ("emergency", "crisis", "poison"):
        for line in lines_for(lines, [role], language)[:1]:
            say = in_language(line.say, language)
            words[role] = say
            words[role.capitalize()] = say[0].upper() + say[1:]
    return words


def _load_texts(path: Path, language: str) -> Any:
    content = read_mapping(path, {"language", "shared", "answers", "check_ins"})
    if content["language"] != language:
        raise CrisisFileError(path, f"language says {content['language']!r}, the file name differs")
    _check_texts(path, "shared", content["shared"], SHARED, frozenset({AGAIN}))
    _check_texts(path, "shared, again", content["shared"].get(AGAIN), {"opening", "question"})
    check_keys(path, "answers", content["answers"], {*CATEGORIES, UNCLEAR})
    for category, texts in content["answers"].items():
        _check_texts(path, category, texts, TEXTS, frozenset({WITHOUT_POISON_LINE}))
        if "{poison}" in texts["urgent"].lower() and WITHOUT_POISON_LINE not in texts:
            raise CrisisFileError(path, f"{category} has no {WITHOUT_POISON_LINE}")
    check_keys(path, "check_ins", content["check_ins"], CHECK_INS)
    for group, texts in content["check_ins"].items():
        _check_texts(path, f"check_ins, {group}", texts, {"first", AGAIN})
    return content


def _check_texts(
    path: Path, where: str, content: Any, required: set[str], optional: frozenset[str] = frozenset()
) -> None:
    check_keys(path, where, content, required, optional)
    for key, text in content.items():
        is_group = key == AGAIN and key not in required
        if not is_group and not (isinstance(text, str) and text.strip()):
            raise CrisisFileError(path, f"{where}: {key} must be a text; put it in quotes")
