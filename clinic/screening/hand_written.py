"""Read a YAML file that people edit by hand, and say kindly where something in it is wrong."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

import yaml

from clinic.screening.dates import TODAY, Limit, day_of


class UnusableFileError(ValueError):
    """A hand-written file cannot be used; the message names the file and the place."""


@dataclass(frozen=True)
class Entry:
    """One mapping in a hand-written file, which knows where it stands."""

    content: Mapping[object, object]
    file: str
    place: str = ""

    def wrong(self, message: str) -> UnusableFileError:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return UnusableFileError(f"{where}: {message}")

    def renamed(self, place: str) -> "Entry":
        return replace(self, place=place)

    def only(self, known: Collection[str]) -> None:
        """Refuse words that mean nothing here: a typing mistake must not pass in silence."""
        for word in self.content:
            if word not in known:
                close = get_close_matches(str(word), known, n=1)
                hint = f" Did you mean '{close[0]}'?" if close else ""
                raise self.wrong(f"'{word}' is not a word known here.{hint}")

    def text(self, key: str) -> str:
        found = self.maybe_text(key)
        if found is None:
            raise self.wrong(f"'{key}' is missing.")
        return found

    def maybe_text(self, key: str) -> str | None:
        found = self.content.get(key)
        if found is None:
            return None
        if not isinstance(found, str):
            # YAML reads a bare yes, no, on or 1.0 as something else than text.
            raise self.wrong(f"'{key}' must be text. Put it in quotes: {key}: \"{found}\".")
        if not found.strip():
            raise self.wrong(f"'{key}' is empty.")
        return found.strip()

    def truth(self, key: str, default: bool = False) -> bool:
        found = self.content.get(key, default)
        if not isinstance(found, bool):
            raise self.wrong(f"'{key}' must be true or false.")
        return found

    def maybe_number(self, key: str) -> int | None:
        found = self.content.get(key)
        if found is None:
            return None
        if not isinstance(found, int) or isinstance(found, bool):
            raise self.wrong(f"'{key}' must be a whole number.")
        return found

    def number(self, key: str) -> int:
        found = self.maybe_number(key)
        if found is None:
            raise self.wrong(f"'{key}' is missing.")
        return found

    def day(self, key: str) -> date:
        """An ISO date, with or without quotes: YAML makes a date of a bare one."""
        found = self.content.get(key)
        if isinstance(found, date) and not isinstance(found, datetime):
            return found
        day = day_of(found)
        if day is None:
            raise self.wrong(f"'{key}' must be a date such as 2026-01-31.")
        return day

    def maybe_limit(self, key: str) -> Limit | None:
        """A date, or the word for the day on which somebody answers."""
        found = self.content.get(key)
        return TODAY if found == TODAY else None if found is None else self.day(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; an empty tuple where the key is left out."""
        found = self.content.get(key, [])
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise self.wrong(f"'{key}' must be a list of texts; put yes, no and numbers in quotes.")
        return tuple(found)

    def entry(self, key: str) -> "Entry":
        found = self.content.get(key)
        if not isinstance(found, dict):
            raise self.wrong(f"'{key}' is missing, or has nothing written under it.")
        return Entry(found, self.file, self._below(key))

    def entries(self, key: str) -> Iterator["Entry"]:
        """The mappings listed under a key; none where the key is left out."""
        found = self.content.get(key, [])
        if not isinstance(found, list):
            raise self.wrong(f"'{key}' must be a list; start each line of it with a dash.")
        for number, content in enumerate(found, start=1):
            place = self._below(f"{key} {number}")
            if not isinstance(content, dict):
                raise Entry({}, self.file, place).wrong("words like 'name: value' belong here.")
            yield Entry(content, self.file, place)

    def _below(self, place: str) -> str:
        return f"{self.place} > {place}" if self.place else place


class _Loader(yaml.SafeLoader):
    """Refuses a key written twice: plain YAML would keep the last one in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"'{key.value}' is written twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep=deep))


def read_file(path: Path) -> Entry:
    try:
        content = _Loader(path.read_text(encoding="utf-8")).get_single_data()
    except FileNotFoundError:
        raise UnusableFileError(f"{path}: there is no such file.") from None
    except UnicodeDecodeError:
        raise UnusableFileError(f"{path}: please save this file as UTF-8 text.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise UnusableFileError(f"{path}{line}: {error.problem}.") from None
    except yaml.YAMLError:
        raise UnusableFileError(f"{path}: this is not YAML that can be read.") from None
    if not isinstance(content, dict):
        raise UnusableFileError(f"{path}: words like 'name: value' belong here.")
    return Entry(content, str(path))
