"""Read a YAML file that people edit, and say kindly what is wrong with it."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml


class CrisisFileError(ValueError):
    """A data file cannot be used. The message names the file and what to change in it."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")


class _NoDoubles(yaml.SafeLoader):
    """YAML silently keeps the last of two equal keys; here the second one is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.value in seen:
                line = key_node.start_mark.line + 1
                raise yaml.YAMLError(f"'{key_node.value}' stands here twice (line {line})")
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def read_mapping(path: Path, required: set[str], optional: frozenset[str] = frozenset()) -> Any:
    """The file as a mapping that has every required key and no unknown one."""
    content = _read(path)
    check_keys(path, "the file", content, required, optional)
    return content


def read_list(path: Path) -> list[Any]:
    """The file as a list that is not empty."""
    content = _read(path)
    if not isinstance(content, list) or not content:
        raise CrisisFileError(path, "the file must be a list, each entry starting with '- '")
    return content


def _read(path: Path) -> Any:
    try:
        # A safe loader with one more rule.
        return yaml.load(path.read_text(encoding="utf-8"), _NoDoubles)  # noqa: S506
    except OSError as error:
        raise CrisisFileError(path, f"the file cannot be read ({type(error).__name__})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CrisisFileError(path, f"this is not readable YAML: {error}") from error


def check_keys(
    path: Path,
    where: str,
    content: Any,
    required: set[str],
    optional: frozenset[str] = frozenset(),
) -> None:
    if not isinstance(content, dict):
        raise CrisisFileError(path, f"{where} must be 'key: value' lines")
    if missing := required - set(content):
        raise CrisisFileError(path, f"{where} has no {', '.join(sorted(missing))}")
    if unknown := set(content) - required - optional:
        raise CrisisFileError(path, f"{where} has an unknown key: {', '.join(map(str, unknown))}")


def text_list(path: Path, key: str, content: Any) -> tuple[str, ...]:
    """A list of texts without doubles; an empty key is an empty list."""
    if content is None:
        return ()
    if not isinstance(content, list):
        raise CrisisFileError(path, f"{key} must be a list, each line starting with '- '")
    for entry in content:
        if not isinstance(entry, str) or not entry.strip():
            raise CrisisFileError(path, f"{key}: put this line in quotes: {entry!r}")
        if content.count(entry) > 1:
            raise CrisisFileError(path, f"{key}: this line stands there twice: {entry!r}")
    return tuple(content)
