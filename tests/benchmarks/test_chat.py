"""The benchmark of turns: all bots are asked alike, its figures are what they say."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.chat import beside, beside_page, replicas, replicas_page, talk, web_share
from benchmarks.chat.load import Load, in_turn, one_round
from benchmarks.chat.measures import Round, figure, growth, percentile
from benchmarks.chat.usage import Machine, Memory
from benchmarks.chat.visitors import NoAnswer, SaidNothing
from benchmarks.chat.web_share import Part

MACHINE = Machine(cores=2, system="here", load=0.1, commit="abc")


def a_round(milliseconds: float, *, wall: float = 1.0, cores: Sequence[float] = (50, 40)) -> Round:
    return Round([milliseconds / 1000] * 10, wall, {"rasa": 0.5, "client": 0.1}, cores, {})


# --- Rounds ---------------------------------------------------------------------------------------


class Parrot:
    """A bot that answers at once, with nothing, or not at all."""

    def __init__(self, name: str, heard: list[str], refuses: str = "", silent_at: str = "") -> None:
        self.name, self.heard = name, heard
        self.refuses, self.silent_at = refuses, silent_at

    def pids(self) -> dict[str, int]:
        return {}

    def visitor(self) -> Parrot:
        return self

    async def begin(self) -> None:
        self.heard.append(f"{self.name}: begins")

    async def say(self, text: str) -> float:
        if text == self.refuses:
            raise NoAnswer("status 503")
        self.heard.append(text)
        if text == self.silent_at:
            raise SaidNothing(0.02)
        return 0.01

    async def close(self) -> None:
        pass


def test_every_visitor_has_every_conversation_and_what_fails_is_counted() -> None:
    heard: list[str] = []

    found = one_round(Parrot("a", heard, "no"), [("one", "two"), ("three", "no", "x")], Load(2, 2))

    assert sorted(heard) == sorted(["a: begins"] * 4 + ["one", "two", "three"] * 2)
    assert len(found.turns) == 6
    assert found.failures == {"NoAnswer: status 503": 2}


def test_a_turn_in_which_nothing_was_said_counts_with_its_time_and_the_talk_goes_on() -> None:
    heard: list[str] = []

    found = one_round(Parrot("a", heard, silent_at="no"), [("one", "no", "two")], Load(1, 1))

    assert heard == ["a: begins", "one", "no", "two"]
    assert found.turns == [0.01, 0.02, 0.01]
    assert found.failures == {"nothing was said": 1}


def test_bots_take_turns_and_neither_is_always_first() -> None:
    heard: list[str] = []
    bots = {name: (Parrot(name, heard), [()]) for name in ("a", "b")}

    found = in_turn(bots, [Load(1, 1)], rounds=2)

    assert heard == ["a: begins", "b: begins", "b: begins", "a: begins"]
    assert [len(found[name][1]) for name in ("a", "b")] == [2, 2]


def test_all_conversations_have_the_same_number_of_turns() -> None:
    assert {len(one) for one in (*talk.OURS, *talk.STARTER)} == {talk.TURNS}


def test_an_endless_conversation_is_as_long_as_asked() -> None:
    assert talk.endless(["a", "b"], 5) == ["a", "b", "a", "b", "a"]


# --- Figures --------------------------------------------------------------------------------------


def test_the_median_round_is_shown_with_the_lowest_and_the_highest() -> None:
    rounds = [a_round(30), a_round(10), a_round(20)]

    assert figure(rounds, lambda one: one.milliseconds(50)).shown() == "20.0 (10.0–30.0)"


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile(range(100), 95) == 95
    assert percentile([7], 95) == 7


def test_growth_is_of_the_line_and_not_of_the_ends() -> None:
    moments = list(range(101))

    assert growth(moments, [100 + 0.1 * moment for moment in moments]) == pytest.approx(10)
    assert growth(moments, [100.0] * 100 + [200.0]) < 10
    assert growth([1], [5]) == 0


def test_what_others_took_of_the_machine_is_seen() -> None:
    assert a_round(1, cores=(90, 70)).others == pytest.approx(100)
    assert a_round(1, cores=(10, 0)).others == 0


# --- What web adds --------------------------------------------------------------------------------

METRICS = """\
# TYPE front_desk_turn_seconds histogram
front_desk_turn_seconds_bucket{part="before",le="0.001"} 90
front_desk_turn_seconds_bucket{part="before",le="0.005"} 100
front_desk_turn_seconds_bucket{part="before",le="+Inf"} 100
front_desk_turn_seconds_sum{part="before"} 0.1
front_desk_turn_seconds_count{part="before"} 100
front_desk_turn_seconds_bucket{part="after",le="0.001"} 100
front_desk_turn_seconds_bucket{part="after",le="0.005"} 100
front_desk_turn_seconds_bucket{part="after",le="+Inf"} 100
front_desk_turn_seconds_sum{part="after"} 0.05
front_desk_turn_seconds_count{part="after"} 100
front_desk_turn_seconds_bucket{part="web",le="0.001"} 75
front_desk_turn_seconds_bucket{part="web",le="0.005"} 100
front_desk_turn_seconds_bucket{part="web",le="+Inf"} 100
front_desk_turn_seconds_sum{part="web"} 0.15
front_desk_turn_seconds_count{part="web"} 100
"""


def test_webs_share_is_of_both_parts_of_each_turn() -> None:
    found = web_share.share({}, web_share.read(METRICS))

    assert found is not None
    assert found.before == pytest.approx(3.0)
    assert found.after == pytest.approx(0.95)
    assert found.both == pytest.approx(4.2)
    assert found.average == pytest.approx(1.5)


def test_only_turns_since_the_look_before_are_counted() -> None:
    parts = web_share.read(METRICS)

    assert web_share.share(parts, parts) is None
    assert web_share.share({}, {}) is None
    assert parts["before"].since(Part({0.001: 90}, 0.1)).buckets == {
        0.001: 0,
        0.005: 100,
        float("inf"): 100,
    }


# --- Pages ----------------------------------------------------------------------------------------


def found_beside(ours: float, starter: float) -> beside.Found:
    fast = {1: [a_round(ours, wall=ours)], 8: [a_round(ours, wall=ours)]}
    slow = {1: [a_round(starter, wall=starter)], 8: [a_round(starter, wall=starter)]}
    memory = {"rasa": Memory(100, 90)}
    return beside.Found(
        rounds={beside.STARTER: slow, beside.OURS: fast},
        memory={beside.STARTER: memory, beside.OURS: {"rasa": Memory(50, None)}},
        starts={beside.STARTER: [20, 30, 10], beside.OURS: [5]},
        training={beside.STARTER: 60},
        shares={1: None},
        topics=110,
        hears_danger=True,
    )


def test_the_goals_are_held_against_the_worst_load() -> None:
    found = found_beside(40, 100)
    found.rounds[beside.OURS][8] = [a_round(60, wall=60)]

    page = beside_page.page(found, beside.QUICK, MACHINE)

    assert "95th percentile beside the starter's, the worst of all loads: **missed**: 0.60" in page
    assert "turns per second beside the starter's, the worst of all loads: **missed**: 1.67" in page


def test_a_page_says_where_it_was_made_and_what_it_could_not_measure() -> None:
    page = beside_page.page(found_beside(40, 100), beside.QUICK, MACHINE)

    assert "2 cores, here, load average 0.10 at the start; commit abc" in page
    assert "reached: 0.40 ×" in page
    assert "reached: 2.50 ×" in page
    assert "web's own share of a turn: not counted by web" in page
    assert "| ours | 5.0 (5.0–5.0) | not trained in this run |" in page
    assert "| ours | 50 | not readable | rasa 50 |" in page
    assert "Every turn was answered." in page


def test_turns_without_an_answer_are_said() -> None:
    found = found_beside(40, 100)
    found.rounds[beside.OURS][1] = [Round([0.04], 1, {}, (1, 1), {"NoAnswer: status 503": 2})]

    page = beside_page.page(found, beside.QUICK, MACHINE)

    assert "**Without an answer: ours, NoAnswer: status 503 (2).**" in page


def test_a_miss_of_two_replicas_names_the_cores_that_are_full() -> None:
    found = {
        replicas.ONE: {8: [a_round(10, wall=10, cores=(95, 60))]},
        replicas.TWO: {8: [a_round(10, wall=8, cores=(99, 97))]},
    }

    page = replicas_page.page(found, replicas.QUICK, MACHINE)

    assert "**missed**: 1.25 ×" in page
    assert "with two 99 % and 97 %: all of them are full" in page


def test_a_miss_with_room_left_is_not_excused() -> None:
    found = {
        replicas.ONE: {8: [a_round(10, wall=10, cores=(50, 60))]},
        replicas.TWO: {8: [a_round(10, wall=8, cores=(60, 70))]},
    }

    assert "none is full, something else is in the way" in replicas_page.verdict(found)
