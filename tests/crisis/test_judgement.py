"""Phrases, classifier and conversation together: none of them alone can silence a cry for help."""

from __future__ import annotations

import pytest

from nlu_components.crisis.judgement import CrisisJudge, Judgement, Situation
from tests.crisis.conftest import THRESHOLDS, JudgeWho

PLAIN = "i want to kill myself"
ORDINARY = "how much is it"
JUST_UNDER = 0.001

WATCHED = Situation(watched=True)
CHECKED_IN = Situation(watched=True, checked_in_on="overdose")


def outcome(judge: CrisisJudge, text: str, situation: Situation | None = None) -> str:
    return judge.judge(text, situation or Situation()).outcome


@pytest.mark.parametrize("hears", [THRESHOLDS["doubt"], 0.1, 0.49, 1.0])
def test_a_plain_phrase_is_a_crisis_although_the_classifier_is_rather_calm(
    judge_who: JudgeWho, hears: float
) -> None:
    judge = judge_who(hears=hears)

    assert judge.judge(PLAIN) == Judgement("hard", "suicide", "en")


@pytest.mark.parametrize("hears", [0.0, THRESHOLDS["doubt"] - JUST_UNDER])
def test_a_plain_phrase_that_the_classifier_hears_nothing_in_is_a_hint_and_never_nothing(
    judge_who: JudgeWho, hears: float
) -> None:
    judge = judge_who(hears=hears)

    assert judge.judge(PLAIN) == Judgement("soft", "suicide", "en")


def test_the_phrase_knows_the_category_better_than_the_classifier(judge_who: JudgeWho) -> None:
    judge = judge_who(hears_hard=1.0, category="psychosis")

    assert judge.judge("I overdosed").category == "overdose"


@pytest.mark.parametrize(
    ("hears_hard", "expected"),
    [(THRESHOLDS["hard"], "hard"), (THRESHOLDS["hard"] - JUST_UNDER, "soft")],
)
def test_what_no_phrase_foresaw_is_a_crisis_from_the_threshold_on(
    judge_who: JudgeWho, hears_hard: float, expected: str
) -> None:
    judge = judge_who(hears_hard=hears_hard, category="psychosis")

    heard = judge.judge(ORDINARY)
    assert (heard.outcome, heard.category) == (expected, "psychosis")


@pytest.mark.parametrize(
    ("hears", "expected"),
    [
        (THRESHOLDS["soft"], Judgement("soft", "self_harm", "en", only_likely=True)),
        (THRESHOLDS["soft"] - JUST_UNDER, Judgement("none", "", "en")),
    ],
)
def test_what_no_phrase_foresaw_is_a_hint_from_its_own_threshold_on(
    judge_who: JudgeWho, hears: float, expected: Judgement
) -> None:
    judge = judge_who(hears=hears, category="self_harm")

    assert judge.judge(ORDINARY) == expected


@pytest.mark.parametrize("heard", [{"hears": 0.6}, {"hears_hard": 0.95}])
def test_danger_without_a_name_is_unclear(judge_who: JudgeWho, heard: dict[str, float]) -> None:
    assert judge_who(**heard).judge(ORDINARY).category == "unclear"


def test_while_we_watch_less_is_a_hint(judge_who: JudgeWho) -> None:
    judge = judge_who(hears=THRESHOLDS["watched_soft"])
    calmer = judge_who(hears=THRESHOLDS["watched_soft"] - JUST_UNDER)

    assert outcome(judge, ORDINARY) == "none"
    assert outcome(judge, ORDINARY, WATCHED) == "soft"
    assert outcome(calmer, ORDINARY, WATCHED) == "none"


def test_a_hint_right_after_a_check_in_is_a_crisis(judge_who: JudgeWho) -> None:
    judge = judge_who(hears=0.6, category="psychosis")

    assert judge.judge(ORDINARY, CHECKED_IN) == Judgement("hard", "psychosis", "en")


def test_an_ordinary_question_right_after_a_check_in_is_one(judge_who: JudgeWho) -> None:
    assert judge_who().judge(ORDINARY, CHECKED_IN) == Judgement("none", "", "en")


@pytest.mark.parametrize("text", ["yes", "Yes.", "kind of", "maybe", "...", "…", "I guess so"])
def test_a_yes_a_maybe_or_silence_after_a_check_in_is_a_crisis_of_its_category(
    judge_who: JudgeWho, text: str
) -> None:
    heard = judge_who().judge(text, CHECKED_IN)

    assert (heard.outcome, heard.category, heard.reply) == ("hard", "overdose", "yes")


