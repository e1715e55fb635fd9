"""The whole message decides; its context and its parts speak only where they are surer."""

from __future__ import annotations

import pytest

from nlu_components.hybrid_model import Scored
from nlu_components.readings import Reading
from nlu_components.understanding import Ranker, Sureness, Understood, understand

SURE = Sureness(answer=0.5, part=0.7, among=3)


def ranking(**confidences: float) -> list[Scored]:
    """Labels with their confidences, topics written as `faq_cost`, the surest first."""
    made = [Scored(label.replace("faq_", "faq/"), sure) for label, sure in confidences.items()]
    return sorted(made, key=lambda scored: -scored.confidence)


def ranker(**readings: list[Scored]) -> Ranker:
    return lambda text: readings[text]


def first(understood: Understood) -> Scored:
    return understood.ranking[0]


def test_a_plain_message_is_what_the_whole_of_it_says() -> None:
    whole = ranking(faq_cost=0.9, greet=0.1)

    understood = understand(Reading("whole"), ranker(whole=whole), SURE)

    assert understood == Understood(whole, [])


def test_a_message_with_two_questions_names_both_in_their_order() -> None:
    rank = ranker(
        whole=ranking(faq_cost=0.4, faq_safety=0.5, greet=0.1),
        a=ranking(faq_cost=0.8, faq_safety=0.1, greet=0.1),
        b=ranking(faq_safety=0.9, faq_cost=0.1, greet=0.0),
    )

    understood = understand(Reading("whole", parts=("a", "b")), rank, SURE)

    assert understood.questions == ["faq/cost", "faq/safety"]


def test_a_message_with_two_questions_is_led_by_its_first_with_the_confidence_of_that() -> None:
    rank = ranker(
        whole=ranking(faq_cost=0.4, faq_safety=0.5, greet=0.1),
        a=ranking(faq_cost=0.8),
        b=ranking(faq_safety=0.9),
    )

    understood = understand(Reading("whole", parts=("a", "b")), rank, SURE)

    assert understood.ranking == [
        Scored("faq/cost", 0.8),
        Scored("faq/safety", 0.5),
        Scored("greet", 0.1),
    ]


def test_one_question_asked_twice_is_one_question() -> None:
    whole = ranking(faq_cost=0.9, faq_safety=0.1)
    rank = ranker(whole=whole, a=ranking(faq_cost=0.8), b=ranking(faq_cost=0.95))

    understood = understand(Reading("whole", parts=("a", "b")), rank, SURE)

    assert understood == Understood(whole, [])


def test_a_part_that_is_not_sure_enough_is_no_question_of_its_own() -> None:
    whole = ranking(faq_cost=0.6, faq_safety=0.5)
    rank = ranker(whole=whole, a=ranking(faq_cost=0.8), b=ranking(faq_safety=0.69))

    understood = understand(Reading("whole", parts=("a", "b")), rank, SURE)

    assert understood == Understood(whole, [])


def test_a_part_that_the_whole_message_says_nothing_of_is_no_question_of_its_own() -> None:
    whole = ranking(faq_cost=0.6, faq_safety=0.5, greet=0.3, faq_hours=0.2)
    rank = ranker(whole=whole, a=ranking(faq_cost=0.8), b=ranking(faq_hours=0.9))

    understood = understand(Reading("whole", parts=("a", "b")), rank, SURE)

    assert understood == Understood(whole, [])


def test_a_greeting_beside_a_question_is_no_question() -> None:
    whole = ranking(faq_cost=0.6, greet=0.5)
    rank = ranker(whole=whole, a=ranking(greet=0.99), b=ranking(faq_cost=0.9))

    understood = understand(Reading("whole", parts=("a", "b")), rank, SURE)

    assert understood == Understood(whole, [])


def test_a_question_that_a_story_drowns_is_heard() -> None:
    part = ranking(faq_cost=0.6, greet=0.2)
    rank = ranker(whole=ranking(faq_hope=0.3, faq_cost=0.2), a=ranking(faq_hope=0.2), b=part)

    understood = understand(Reading("whole", parts=("a", "b")), rank, SURE)

    assert understood == Understood(part, [])


def test_of_the_parts_of_a_story_the_surest_topic_counts() -> None:
    whole = ranking(faq_hope=0.3)
    rank = ranker(
        whole=whole,
        a=ranking(faq_cost=0.55),
        b=ranking(faq_safety=0.65),
        c=ranking(out_of_scope=0.9),
    )

    understood = understand(Reading("whole", parts=("a", "b", "c")), rank, SURE)

    assert first(understood) == Scored("faq/safety", 0.65)


def test_a_sure_whole_is_not_overruled_by_a_surer_part() -> None:
    whole = ranking(faq_cost=0.5)
    rank = ranker(whole=whole, a=ranking(faq_safety=0.95), b=ranking(greet=0.9))

    understood = understand(Reading("whole", parts=("a", "b")), rank, SURE)

    assert understood == Understood(whole, [])


def test_when_nothing_is_sure_the_whole_says_so() -> None:
    whole = ranking(faq_cost=0.3)
    rank = ranker(whole=whole, a=ranking(faq_safety=0.49), b=ranking(greet=0.9))

    understood = understand(Reading("whole", parts=("a", "b")), rank, SURE)

    assert understood == Understood(whole, [])


