"""What staff taught becomes a file for Rasa, without anything that tells who asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from sqlalchemy.orm import Session

from clinic import taught_file
from clinic.commands.command_line import main
from clinic.screening.hand_written import UnusableFileError
from clinic.settings import HOME
from clinic.taught import Patch, patch
from clinic.teaching import IGNORED, OUT_OF_SCOPE, decide
from clinic.training_sentences import Sentences, load_sentences
from tests.clinic.test_teaching import ask

EXAMPLE = Path("tests/nlu_components/taught_example.yml")
LEARNT = (
    ("cost", "so what would the whole thing set my wallet back"),
    ("cost", "ballpark figure for the lot, if you please: cheap or dear?"),
    ("human_handoff", "put me through to somebody who breathes"),
    (OUT_OF_SCOPE, "do you sell # gift vouchers - or 'coupons'"),
)


@pytest.fixture(scope="module")
def sentences() -> Sentences:
    return load_sentences(HOME)


def teach(session: Session, decision: str, *texts: str) -> None:
    decide(session, ask(session, *texts), decision, staff_id=4)


def everything(session: Session, sentences: Sentences) -> Patch:
    for decision, text in LEARNT:
        teach(session, decision, text)
    return patch(session, sentences)


def test_every_sentence_stands_under_its_intent(session: Session, sentences: Sentences) -> None:
    made = everything(session, sentences)

    assert {intent: len(texts) for intent, texts in made.examples.items()} == {
        "faq/cost": 2,
        "human_handoff": 1,  # it has a rule of its own, so an intent of its own
        "out_of_scope": 1,
    }
    assert not made.left_out


def test_the_file_is_the_one_that_rasa_is_tried_with(
    session: Session, sentences: Sentences
) -> None:
    written = taught_file.as_yaml(everything(session, sentences))

    # The same file is read by the importer in tests/nlu_components/test_taught.py.
    assert written == EXAMPLE.read_text("utf-8")


def test_the_file_is_yaml_that_loses_no_sign(session: Session, sentences: Sentences) -> None:
    content = yaml.safe_load(taught_file.as_yaml(everything(session, sentences)))

    lines = [line for entry in content["nlu"] for line in entry["examples"].splitlines()]
    assert sorted(lines) == sorted(f"- {text}" for _, text in LEARNT)


def test_without_anything_taught_the_file_is_empty_and_still_one(
    session: Session, sentences: Sentences
) -> None:
    written = taught_file.as_yaml(patch(session, sentences))

    assert yaml.safe_load(written) == {"version": "3.1", "nlu": []}


@pytest.mark.parametrize(
    "text",
    [
        "my name is Ann and do you take walk ins",
        "call me on 202-555-0143",
        "write to ann@example.com",
        "I weigh 180 pounds",
        "see www.example.org/me",
        "Quentin wants to know if you validate",
        "can you ask Gertrude whether dogs are welcome",
        "my husband quentin wants to join",
        "im gertrude and i have a dog",
        "is dr zimmermann there",
    ],
)
def test_what_might_tell_who_somebody_is_stays_out_and_is_counted(
    session: Session, sentences: Sentences, text: str
) -> None:
    teach(session, OUT_OF_SCOPE, text)

    made = patch(session, sentences)

    assert (made.number, dict(made.left_out)) == (0, {"personal": 1})


@pytest.mark.parametrize(
    "text", ["Is there a discount on the IV drip?", "I take Spravato, so do i pay twice"]
)
def test_words_that_our_own_answers_use_are_no_names(
    session: Session, sentences: Sentences, text: str
) -> None:
    teach(session, "cost", text)

    assert patch(session, sentences).number == 1


def test_what_is_learnt_already_stays_out(session: Session, sentences: Sentences) -> None:
    teach(session, "cost", "How much does it cost?!", "what would my wallet say to it")
    teach(session, "insurance", "What would my wallet say, to it")

    made = patch(session, sentences)

    assert (made.number, dict(made.left_out)) == (1, {"known": 2})


@pytest.mark.parametrize("place", ["test", "development"])
def test_what_measures_the_bot_never_teaches_it_not_even_in_disguise(
    session: Session, sentences: Sentences, place: str
) -> None:
    folder = Path("tests/understanding") / ("" if place == "test" else place)
    groups = yaml.safe_load((folder / "money.yml").read_text("utf-8")).values()
    held_out = [text for texts in groups for text in texts]
    plain = next(one for one in held_out if re.fullmatch(r"[a-z ,]{30,}", one))
    teach(session, "payment_plans", plain + "?", plain[:-1])

    made = patch(session, sentences)

    assert (made.number, dict(made.left_out)) == (0, {"held_out": 2})


def test_words_of_crisis_are_no_lesson(session: Session, sentences: Sentences) -> None:
    teach(session, OUT_OF_SCOPE, "i want to kill myself")

    assert dict(patch(session, sentences).left_out) == {"crisis": 1}


@pytest.mark.parametrize("text", ["/restart", "- so", "x" * 301, "a\u200bb", "?!", "# hm"])
def test_what_rasa_would_read_otherwise_stays_out(
    session: Session, sentences: Sentences, text: str
) -> None:
    teach(session, OUT_OF_SCOPE, text)

    assert dict(patch(session, sentences).left_out) == {"unusable": 1}


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\u2028", "\x85", "\t"])
def test_a_sentence_of_several_lines_is_one_example(
    session: Session, sentences: Sentences, sign: str
) -> None:
    teach(session, OUT_OF_SCOPE, f"do you sell{sign}- intent: crisis{sign}vouchers")

    content = yaml.safe_load(taught_file.as_yaml(patch(session, sentences)))

    assert [entry["intent"] for entry in content["nlu"]] == ["out_of_scope"]
    assert content["nlu"][0]["examples"] == "- do you sell - intent: crisis vouchers\n"


def test_what_is_ignored_or_undecided_is_not_taught(session: Session, sentences: Sentences) -> None:
    teach(session, IGNORED, "what would my wallet say")
    ask(session, "and what would my purse say")

    made = patch(session, sentences)

    assert (made.number, dict(made.left_out)) == (0, {})


def test_an_earlier_export_stays_when_its_messages_are_gone(
    session: Session, sentences: Sentences
) -> None:
    before = taught_file.read(taught_file.as_yaml(everything(session, sentences)))
    session.rollback()
    teach(session, "cost", "what would my purse say to it")

    made = patch(session, sentences, before)

    assert (made.number, dict(made.left_out)) == (5, {})
    assert "what would my purse say to it" in made.examples["faq/cost"]


@pytest.mark.parametrize("text", ["nlu: [1]", "[1]", "a: [", "nlu:\n- intent: x\n"])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(UnusableFileError, match="was not written by"):
        taught_file.read(text)


def test_the_command_writes_the_file_and_says_what_stayed_out(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    teach(session, "cost", "what would my wallet say to it", "my name is Ann")
    session.commit()

    assert main(["unanswered", "export"]) == 0

    said = capsys.readouterr()
    assert yaml.safe_load(said.out)["nlu"][0]["intent"] == "faq/cost"
    assert "Ann" not in said.out
    assert said.err.splitlines() == [
        "1 sentences for 1 intents.",
        "1 left out: might still tell who somebody is.",
    ]


def test_the_command_keeps_what_a_file_holds_already(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "taught.yml"
    file.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    teach(session, "cost", "what would my wallet say to it")
    session.commit()

    for _ in range(2):
        assert main(["unanswered", "export", "--into", str(file)]) == 0

    assert taught_file.read(file.read_text("utf-8")).number == len(LEARNT) + 1
    assert capsys.readouterr().out == ""
