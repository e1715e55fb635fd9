"""Messages that ask much the same come together; the same messages always make the same groups."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import yaml

from clinic.similar_messages import Asked, content, grouped

PARKING = (
    "do you have parking",
    "is there PARKING?",
    "parkng",
    "where can I park",
    "parking please",
)
MASSAGE = ("do you offer massage", "massages?", "hi, is massage something you do")


def together(*texts: str, nearest: str = "") -> list[list[str]]:
    """The texts of each group."""
    asked = [Asked(place, text, [nearest] if nearest else []) for place, text in enumerate(texts)]
    return [[texts[place] for place in ids] for ids in grouped(asked)]


def test_what_asks_the_same_in_other_words_and_with_slips_is_one_group() -> None:
    found = together(*PARKING, *MASSAGE, nearest="directions")

    assert [set(group) for group in found] == [set(PARKING), set(MASSAGE)]


def test_the_largest_group_comes_first_and_its_oldest_message_stands_for_it() -> None:
    found = together("massage?", "parking?", "is there parking")

    assert found == [["parking?", "is there parking"], ["massage?"]]


def test_the_same_nearest_topic_brings_together_what_words_alone_would_not() -> None:
    texts = ("can i bring my dog", "may I bring a small dog?")

    assert len(together(*texts)) == 2
    assert len(together(*texts, nearest="support_person")) == 1


def test_words_that_everybody_uses_bring_nothing_together() -> None:
    texts = ("can you please tell me about dogs", "can you please tell me about bitcoin")

    assert len(together(*texts, nearest="cost")) == 2


def test_what_is_masked_counts_for_nothing() -> None:
    assert content("my name is [name], parking? [number]") == "name parking"


def test_a_message_of_small_words_alone_is_still_compared() -> None:
    assert together("what is it?", "what is it", "???") == [["what is it?", "what is it"], ["???"]]


def test_every_message_is_in_exactly_one_group() -> None:
    asked = [Asked(place, text) for place, text in enumerate((*PARKING, *MASSAGE, "", "🙂", "¿?"))]

    ids = [message_id for group in grouped(asked) for message_id in group]

    assert sorted(ids) == list(range(len(asked)))


def many(number: int) -> list[Asked]:
    """Questions of every topic with words left out and letters lost: hardly two are the same."""
    chance = Random(7)
    questions = [
        (question, topic["topic"])
        for path in sorted(Path("data/faq").glob("*.yml"))
        for topic in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["topics"]
        for question in topic["questions"]
    ]

    def worn(question: str) -> str:
        words = question.split()
        if len(words) > 3:
            words.pop(chance.randrange(len(words)))
        place = chance.randrange(len(question) + 1)
        text = " ".join(words)
        return text[:place] + text[place + 1 :]

    picked = (chance.choice(questions) for _ in range(number))
    return [Asked(place, worn(question), [topic]) for place, (question, topic) in enumerate(picked)]


def test_the_same_messages_make_the_same_groups() -> None:
    asked = many(1_000)

    assert grouped(asked) == grouped(list(asked))


def test_ten_thousand_messages_take_seconds() -> None:
    asked = many(10_000)

    before = time.process_time()  # ours alone, however busy the machine is
    groups = grouped(asked)
    took = time.process_time() - before

    print(f"10,000 messages, {len(groups)} groups: {took:.2f} s")
    assert took < 10