def test_a_follow_up_is_read_in_its_context() -> None:
    pointed = ranking(faq_im_cost=0.6)
    rank = ranker(whole=ranking(faq_cost=0.9), pointed=pointed)
    reading = Reading("whole", in_context="pointed", last_topic="im_injection")

    assert understand(reading, rank, SURE) == Understood(pointed, [])


def test_context_that_only_repeats_the_last_answer_is_ignored() -> None:
    whole = ranking(faq_cost=0.3)
    rank = ranker(whole=whole, pointed=ranking(faq_im_injection=0.84))
    reading = Reading("whole", in_context="pointed", last_topic="im_injection")

    assert understand(reading, rank, SURE) == Understood(whole, [])


def test_a_follow_up_that_surely_asks_for_the_last_topic_gets_it_again() -> None:
    pointed = ranking(faq_side_effects=0.93)
    rank = ranker(whole=ranking(faq_how_long_lasts=0.9), pointed=pointed)
    reading = Reading("whole", in_context="pointed", last_topic="side_effects")

    assert understand(reading, rank, SURE).ranking == pointed


def test_a_topic_that_gave_the_subject_earlier_is_no_news_either() -> None:
    whole = ranking(faq_insurance=1.0)
    rank = ranker(whole=whole, pointed=ranking(faq_spravato=0.7))
    reading = Reading("whole", in_context="pointed", last_topic="cost", subject_topic="spravato")

    assert understand(reading, rank, SURE).ranking == whole


def test_what_is_plainly_no_topic_needs_no_context() -> None:
    whole = ranking(stop=0.88)
    rank = ranker(whole=whole, pointed=ranking(faq_im_injection=0.9))
    reading = Reading("whole", in_context="pointed", last_topic="cost")

    assert understand(reading, rank, SURE).ranking == whole


def test_a_sentence_of_our_own_is_not_taken_apart() -> None:
    whole = ranking(faq_trd=0.99)
    rank = ranker(whole=whole, a=ranking(faq_hope=0.9), b=ranking(faq_trd=0.9))
    reading = Reading("whole", parts=("a", "b"))

    assert understand(reading, rank, SURE) == Understood(whole, [])


def test_noise_is_trusted_half() -> None:
    rank = ranker(noise=ranking(faq_languages=0.7))

    best, *_ = understand(Reading("noise", readable=False), rank, SURE).ranking

    assert best.confidence == pytest.approx(0.35)


def test_context_that_is_unsure_or_no_topic_is_ignored() -> None:
    whole = ranking(faq_cost=0.3)
    reading = Reading("whole", in_context="pointed", last_topic="im_injection")

    for pointed in (ranking(faq_safety=0.49), ranking(out_of_scope=0.99)):
        rank = ranker(whole=whole, pointed=pointed)

        assert understand(reading, rank, SURE) == Understood(whole, [])


def test_two_questions_matter_more_than_what_one_of_them_points_at() -> None:
    rank = ranker(
        whole=ranking(faq_cost=0.5, faq_safety=0.4),
        pointed=ranking(faq_im_cost=0.9),
        a=ranking(faq_cost=0.8),
        b=ranking(faq_safety=0.9),
    )
    reading = Reading("whole", in_context="pointed", parts=("a", "b"), last_topic="im_injection")

    assert understand(reading, rank, SURE).questions == ["faq/cost", "faq/safety"]


def counting(rank: Ranker, ranked: list[str]) -> Ranker:
    """The same ranker; it writes down what it was asked for."""

    def rank_and_note(text: str) -> list[Scored]:
        ranked.append(text)
        return rank(text)

    return rank_and_note


def test_the_last_part_is_not_read_when_it_cannot_make_two_questions() -> None:
    ranked: list[str] = []
    whole = ranking(faq_cost=0.9, faq_safety=0.5)
    rank = ranker(whole=whole, a=ranking(greet=0.9), b=ranking(faq_safety=0.9))

    understood = understand(Reading("whole", parts=("a", "b")), counting(rank, ranked), SURE)

    assert understood == Understood(whole, [])
    assert ranked == ["whole", "a"]


def test_every_part_is_read_when_the_whole_says_nothing() -> None:
    ranked: list[str] = []
    rank = ranker(
        whole=ranking(faq_cost=0.3), a=ranking(greet=0.9), b=ranking(faq_safety=0.9, greet=0.1)
    )

    understood = understand(Reading("whole", parts=("a", "b")), counting(rank, ranked), SURE)

    assert first(understood).label == "faq/safety"
    assert ranked == ["whole", "a", "b"]


def test_every_part_is_read_while_two_questions_are_possible() -> None:
    ranked: list[str] = []
    rank = ranker(
        whole=ranking(faq_cost=0.9, faq_safety=0.5),
        a=ranking(greet=0.9),
        b=ranking(faq_cost=0.9),
        c=ranking(faq_safety=0.9),
    )
    reading = Reading("whole", parts=("a", "b", "c"))

    assert understand(reading, counting(rank, ranked), SURE).questions == ["faq/cost", "faq/safety"]
    assert ranked == ["whole", "a", "b", "c"]
