"""Load the help lines of crisis/hotlines.yml, and choose those that fit a country and a crisis."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nlu_components.crisis.strict_yaml import (
    CrisisFileError,
    check_keys,
    read_list,
    text_list,
)

LANGUAGES = ("en", "es")
"""The languages that crises are answered in. English stands in where another one is missing."""

ROLES = frozenset(
    {
        *("emergency", "crisis", "medical", "poison", "child", "young", "veterans"),
        *("domestic_violence", "sexual_assault", "lgbtq", "trans", "text", "treatment"),
    }
)
NAMED_IN_SENTENCES = frozenset({"emergency", "crisis", "poison"})
FIELDS = {
    *("id", "name", "country", "helps", "languages", "call", "text", "chat", "note"),
    *("verified_on", "source"),
}
TEXTING = {
    "en": {"number": "Text {to}", "word": "Text {body} to {to}"},
    "es": {"number": "Envía un mensaje al {to}", "word": "Envía {body} al {to}"},
}
NUMBER = re.compile(r"\+?\d[\d ().-]*")

Resource = dict[str, str]
"""name, call, text, chat and note of a hotline, as a person reads them; "" if there is none."""


class UnknownCountry(ValueError):
    """clinic.yml names a country whose help lines nobody has written down."""


@dataclass(frozen=True)
class Hotline:
    """A service that helps people in danger, in one country."""

    name: str
    country: str
    helps: tuple[str, ...]
    languages: tuple[str, ...]
    call: Mapping[str, str]
    """By language, as `note` and `say`; empty where it cannot be called."""
    text: Mapping[str, str] | None
    chat: str
    note: Mapping[str, str]
    say: Mapping[str, str]
    """The line in a sentence: "call or text 988"."""

    @property
    def number(self) -> str:
        """The digits to dial: 988 of "988, then press 2"."""
        found = NUMBER.match(in_language(self.call, "en"))
        return found.group().strip(" .-") if found else ""

    def resource(self, language: str) -> Resource:
        texting = TEXTING[language]["word" if "body" in (self.text or {}) else "number"]
        return {
            "name": self.name,
            "call": in_language(self.call, language),
            "text": texting.format(**self.text) if self.text else "",
            "chat": self.chat,
            "note": in_language(self.note, language),
        }


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, else in English, else in the only one there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def lines_for(
    lines: tuple[Hotline, ...], roles: Iterable[str], language: str
) -> tuple[Hotline, ...]:
    """Who helps in these roles, in their order: those who speak the language, if anyone does."""
    chosen: list[Hotline] = []
    for role in roles:
        helping = [line for line in lines if role in line.helps]
        speaking = [line for line in helping if language in line.languages]
        chosen += [line for line in speaking or helping if line not in chosen]
    return tuple(chosen)


def load_hotlines(folder: Path, country: str) -> tuple[Hotline, ...]:
    """The help lines of one country; the whole file is checked.

    Raises:
        UnknownCountry: the message says which ones are known.
        CrisisFileError: the message says what to change in which file.
    """
    codes = _load_codes(folder / "countries.yml")
    code = _code(codes, country)
    path = folder / "hotlines.yml"
    lines: dict[str, Hotline] = {}
    for entry in read_list(path):
        check_keys(path, f"entry {len(lines) + 1}", entry, FIELDS, frozenset({"say"}))
        if entry["id"] in lines:
            raise CrisisFileError(path, f"the id {entry['id']!r} stands there twice")
        lines[entry["id"]] = _line(path, entry)
    _check_each_way_stands_once(path, lines)
    _check_countries(path, codes, lines)
    return tuple(line for line in lines.values() if line.country == code)


def _load_codes(path: Path) -> dict[str, tuple[str, ...]]:
    """Every country, and what else it may be called in clinic.yml."""
    codes: dict[str, tuple[str, ...]] = {}
    for entry in read_list(path):
        check_keys(path, f"entry {len(codes) + 1}", entry, {"country", "also"})
        codes[str(entry["country"])] = text_list(path, str(entry["country"]), entry["also"])
    return codes


def _code(codes: Mapping[str, tuple[str, ...]], written: str) -> str:
    for code, others in codes.items():
        if written.strip().upper() in (code, *others):
            return code
    known = ", ".join(
        f"{code} ({', '.join(others)})" if others else code for code, others in codes.items()
    )
    raise UnknownCountry(
        f"clinic.yml: there are no help lines for the country “{written}”. Known are {known}. "
        "Add yours to crisis/countries.yml and crisis/hotlines.yml."
    )


def _line(path: Path, entry: Mapping[str, Any]) -> Hotline:
    name = entry["id"]
    for field in ("id", "name", "country", "source"):
        if not isinstance(entry[field], str) or not entry[field].strip():
            raise CrisisFileError(path, f"{name}: {field} must be a text")
    if not isinstance(entry["chat"], str | None):
        raise CrisisFileError(path, f"{name}: put chat in quotes, or write null")
    if entry["verified_on"] is not None and type(entry["verified_on"]) is not date:
        raise CrisisFileError(path, f"{name}: verified_on must be a day, like 2026-11-22, or null")
    if not (entry["call"] or entry["text"] or entry["chat"]):
        raise CrisisFileError(path, f"{name}: there is no way to reach it")
    line = Hotline(
        name=entry["name"],
        country=entry["country"],
        helps=_words(path, name, "helps", entry["helps"]),
        languages=_words(path, name, "languages", entry["languages"]),
        call=_by_language(path, name, "call", entry["call"]),
        text=_texting(path, name, entry["text"]),
        chat=entry["chat"] or "",
        note=_by_language(path, name, "note", entry["note"]),
        say=_by_language(path, name, "say", entry.get("say")),
    )
    _check_roles(path, name, line)
    return line


def _words(path: Path, name: str, key: str, content: Any) -> tuple[str, ...]:
    words = text_list(path, f"{name}: {key}", content)
    if not words:
        raise CrisisFileError(path, f"{name}: {key} must not be empty")
    return words


def _by_language(path: Path, name: str, key: str, content: Any) -> Mapping[str, str]:
    """A text alone is English."""
    texts = {"en": content} if isinstance(content, str) else content
    if texts is None:
        return {}
    if not isinstance(texts, dict) or not all(
        language in LANGUAGES and isinstance(text, str) and text.strip()
        for language, text in texts.items()
    ):
        raise CrisisFileError(
            path, f"{name}: put {key} in quotes, alone or after {' or '.join(LANGUAGES)}"
        )
    return texts


def _texting(path: Path, name: str, text: Any) -> Mapping[str, str] | None:
    if text is None:
        return None
    where = f"{name}: text"
    check_keys(path, where, text, {"to"}, frozenset({"body"}))
    if not all(isinstance(value, str) for value in text.values()):
        raise CrisisFileError(path, f"{where}: put the number in quotes")
    checked: dict[str, str] = text
    return checked


def _check_roles(path: Path, name: str, line: Hotline) -> None:
    if unknown := set(line.helps) - ROLES:
        raise CrisisFileError(path, f"{name}: no such role: {', '.join(sorted(unknown))}")
    if not NAMED_IN_SENTENCES & set(line.helps):
        return
    for language in LANGUAGES:
        if not line.number or line.number not in line.say.get(language, ""):
            raise CrisisFileError(
                path, f"{name}: say must name the number of call, in {' and '.join(LANGUAGES)}"
            )


def _check_each_way_stands_once(path: Path, lines: Mapping[str, Hotline]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for name, line in lines.items():
        for way in ("call", "text"):
            value = line.resource("en")[way]
            first = seen.setdefault((line.country, value), name)
            if value and first != name:
                raise CrisisFileError(path, f"{name}: {first} has the same {way}")


def _check_countries(
    path: Path, codes: Mapping[str, tuple[str, ...]], lines: Mapping[str, Hotline]
) -> None:
    """Everything else relies on the first two lines of a country."""
    for name, line in lines.items():
        if line.country not in codes:
            raise CrisisFileError(path, f"{name}: {line.country} is not in countries.yml")
    for code in codes:
        first_two = [line for line in lines.values() if line.country == code][:2]
        if [line.helps[0] for line in first_two] != ["emergency", "crisis"]:
            raise CrisisFileError(
                path, f"{code}: begin with the emergency number, then a crisis line"
            )