@pytest.mark.parametrize("text", ["yes", "kind of", "maybe", "...", "no", "nope"])
@pytest.mark.parametrize("situation", [Situation(), WATCHED])
def test_without_a_check_in_a_yes_or_no_means_nothing_by_itself(
    judge_who: JudgeWho, text: str, situation: Situation
) -> None:
    heard = judge_who().judge(text, situation)

    assert (heard.outcome, heard.category, heard.reply) == ("none", "", "")


@pytest.mark.parametrize(
    ("text", "language"), [("no", "en"), ("No, I'm safe", "en"), ("No, estoy a salvo", "es")]
)
def test_a_plain_no_after_a_check_in_is_an_all_clear(
    judge_who: JudgeWho, text: str, language: str
) -> None:
    assert judge_who().judge(text, CHECKED_IN) == Judgement("none", "", language, "safe")


def test_an_all_clear_is_believed_whatever_the_classifier_hears(judge_who: JudgeWho) -> None:
    judge = judge_who(hears_hard=1.0)

    assert judge.judge("No, I'm safe", CHECKED_IN).reply == "safe"


@pytest.mark.parametrize("situation", [Situation(), WATCHED, CHECKED_IN])
def test_the_button_back_to_the_question_works_at_any_time(
    judge_who: JudgeWho, situation: Situation
) -> None:
    heard = judge_who().judge("I'm safe, back to my question", situation)

    assert (heard.outcome, heard.reply) == ("none", "safe")


@pytest.mark.parametrize("reassurance", ["I'm safe. ", "No, I'm safe, but ", "no. ", "No. "])
@pytest.mark.parametrize("situation", [Situation(), CHECKED_IN])
def test_a_reassurance_never_silences_the_rest_of_the_message(
    judge_who: JudgeWho, reassurance: str, situation: Situation
) -> None:
    judge = judge_who(hears=0.6)

    assert outcome(judge, reassurance + PLAIN, situation) == "hard"


def test_a_spanish_cry_for_help_is_answered_in_spanish(judge_who: JudgeWho) -> None:
    heard = judge_who(hears=0.6).judge("quiero matarme")

    assert heard == Judgement("hard", "suicide", "es")


def test_the_judgement_holds_no_words_of_the_message(judge_who: JudgeWho) -> None:
    heard = judge_who(hears=0.6).judge(f"zanzibarquux {PLAIN}")

    assert "zanzibarquux" not in repr(heard)
    assert "kill" not in repr(heard)


def test_the_real_classifier_and_phrases_hear_what_nobody_can_miss(judge: CrisisJudge) -> None:
    assert judge.judge(PLAIN) == Judgement("hard", "suicide", "en")
    assert judge.judge("I overdosed").outcome == "hard"


@pytest.mark.parametrize("text", [ORDINARY, "hello", "what are your opening hours?"])
def test_the_real_classifier_and_phrases_leave_ordinary_questions_alone(
    judge: CrisisJudge, text: str
) -> None:
    assert judge.judge(text) == Judgement("none", "", "en")


@pytest.mark.parametrize("text", ["yes, I overdosed", "Yes. I took all my pills"])
def test_what_a_yes_says_more_names_the_category(judge_who: JudgeWho, text: str) -> None:
    on_suicide = Situation(watched=True, checked_in_on="suicide")

    assert judge_who(hears=0.6).judge(text, on_suicide).category == "overdose"


@pytest.mark.parametrize("text", ["no", "..."])
def test_a_short_answer_to_a_spanish_question_is_spanish(judge_who: JudgeWho, text: str) -> None:
    asked_in_spanish = Situation(watched=True, checked_in_on="suicide", language="es")

    assert judge_who().judge(text, asked_in_spanish).language == "es"


def test_a_late_yes_to_an_open_check_in_is_a_crisis_and_a_late_no_is_none(
    judge_who: JudgeWho,
) -> None:
    some_messages_ago = Situation(watched=True, unanswered_check_in_on="suicide")

    assert judge_who().judge("yes i am", some_messages_ago) == Judgement(
        "hard", "suicide", "en", "yes"
    )
    assert judge_who().judge("no", some_messages_ago) == Judgement("none", "", "en")


@pytest.mark.parametrize(("hears", "expected"), [(0.6, "none"), (0.75, "soft")])
def test_in_spanish_the_classifier_must_be_surer(
    judge_who: JudgeWho, hears: float, expected: str
) -> None:
    assert judge_who(hears=hears).judge("quiero una cita para el lunes").outcome == expected


def test_a_hint_that_only_the_classifier_hears_is_marked_and_a_phrase_never_is(
    judge_who: JudgeWho,
) -> None:
    judge = judge_who(hears=THRESHOLDS["soft"])

    assert judge.judge(ORDINARY).only_likely
    assert not judge.judge("what's the point anymore").only_likely
    assert not judge_who(hears_hard=1.0).judge(ORDINARY).only_likely
