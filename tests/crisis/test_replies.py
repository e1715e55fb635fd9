"""“Yes” to our safety question is danger, “no” is an all-clear; half an answer is neither."""

from __future__ import annotations

import pytest

from nlu_components.crisis.replies import SafetyReplies

LONG_YES = "yes I have high blood pressure and take lisinopril"


@pytest.mark.parametrize(
    "text",
    [
        *("yes", "YES!!", "Yes...", "yeah", "Sí", "si.", "yesss"),
        *("kind of", "yeah kind of", "a little", "maybe", "probably", "sometimes", "a veces"),
        *("I don't know", "not sure", "no sé", "I guess", "I think so", "creo que sí"),
        *("not really", "no not really", "not yet", "I'd rather not say", "does it matter"),
        *("no but I think about it", "help me", "ayúdame"),
    ],
)
def test_a_yes_a_maybe_or_an_evasion_is_a_yes(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=True) == "yes"


@pytest.mark.parametrize("text", ["...", "…", "?", " ", "-"])
def test_silence_is_no_all_clear(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=True) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        *("no", "No.", "NO", "nope", "no no", "never", "not at all", "nunca", "claro que no"),
        *("no, I'm fine", "no thanks", "No, gracias", "no, never", "no I'm not"),
        *("No, I'm safe", "no im safe", "I'm safe", "No. I'm safe.", "no, thank you. I'm safe"),
        *("No, estoy a salvo", "Estoy a salvo"),
    ],
)
def test_a_plain_no_is_an_all_clear(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=True) == "safe"


@pytest.mark.parametrize(
    "text",
    [
        "I'm safe",
        "No, I'm safe",
        "I'm safe, back to my question",
        "im safe back to my question",
        "back to my question",
        "Estoy a salvo, volver a mi pregunta",
        "No, estoy a salvo",
    ],
)
def test_i_am_safe_is_heard_at_any_time(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=False) == "safe"


@pytest.mark.parametrize("text", ["no", "nope", "yes", "maybe", "not really", "...", "", "help me"])
def test_without_a_check_in_there_is_nothing_to_answer(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=False) == ""


@pytest.mark.parametrize(
    "text",
    [
        LONG_YES,
        "How much is it?",
        "no. how much is it",
        "No I'm safe, what does it cost",
    ],
)
def test_whoever_says_more_is_heard_as_ever(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=True) == ""


@pytest.mark.parametrize("text", ["yes. no. I'm safe", "yes no", "I'm not safe", "yes, I'm safe?"])
def test_whoever_says_yes_and_no_means_yes(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=True) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        *("no, I want to die", "no, I'm not safe", "I'm not safe", "not safe", "safe from what"),
        *("I'm safe but my sister is not", "No, no estoy a salvo", "ya no estoy a salvo"),
        *("I'm safe until tonight", "I wish I'm safe", "nobody is safe"),
    ],
)
@pytest.mark.parametrize("after_check_in", [True, False])
def test_only_who_says_so_plainly_is_taken_for_safe(
    replies: SafetyReplies, text: str, after_check_in: bool
) -> None:
    assert replies.read(text, after_check_in=after_check_in) != "safe"


@pytest.mark.parametrize(
    "text", ["no estoy a salvo", "No estoy a salvo.", "no estoy a salvo ahora"]
)
@pytest.mark.parametrize("after_check_in", [True, False])
def test_who_is_not_safe_in_spanish_is_not_taken_for_safe(
    replies: SafetyReplies, text: str, after_check_in: bool
) -> None:
    assert replies.read(text, after_check_in=after_check_in) != "safe"


@pytest.mark.parametrize(
    "text", ["y", "sure", "definitely", "absolutely", "totally", "👍", "i'm not, no. yes I am"]
)
def test_other_ways_to_say_yes_are_a_yes(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=True) == "yes"


@pytest.mark.parametrize(
    "text", ["I have PTSD", "i have insurance with aetna", "I am 43", "I am in Oregon"]
)
def test_an_answer_to_the_open_question_is_no_yes(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=True) == ""


@pytest.mark.parametrize("text", ["I'm fine", "I'm ok", "I'm good", "no I don't", "n", "I do not"])
def test_other_ways_to_say_no_are_no_yes(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=True) == "safe"


@pytest.mark.parametrize("text", ["thanks", "thank you", "gracias", "ok"])
def test_thanks_are_no_all_clear(replies: SafetyReplies, text: str) -> None:
    assert replies.read(text, after_check_in=True) == ""
