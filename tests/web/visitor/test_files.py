"""What is served is what is written, but for comments and indents."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from web.visitor import files

LAUNCHER = files.WIDGET / "launcher" / "widget.js"
SCRIPTS = sorted([*files.CHAT.glob("*.js"), *files.PAGES.glob("*.js"), LAUNCHER])
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_string_of_ours_looks_like_a_comment_or_goes_over_lines(path: Path) -> None:
    """So none is ever cut."""
    for line in path.read_text("utf-8").splitlines():
        code = re.split(r"\s//\s|^\s*(?://|/?\*)", line)[0]
        code = re.sub(r"/\[[^/\n]*\]/[a-z]*", "", code)  # a pattern of signs, not a template
        assert code.count("`") % 2 == 0, f"a template goes over lines: {line}"
        for string in STRING.findall(code):
            assert " // " not in string, line
            assert "/*" not in string.replace("*/*", ""), line


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_comment_is_left_and_no_code_is_gone(path: Path) -> None:
    written, served = path.read_text("utf-8"), files.short(path).decode()

    bare = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    bare = re.sub(r"(?m)(^|[ \t])//[ @].*$", "", bare)
    assert "".join(served.split()) == "".join(bare.split())


@pytest.mark.skipif(shutil.which("node") is None, reason="no node; the browser tests run them")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_what_is_served_can_be_read(path: Path, tmp_path: Path) -> None:
    module = tmp_path / "served.mjs"
    module.write_bytes(files.short(path))

    done = subprocess.run(["node", "--check", module], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


def test_a_year_they_are_kept_under_the_name_of_their_content(http: TestClient) -> None:
    answer = http.get(f"{files.address()}/start.js")

    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fchat.html", "README.md", "en.yml"])
def test_nothing_else_is_served(http: TestClient, name: str) -> None:
    assert http.get(f"{files.address()}/{name}").status_code == 404
