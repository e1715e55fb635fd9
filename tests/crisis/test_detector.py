"""The detector is quick, never breaks, and is silenced by nothing."""

from __future__ import annotations

import random
import statistics
import time

import pytest

from nlu_components.crisis.detector import CrisisDetector
from nlu_components.crisis.patterns import Pattern, read_pattern
from nlu_components.crisis.phrases import CATEGORIES, Category, Modifiers, PhraseBook
from nlu_components.crisis.spelling import Spelling

SIXTY_FOUR_KB = 64 * 1024


def category_of(detector: CrisisDetector, text: str) -> str | None:
    finding = detector.find(text)
    return None if finding is None else finding.category


@pytest.mark.parametrize(
    ("text", "most_urgent"),
    [
        ("I want to die. I took the whole bottle. I can't breathe.", "medical_emergency"),
        ("I want to die so I took the whole bottle", "overdose"),
        ("my husband beats me and I want to kill myself", "suicide"),
        ("I cut myself and I want to kill myself", "suicide"),
        ("I cut myself and now I want to stab someone", "harm_to_others"),
    ],
)
def test_the_most_urgent_category_wins(
    detector: CrisisDetector, text: str, most_urgent: str
) -> None:
    assert category_of(detector, text) == most_urgent


def test_the_finding_names_a_pattern_of_its_category(
    detector: CrisisDetector, phrases: PhraseBook
) -> None:
    finding = detector.find("please, i want to kill myself")

    suicide = phrases.categories[CATEGORIES.index("suicide")]
    assert finding is not None
    assert finding.outcome == "hard"
    assert finding.pattern in [pattern.text for pattern in suicide.patterns]


@pytest.mark.parametrize(
    "harmless",
    [
        "No suicidal thoughts",
        "I'm not suicidal",
        "I'm dying to know the price",
        "I overdosed in 2009",
    ],
)
@pytest.mark.parametrize("joined_by", [", but ", ". ", " and ", " "])
def test_harmless_words_never_silence_the_rest(
    detector: CrisisDetector, harmless: str, joined_by: str
) -> None:
    assert detector.find(harmless) is None
    assert detector.find(f"{harmless}{joined_by}I want to kill myself") is not None


def patterns(*texts: str) -> tuple[Pattern, ...]:
    return tuple(read_pattern(text, groups={}, read_as={}) for text in texts)


def small_detector(
    *,
    plain: str = "want to die",
    hint: str = "so tired",
    lower: str = "years ago",
    unless: str = "but",
    harmless: str = "want to die laughing",
) -> CrisisDetector:
    """One pattern of each sort, to show what becomes of them together."""
    suicide = Category("suicide", patterns(plain), patterns(hint), (), (), (), ())
    self_harm = Category("self_harm", patterns("cut myself"), (), (), (), (), ())
    modifiers = Modifiers({"long_ago": patterns(lower)}, patterns(unless))
    texts = (plain, hint, lower, unless, harmless, "cut myself")
    spelling = Spelling(frozenset(word for text in texts for word in text.split()), {})
    book = PhraseBook((suicide, self_harm), patterns(harmless), modifiers, {}, spelling)
    return CrisisDetector(book)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i want to die", ("suicide", "hard")),
        ("i am so tired", ("suicide", "soft")),
        ("how much is it", None),
        # A plain phrase is heard before a hint, also of a more urgent category.
        ("so tired that i cut myself", ("self_harm", "hard")),
        ("so tired i want to die", ("suicide", "hard")),
        # What lowers makes a hint of a plain phrase, never nothing.
        ("years ago i said i want to die", ("suicide", "soft")),
        ("years ago i was so tired", ("suicide", "soft")),
        ("years ago i was well", None),
        # It speaks for its own sentence only.
        ("that was years ago. i want to die", ("suicide", "hard")),
        ("years ago i said i want to die. i cut myself", ("self_harm", "hard")),
        ("years ago i said i want to die. i am so tired", ("suicide", "soft")),
        # Whoever speaks of now, anywhere, is not lowered.
        ("years ago i said i want to die, but it is back", ("suicide", "hard")),
        ("But what for? years ago i said i want to die", ("suicide", "hard")),
        ("but it was years ago", None),
        # A harmless phrase covers its own words and nothing else.
        ("i want to die laughing", None),
        ("i want to die laughing because i want to die", ("suicide", "hard")),
        ("so tired i want to die laughing", ("suicide", "soft")),
    ],
)
def test_sorts_of_patterns_work_together_like_this(
    text: str, expected: tuple[str, str] | None
) -> None:
    finding = small_detector().find(text)

    assert (finding and (finding.category, finding.outcome)) == expected


def test_without_modifiers_nothing_is_lowered() -> None:
    finding = small_detector(lower="never said").find("years ago i said i want to die")

    assert finding is not None
    assert finding.outcome == "hard"


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_a_cry_for_help_in_a_huge_text_is_heard(detector: CrisisDetector, place: str) -> None:
    cry = " i want to kill myself "
    padding = "lorem ipsum dolor " * (SIXTY_FOUR_KB // 18)
    half = padding[: len(padding) // 2]
    text = {"start": cry + padding, "middle": half + cry + half, "end": padding * 20 + cry}[place]

    assert category_of(detector, text) == "suicide"


def test_a_cry_for_help_across_two_pieces_is_heard(detector: CrisisDetector) -> None:
    for words_before in range(30, 130):
        text = "word " * words_before + "i want to kill myself"
        assert detector.find(text) is not None, words_before


def random_text(chance: random.Random) -> str:
    alphabets = (
        "abcdefghijklmnopqrstuvwxyz     ",
        "!?.,;:'\"*_-/\\|()[]<>^$#@%&+=~` \t\n\r",
        "".join(map(chr, range(0x20))) + "\x7f\u200b\u200d\ufeff\u202e\ud800",
        "😀💀🔪💊👩‍👩‍👧☠️🏳️‍🌈",
        "áéíóúñçßøåæœığшжйѣαβγ漢字かなกขअआﷺ٠١٢",
        "".join(chr(chance.randrange(0x110000)) for _ in range(40)),
    )
    chosen = "".join(chance.sample(alphabets, chance.randint(1, len(alphabets))))
    return "".join(chance.choice(chosen) for _ in range(chance.randint(0, 200)))


def test_no_text_breaks_the_detector(detector: CrisisDetector) -> None:
    chance = random.Random(988)

    for _ in range(2_000):
        detector.find(random_text(chance))


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "a" * SIXTY_FOUR_KB, ". " * 32_768, "k i l l " * 8_192, "k*l* " * 13_000,
     "💀" * SIXTY_FOUR_KB, "ﷺ" * SIXTY_FOUR_KB, "i really want to " * 4_096, "*" * SIXTY_FOUR_KB],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_huge_and_odd_texts_are_read_within_seconds(detector: CrisisDetector, text: str) -> None:
    started = time.thread_time()
    detector.find(text)

    assert time.thread_time() - started < 3


def test_an_ordinary_message_takes_less_than_three_milliseconds(
    detector: CrisisDetector, phrases: PhraseBook
) -> None:
    messages = [text for c in phrases.categories for text in c.must_stay_calm + c.must_alarm]

    seconds = []
    for message in messages:
        started = time.thread_time()
        detector.find(message)
        seconds.append(time.thread_time() - started)

    assert statistics.quantiles(seconds, n=20)[-1] < 0.003


def test_nothing_a_visitor_wrote_stays_in_memory(detector: CrisisDetector) -> None:
    detector.find("my secret is zanzibarquux and i want to kill myself")

    assert "zanzibarquux" not in detector._vocab.strings
