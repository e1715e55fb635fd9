"""The benchmark of chaos: every way to lose or to double something is seen in its books."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from itertools import islice

import pytest

from benchmarks.chaos import books, report
from benchmarks.chaos.books import Gap, Meant, gaps
from benchmarks.chaos.faults import Deed, Outage, Storm, faults
from benchmarks.chaos.kept import Kept, KeptLead
from benchmarks.chaos.ledger import Danger, Ledger, Said, Sent, Taken, open_field, says_sent
from benchmarks.chaos.visitors import MOST_VISITORS, Kind, meant, visitors
from benchmarks.chaos.widget import APOLOGIES, Widget
from clinic.questionnaires import CALLBACK, SCREENING

MEANT = {("c", SCREENING): Meant({"age": (43,)}, (("Age", "43"),))}


def ledger() -> Ledger:
    """One visitor: a message, an answer that was taken, a lead, and a message of crisis."""
    said = Said("c", "k", "43", (("7", "Where do you live?"),), tries=2, acknowledged=True)
    cry = Said("c", "cry", "help", (("8", "988"),), tries=1, acknowledged=True, danger=True)
    danger = Danger("c", "cry", at=1.0, first_line=True, server=0.5, widget=None)
    return Ledger(
        said=[said, cry],
        taken=[Taken("c", SCREENING, "age")],
        sent=[Sent("c", SCREENING, 0)],
        dangers=[danger],
    )


def kept() -> Kept:
    """All of it in the database, once."""
    found = Kept()
    found.said["c", "k"] = ["43"]
    found.said["c", "cry"] = ["help"]
    found.replies["c", "k"] = [("7", "Where do you live?")]
    found.replies["c", "cry"] = [("8", "988")]
    found.answers["c", SCREENING] = {"age": (43,)}
    found.leads = [KeptLead("l", "c", "Ann", "+12025550100", (("Age", "43"),))]
    found.events["c", "cry"] = 1
    found.event_ids = [1]
    found.notices["new_lead", "lead:l"] = 1
    found.notices["crisis", "crisis:1"] = 1
    return found


def kinds(found: Kept, told: Ledger | None = None) -> list[str]:
    return [gap.kind for gap in gaps(told or ledger(), found, MEANT)]


def test_books_that_agree_have_no_gap() -> None:
    assert kinds(kept()) == []


def test_a_message_that_is_gone_is_a_gap_unless_the_visitor_was_told() -> None:
    found, told = kept(), ledger()
    found.said["c", "k"] = []
    assert kinds(found, told) == [books.LOST_MESSAGE]

    told.said[0] = replace(told.said[0], acknowledged=False)
    assert kinds(found, told) == []


def test_a_message_or_an_answer_kept_twice_is_a_gap() -> None:
    found = kept()
    found.said["c", "k"] *= 2
    found.replies["c", "k"] = [("7", "Where do you live?"), ("9", "Where do you live?")]

    assert kinds(found) == [books.DOUBLE_MESSAGE, books.DOUBLE_REPLY]


def test_an_answer_that_was_shown_as_kept_and_is_not_is_a_gap() -> None:
    found, told = kept(), ledger()
    found.replies["c", "k"] = []
    assert kinds(found) == [books.LOST_REPLY]

    told.said[0] = replace(told.said[0], shown=(("k-0", "Where do you live?"),))
    assert kinds(found, told) == []


@pytest.mark.parametrize(
    ("answers", "expected"),
    [({}, books.LOST_ANSWER), ({"age": (34,)}, books.WRONG_ANSWER)],
)
def test_an_answer_that_was_taken_is_kept_as_it_was_meant(
    answers: dict[str, tuple[int]], expected: str
) -> None:
    found = kept()
    found.answers["c", SCREENING] = {**answers}

    assert kinds(found) == [expected]


def test_a_lead_that_is_gone_or_came_twice_is_a_gap() -> None:
    gone, twice = kept(), kept()
    gone.leads = []
    other = replace(twice.leads[0], id="m", conversation="d")
    twice.leads.append(other)
    twice.notices["new_lead", "lead:m"] = 1

    assert kinds(gone) == [books.LOST_LEAD]
    assert kinds(twice) == [books.DOUBLE_LEAD, books.STRAY_LEAD]


def test_a_lead_with_other_answers_than_were_given_is_a_gap() -> None:
    found = kept()
    found.leads[0] = replace(found.leads[0], summary=(("Age", "34"),))

    assert gaps(ledger(), found, MEANT) == [Gap(books.WRONG_ANSWER, "c", "the lead's summary")]


def test_each_message_of_crisis_is_one_event_and_one_notice() -> None:
    none, twice = kept(), kept()
    none.events.clear()
    none.notices.clear()
    twice.events["c", "cry"] = 2
    twice.notices["crisis", "crisis:1"] = 2

    assert kinds(none) == [books.LOST_EVENT, books.LOST_NOTICE, books.LOST_NOTICE]
    assert kinds(twice) == [books.DOUBLE_EVENT, books.DOUBLE_NOTICE]


def test_help_counts_from_whoever_shows_it_first() -> None:
    hanging = Danger("c", "k", at=0, first_line=True, server=9.0, widget=1.2)
    unheard = replace(hanging, first_line=False, widget=None)
    never = replace(unheard, server=None)

    assert (hanging.shown, hanging.in_time) == (1.2, True)
    assert (unheard.shown, unheard.in_time) == (9.0, False)
    assert (never.shown, never.in_time) == (None, False)


def test_the_verdict_says_plainly_what_is_missed() -> None:
    told = ledger()
    told.dangers.append(Danger("c", "k", at=0, first_line=False, server=None, widget=None))
    told.stuck.append((3, "no answer"))

    words = report.page(told, [Outage("web", Deed.KILL, 1, 4)], [Gap(books.LOST_LEAD, "c")], {})

    assert "**1 things do not add up: the goal is not reached.**" in words
    assert "**1 of 2 messages of crisis had no 988" in words
    assert "**1 visitors never came to their end.**" in words
    assert "| web | 1 | 0 | 3 | 3.00 | 3.00 |" in words


def test_help_during_an_outage_has_a_line_of_its_own() -> None:
    told = ledger()
    told.dangers.append(replace(told.dangers[0], at=9.0, widget=1.2, server=None))

    outages = [Outage("web", Deed.KILL, 8, 10), Outage("rasa", Deed.KILL, 20, 21)]
    words = report.page(told, outages, [], {})

    assert "| … said while web was away | 1 | 1 | 1.20 | 1.20 | 1.20 |" in words
    assert "| … said while rasa was away | 0 | 0 |" in words


class Still:
    """A server that comes back at once."""

    name = "still"

    def pids(self) -> list[int]:
        return []

    def kill(self) -> None:
        """Nothing is lost."""

    def start(self) -> None:
        """It is there."""


def test_who_waits_for_an_outage_hears_of_each_and_of_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("benchmarks.chaos.faults.DOWN_FOR", (0.0, 0.0))
    monkeypatch.setattr("benchmarks.chaos.faults.FROZEN_FOR", (0.0, 0.0))

    async def run() -> list[bool]:
        storm, heard = Storm([Still()], seed=1, gap=0.001, begun=0.0), list[bool]()

        async def listen() -> None:
            while not heard or heard[-1]:
                heard.append(await storm.next_outage())

        listening = asyncio.create_task(listen())
        raging = asyncio.create_task(storm.rage(float("inf")))
        while not storm.outages:
            await asyncio.sleep(0)
        raging.cancel()
        await storm.calm()
        await listening
        return heard

    *before, last = asyncio.run(run())

    assert before
    assert all(before)
    assert not last


def test_the_same_seed_brings_the_same_visitors_and_the_same_faults() -> None:
    assert list(islice(faults(1, 5, 3.0), 50)) == list(islice(faults(1, 5, 3.0), 50))
    assert list(islice(faults(1, 5, 3.0), 50)) != list(islice(faults(2, 5, 3.0), 50))
    assert visitors(9, 1)[4].answers == visitors(9, 1)[4].answers
    assert {one.kind for one in visitors(60, 1)} == set(Kind)


def test_no_two_visitors_can_be_taken_for_each_other() -> None:
    everybody = visitors(MOST_VISITORS, 1)

    assert len({one.name for one in everybody}) == MOST_VISITORS
    assert len({one.phone for one in everybody}) == MOST_VISITORS


@pytest.mark.parametrize("name", [SCREENING, CALLBACK])
def test_what_a_visitor_means_is_heard_as_such(name: str) -> None:
    for who in visitors(40, 7):
        progress = meant(who, name)

        assert progress.confirmed
        assert progress.value("name") == who.name
        digits = "".join(filter(str.isdigit, who.phone))
        assert progress.value("phone") == f"+1{digits}"


def test_a_question_is_open_only_if_the_last_answer_asks_it() -> None:
    question = {"payload": {"type": "question", "field": "age"}}

    assert open_field([question, {"payload": None}]) == "age"
    assert open_field([{"payload": {"type": "fallback"}}]) is None
    assert says_sent([{"payload": {"type": "handoff", "state": "callback"}}])
    assert not says_sent([{"payload": {"type": "handoff", "state": "waiting"}}, question])


@pytest.mark.parametrize(
    ("text", "urgent"), [("i want to kill myself", True), ("what is ketamine?", False)]
)
def test_only_words_of_danger_are_sent_again_and_again_by_themselves(
    text: str, urgent: bool
) -> None:
    widget = Widget([], Ledger(), random.Random(1), begun=0)

    pauses = [widget._pause(tries, urgent=urgent) for tries in (1, 2, 3)]

    assert pauses[0] == 4
    assert (pauses[1:] == [8, 15]) is urgent


@pytest.mark.parametrize("apology", APOLOGIES)
def test_an_answer_that_says_it_may_be_lost_acknowledges_nothing(apology: str) -> None:
    told = Ledger()
    widget = Widget([], told, random.Random(1), begun=0)

    for text in ("What a session costs: …", f"What a session costs: … {apology} Call 988."):
        widget.bubbles = [{"id": "k-0", "text": text, "payload": None}]
        widget._write_down("how much is it?", "k", tries=1, danger=False)

    assert [one.acknowledged for one in told.said] == [True, False]
