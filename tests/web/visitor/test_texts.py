"""Every word of the chat is data: a second language is a file, and a faulty file is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from clinic.help_lines import TEXTING
from web.visitor import launcher, texts

ENGLISH = texts.FOLDER / "en.yml"
STATIC = Path("web/widget/static")


def english() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(ENGLISH.read_text("utf-8"))
    return content


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(content: Any, name: str = "xx.yml") -> Path:
        path = tmp_path / name
        path.write_text(yaml.safe_dump(content), "utf-8")
        return path

    return written


def test_the_files_we_ship_can_be_used() -> None:
    texts.check()


def test_help_lines_have_words_in_every_language_of_the_crisis_answers(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = yaml.safe_load(texts.HELP_LINES.read_text("utf-8"))
    del content["es"]
    monkeypatch.setattr(texts, "HELP_LINES", write(content, "help_lines.yml"))
    texts.around_help_lines.cache_clear()

    with pytest.raises(texts.TextsError, match=r"help_lines.yml must have es"):
        texts.check()
    texts.around_help_lines.cache_clear()


def test_a_second_language_is_a_file(
    write: Any, monkeypatch: pytest.MonkeyPatch, http: TestClient
) -> None:
    content = {**english(), "title": "Asistente de recepción", "direction": "ltr"}
    folder = write(content, "es.yml").parent
    (folder / "en.yml").write_text(ENGLISH.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(texts, "FOLDER", folder)
    for kept in (texts.texts, texts.languages):
        kept.cache_clear()

    spanish, other = (http.get(f"/chat?language={name}").text for name in ("es-MX", "de"))

    assert '<html lang="es" dir="ltr">' in spanish
    assert "Asistente de recepci\\u00f3n" in spanish or "Asistente de recepción" in spanish
    assert '<html lang="en" dir="ltr">' in other
    for kept in (texts.texts, texts.languages):
        kept.cache_clear()


def test_a_language_in_which_no_help_line_has_words_is_shown_all_the_same(
    write: Any, monkeypatch: pytest.MonkeyPatch, http: TestClient
) -> None:
    assert "fr" not in TEXTING
    folder = write({**english(), "title": "Accueil"}, "fr.yml").parent
    (folder / "en.yml").write_text(ENGLISH.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(texts, "FOLDER", folder)
    for kept in (texts.texts, texts.languages):
        kept.cache_clear()

    page, lines = http.get("/chat?language=fr"), launcher.told()["words"]["fr"]["lines"]

    assert page.status_code == 200
    assert '<html lang="fr"' in page.text
    assert "tel:988" in page.text
    assert ["Text 988", "sms:988"] in lines[1]["ways"]
    for kept in (texts.texts, texts.languages):
        kept.cache_clear()


@pytest.mark.parametrize("language", ["../../clinic", "EN", "e", "", "<b>", "en\0"])
def test_an_odd_language_is_english(http: TestClient, language: str) -> None:
    assert '<html lang="en"' in http.get("/chat", params={"language": language}).text


def test_a_missing_word_is_named(write: Any) -> None:
    content = english()
    del content["composer"]["send"]

    with pytest.raises(texts.TextsError, match=r"xx.yml, composer.send: .*required"):
        texts.load(write(content))


def test_a_misspelled_word_is_named(write: Any) -> None:
    content = english()
    content["composer"]["sned"] = "Send"

    with pytest.raises(texts.TextsError, match=r"composer.sned"):
        texts.load(write(content))


def test_an_empty_text_is_refused(write: Any) -> None:
    with pytest.raises(texts.TextsError, match=r"xx.yml, title"):
        texts.load(write({**english(), "title": " "}))


def test_words_in_braces_must_stay(write: Any) -> None:
    content = {**english(), "reviewed": "geprüft am {tag}"}

    with pytest.raises(texts.TextsError, match=r"reviewed: .*must be: date"):
        texts.load(write(content))


def test_a_language_may_have_more_forms_of_a_number(write: Any) -> None:
    content = english()
    content["question"]["count"] = {"one": "{count} a", "few": "{count} b", "other": "{count} c"}

    assert texts.load(write(content)).question.count.few == "{count} b"


@pytest.mark.parametrize("few", ["b", "{cuont} b", "{count} {b}"])
def test_every_form_of_a_number_has_the_same_words_in_braces(write: Any, few: str) -> None:
    content = english()
    content["question"]["count"] = {"one": "{count} a", "few": few, "other": "{count} c"}

    with pytest.raises(texts.TextsError, match=r"question.count.few: .*must be: count"):
        texts.load(write(content))


@pytest.mark.parametrize("said", ["on {date", "on date}", "{ {date}", "on {}{date}", "{{date}}"])
def test_a_brace_that_stands_alone_is_named(write: Any, said: str) -> None:
    with pytest.raises(texts.TextsError, match=r"xx.yml, reviewed: a { or } stands alone"):
        texts.load(write({**english(), "reviewed": said}))


def test_words_around_help_lines_keep_their_braces(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = yaml.safe_load(texts.HELP_LINES.read_text("utf-8"))
    content["es"]["call"] = "Llamar al {numero}"
    monkeypatch.setattr(texts, "HELP_LINES", write(content, "help_lines.yml"))
    texts.around_help_lines.cache_clear()

    with pytest.raises(texts.TextsError, match=r"help_lines.yml, es, call: .*must be: number"):
        texts.check()
    texts.around_help_lines.cache_clear()


@pytest.mark.parametrize("part", ["email", "failure"])
def test_every_language_has_the_same_codes_of_answers(write: Any, part: str) -> None:
    without, more = english(), english()
    del without[part]["codes"]["too_many"]
    more[part]["codes"]["too_mny"] = "Wait."

    with pytest.raises(texts.TextsError, match=rf"{part}.codes.too_many: is missing"):
        texts.load(write(without))
    with pytest.raises(texts.TextsError, match=rf"{part}.codes.too_mny: is not in en.yml"):
        texts.load(write(more))


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "xx.yml"
    path.write_text("title: [", "utf-8")

    with pytest.raises(texts.TextsError, match=r"xx.yml cannot be read"):
        texts.load(path)


def test_no_script_has_words_of_its_own() -> None:
    """Two words in a row in a string are a sentence that nobody could translate."""
    for path in STATIC.glob("*.js"):
        code = re.sub(
            r"/\*.*?\*/|^\s*//.*$|\s//.*$", "", path.read_text("utf-8"), flags=re.S | re.M
        )
        lines = [line for line in code.splitlines() if "throw new Error" not in line]
        said = re.findall(r'"([A-Z][a-z]+(?: [a-z]+)+[^"]*)"', "\n".join(lines))
        assert said == [], path.name


def test_every_word_that_a_script_asks_for_is_there() -> None:
    """`this.texts.menu.download` in a script is `menu: download:` in the file."""
    words = texts.texts().model_dump(by_alias=True)
    for path in STATIC.glob("*.js"):
        for asked in re.findall(r"\btexts\.((?:[a-zA-Z]+\.)*[a-zA-Z]+)", path.read_text("utf-8")):
            top = asked.split(".")[0]
            if top in words and "." in asked:
                found: Any = words
                for name in asked.split("."):
                    if not isinstance(found, dict) or name not in found:
                        break
                    found = found[name]
                else:
                    continue
                assert not isinstance(found, dict), f"{path.name}: {asked}"
