"""The one script of a clinic's page: small, whole, and kept no longer than a change may take."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from clinic.facts import facts
from web.visitor import launcher

LARGEST = 5 * 1024


def test_the_script_is_small_on_its_way(http: TestClient) -> None:
    with http.stream("GET", "/widget.js") as answer:
        packed = b"".join(answer.iter_raw())

    assert answer.headers["content-encoding"] == "gzip"
    assert len(packed) <= LARGEST
    assert gzip.decompress(packed) == http.get("/widget.js").content


def test_it_comes_plain_to_who_cannot_unpack_it(http: TestClient) -> None:
    answer = http.get("/widget.js", headers={"accept-encoding": "identity"})

    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == http.get("/widget.js").content


def test_it_carries_the_help_lines_and_the_clinics_phone(http: TestClient) -> None:
    script = http.get("/widget.js").text

    assert '["Call 911","tel:911"]' in script
    assert '["Call 988","tel:988"],["Text 988","sms:988"]' in script
    assert facts().phone in script
    assert facts().phone_link in script
    assert "{{" not in script, "a place that nobody filled"


def test_every_website_may_load_it(http: TestClient) -> None:
    headers = http.get("/widget.js").headers

    assert headers["content-type"].startswith("text/javascript")
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in headers


def test_a_browser_keeps_it_for_minutes_and_asks_again_cheaply(http: TestClient) -> None:
    first = http.get("/widget.js")

    again = http.get("/widget.js", headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "public, max-age=300"
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_another_version_is_sent_whole(http: TestClient) -> None:
    answer = http.get("/widget.js", headers={"if-none-match": 'W/"an-older-one"'})

    assert answer.status_code == 200


def test_every_language_has_its_words_and_its_lines() -> None:
    words = launcher.told()["words"]

    assert "en" in words
    for language, said in words.items():
        assert len(said["lines"]) == 2, language
        assert all(line["ways"] for line in said["lines"]), language
        assert said["call_us"][1] == facts().phone


def test_the_shortened_script_can_still_be_read(http: TestClient, tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("no node on this machine; the tests in the browser run the script")
    path = tmp_path / "widget.js"
    path.write_bytes(http.get("/widget.js").content)

    subprocess.run(["node", "--check", str(path)], check=True)
