"""Nothing in the repository that does not belong there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

TRACKED = [
    Path(name)
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()
]  # fmt: skip
TEXTS = [path for path in TRACKED if path.suffix not in {".png", ".ico"} and path.is_file()]


def test_requirements_are_hashed_and_name_no_address() -> None:
    for path in Path("requirements").glob("*.txt"):
        content = path.read_text("utf-8")
        assert "://" not in content, path
        for block in re.split(r"\n(?=\S)", content.strip()):
            assert "--hash=sha256:" in block, (path, block.splitlines()[0])


def test_no_built_file_is_kept() -> None:
    built = {".onnx", ".safetensors", ".gz", ".db", ".sqlite", ".pkl", ".log"}

    assert [path for path in TRACKED if path.suffix in built] == []


@pytest.mark.parametrize("folder", ["actions", "clinic", "nlu_components", "setup", "web"])
def test_no_file_is_one_that_everybody_adds_to(folder: str) -> None:
    drawers = {"actions", "utils", "util", "helpers", "helper", "common", "core", "misc"}

    assert [path for path in Path(folder).rglob("*.py") if path.stem in drawers] == []


def test_no_page_of_ours_asks_another_host_for_anything() -> None:
    asks = re.compile(r"""(?:src|href)=["']https?://|@import|url\(["']?https?:""")

    for path in [*Path("web").rglob("*.html"), *Path("web").rglob("*.css")]:
        assert not asks.search(path.read_text("utf-8")), path
