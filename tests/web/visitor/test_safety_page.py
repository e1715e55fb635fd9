"""The crisis protocol is public, begins with help lines, and is only words."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from clinic.crisis_events import CATEGORIES
from clinic.facts import facts
from clinic.help_lines import help_lines
from web.headers import CONTENT_SECURITY_POLICY
from web.visitor import safety as safety_page

PROTOCOL = Path("docs/safety.md").read_text("utf-8")


@pytest.fixture
def safety(http: TestClient) -> str:
    answer = http.get("/safety")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    return str(answer.text)


def test_every_help_line_of_the_country_is_there_before_the_words(safety: str) -> None:
    lines, words = unescape(safety).split("<h1>")

    for line in help_lines(facts().country):
        assert line.name in lines
    assert 'href="tel:911"' in lines
    assert 'href="tel:988"' in lines
    assert 'href="sms:988"' in lines
    assert "What is kept, and who sees it" in words


def test_the_page_needs_no_script_and_no_style_of_its_own(safety: str) -> None:
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", safety)


def test_the_clinics_page_leads_to_it(http: TestClient) -> None:
    assert 'href="/safety"' in http.get("/").text


def test_what_looks_like_html_in_the_file_is_only_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "safety.md").write_text(
        "<b>bold</b>\n\n<script>alert(1)</script>\n\n[click](javascript:alert(1))", "utf-8"
    )
    monkeypatch.setattr(safety_page, "HOME", tmp_path)
    safety_page.protocol.cache_clear()

    html = safety_page.protocol()

    safety_page.protocol.cache_clear()
    assert "&lt;b&gt;" in html
    assert "<script" not in html
    assert "href" not in html


def test_the_file_names_no_number_that_is_wrong_in_another_country() -> None:
    # New York's law itself says 9-8-8.
    assert not re.findall(r"\b(?:911|988|999|112)\b", PROTOCOL)


def test_every_link_of_the_file_works_from_the_page() -> None:
    targets = re.findall(r"\]\(([^)]*)\)", PROTOCOL)

    assert [target for target in targets if not target.startswith("https://")] == []


def test_every_kind_of_crisis_is_told() -> None:
    told = {
        "medical_emergency": "a medical emergency",
        "overdose": "an overdose",
        "suicide": "thoughts of suicide",
        "child_at_risk": "a child who is not safe",
        "sexual_assault": "sexual assault",
        "domestic_violence": "violence at home",
        "harm_to_others": "wanting to hurt someone",
        "psychosis": "voices that give orders",
        "third_person": "worry about another person",
        "self_harm": "self-harm",
    }

    assert set(CATEGORIES) - set(told) == {"unclear", "emergency"}
    assert [words for words in told.values() if f"- {words}" not in PROTOCOL] == []
