"""Spanish is answered in Spanish; in doubt it is English."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu_components.crisis.language import Languages
from nlu_components.crisis.strict_yaml import CrisisFileError


@pytest.mark.parametrize(
    "text",
    [
        "quiero matarme",
        "ya no quiero vivir",
        "¿Cuánto cuesta el tratamiento?",
        "no, estoy a salvo",
        "TENGO MIEDO DE MI ESPOSO",
        "Sí",
        "ayúdame",
    ],
)
def test_this_is_spanish(languages: Languages, text: str) -> None:
    assert languages.of(text) == "es"


@pytest.mark.parametrize("text", ["i want to kill myself", "how much is it", "I'm safe", "HELP ME"])
def test_this_is_english(languages: Languages, text: str) -> None:
    assert languages.of(text) == "en"


@pytest.mark.parametrize("text", ["", "...", "ok", "988", "😢", "no", "nguyen"])
def test_in_doubt_it_is_english(languages: Languages, text: str) -> None:
    assert languages.of(text) == "en"


def test_one_borrowed_word_changes_nothing(languages: Languages) -> None:
    assert languages.of("my abuela said you would help me, gracias") == "en"
    assert languages.of("mi doctor me dijo que el ketamine treatment es para mi") == "es"


def test_accents_do_not_matter(languages: Languages) -> None:
    assert languages.of("cuánto") == languages.of("cuanto") == "es"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("es: [hola]", "no en"),
        ("es: [hola]\nen: [the]\nfr: [le]", "unknown key: fr"),
        ("es: [no, hola]\nen: [the]", "in quotes"),
    ],
)
def test_a_mistake_in_the_words_is_named_with_its_file(
    tmp_path: Path, content: str, complaint: str
) -> None:
    path = tmp_path / "languages.yml"
    path.write_text(content, "utf-8")

    with pytest.raises(CrisisFileError, match=rf"languages\.yml: .*{complaint}"):
        Languages(path)
