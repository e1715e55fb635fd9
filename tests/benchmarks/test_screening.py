"""The simulated visitors: they say what they mean, and nothing that goes wrong is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, cast

import httpx
import pytest

from benchmarks.screening.__main__ import raw
from benchmarks.screening.bots import (
    Deed,
    EngineBot,
    Kept,
    Reply,
    RunningBot,
    kept_by_conversation,
)
from benchmarks.screening.expected import expected, item_of
from benchmarks.screening.measures import (
    AT_ONCE,
    MISREAD,
    MISSING,
    NOT_CORRECTED,
    WRONG,
    Result,
    by_field,
    judge,
    total,
)
from benchmarks.screening.report import page
from benchmarks.screening.simulate import Talk
from benchmarks.screening.slips import corrected
from benchmarks.screening.speech import in_words, say
from benchmarks.screening.visitors import Visitor, visitor, visitors
from benchmarks.screening.visits import PRESSES_BUTTONS, Habits
from benchmarks.screening.wordings import (
    DEVELOPMENT,
    OWN,
    SETS,
    SLOPPY,
    TEST,
    WordingsError,
    choices,
    lines,
    read,
    told,
    use,
)
from clinic.database import transaction
from clinic.lead_export import exported
from clinic.leads import LeadRequest, save_lead
from clinic.questionnaires import SCREENING, form
from tests.front_desk import FrontDesk

WAYS = 12
MORE_WAYS = 25
OPTIONS = [
    (asked.item.link_id, option.code)
    for asked in form(SCREENING).questionnaire.questions
    if asked.item.reads in ("choice", "multiple", "duration") and not asked.item.confirms
    for option in asked.item.options
]


@pytest.fixture(autouse=True)
def wordings() -> Iterator[None]:
    """Those that the reading may be mended with: a failing test gives none of the others away."""
    use(DEVELOPMENT)
    yield
    use(TEST)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("link_id", "code"), OPTIONS)
def test_every_option_can_be_said_in_a_dozen_ways(name: str, link_id: str, code: str) -> None:
    use(name)
    wordings = choices()[link_id]
    chance = Random(1)

    ways = {wordings.choice([code], style, chance) for style in (OWN, SLOPPY) for _ in range(300)}

    assert len({way.lower() for way in ways}) >= WAYS


@pytest.mark.parametrize("wordings", SETS)
@pytest.mark.parametrize("name", ["age", "state", "name", "phone", "email", "best_time", "bp_both"])
def test_what_is_no_choice_is_written_in_many_ways(wordings: str, name: str) -> None:
    use(wordings)

    ways = {*told(name).own, *told(name).sloppy}

    assert len(ways) >= (MORE_WAYS if name != "bp_both" else WAYS)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("none", ["none", "none_tried"])
def test_no_medicine_can_be_said_in_a_dozen_ways(name: str, none: str) -> None:
    use(name)

    ways = read("medicines")[none]

    assert len({*lines(ways[OWN]), *lines(ways[SLOPPY])}) >= WAYS


def test_another_set_has_other_words_for_the_same_things() -> None:
    one = {name: [*choices()[name].options] for name in choices()}, [*read("talk")], [*corrected()]
    names = lines(told("name").more["people"])

    use(TEST)

    assert one == (
        {name: [*choices()[name].options] for name in choices()},
        [*read("talk")],
        [*corrected()],
    )
    assert names != lines(told("name").more["people"])


def test_a_set_of_wordings_that_does_not_exist_is_refused() -> None:
    with pytest.raises(WordingsError, match="development and test"):
        use("tests")


def test_a_seed_makes_the_same_visitors_and_another_seed_makes_others() -> None:
    assert list(visitors(5)) == list(visitors(5))
    assert list(visitors(5)) != list(visitors(5, seed=21))


@pytest.mark.parametrize(("number", "words"), [(0, "zero"), (19, "nineteen"), (43, "forty three")])
def test_numbers_are_spelled_as_they_are_spoken(number: int, words: str) -> None:
    assert in_words(number) == words


def test_both_numbers_of_a_blood_pressure_are_meant_by_one_text() -> None:
    who = replace(visitor(1), answers={"bp_systolic": (150,), "bp_diastolic": (95,)})
    item = item_of("bp_status")
    assert item is not None

    both = [say(who, item, ("numbers",), OWN, Random(n)) for n in range(20)]

    assert any("150" in said.text and "95" in said.text for said in both)
    assert all(bool(said.also) == ("150" in said.text) for said in both)


def test_visitors_who_press_buttons_are_always_understood() -> None:
    results = [visited(who, PRESSES_BUTTONS) for who in visitors(15)]

    assert [result.visit.stuck for result in results if result.visit.stuck] == []
    assert all(result.completed and result.outcome_agrees for result in results)
    assert [one for result in results for one in result.filled if one.status != AT_ONCE] == []
    assert [one for result in results for one in result.visit.incidents] == []


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("under_18", "N1"),
        ("elsewhere", "N2"),
        ("someone_else", "N3"),
        ("refuses", "C0"),
        ("emergency", "E0"),
    ],
)
def test_who_is_not_to_be_screened_ends_early_and_leaves_no_answers(
    kind: str, outcome: str
) -> None:
    who = next(who for who in visitors(2_000) if who.kind == kind)

    result = visited(who, PRESSES_BUTTONS)

    assert (result.expected.ends, result.visit.ended) == (True, outcome)
    assert result.completed


def test_all_that_visitors_do_comes_to_an_end() -> None:
    restless = Habits(digress=30, go_back=30, slip=30, change_at_review=100, come_back_later=100)

    results = [visited(who, restless) for who in visitors(6)]

    assert [result.visit.stuck for result in results if result.visit.stuck] == []


def test_another_value_than_meant_is_a_misfill_with_its_wording() -> None:
    who = a_visitor_to_the_end()
    bot = EngineBot()
    visit = Talk(who, bot, PRESSES_BUTTONS).go()

    result = judge(visit, changed(bot.kept(), "age", {"valueInteger": 99}))

    wrong = [one for one in result.filled if one.status == WRONG]
    assert [(one.field, one.got, one.said, one.why) for one in wrong] == [
        ("age", (99,), str(who.answers["age"][0]), MISREAD)
    ]


def test_an_answer_that_staff_do_not_get_is_missing() -> None:
    bot = EngineBot()
    visit = Talk(a_visitor_to_the_end(), bot, PRESSES_BUTTONS).go()

    result = judge(visit, None)

    assert not result.completed
    assert {one.status for one in result.filled if one.meant} == {MISSING}


class Deaf(EngineBot):
    """Takes answers, and no corrections."""

    last = Reply()

    def say(self, text: str, deed: Deed) -> Reply:
        if deed == Deed.CHANGE and self.last.field != "review":
            return self.last
        if deed == Deed.CHANGE:
            return super().say("Yes, send it", Deed.ANSWER)
        self.last = super().say(text, deed)
        return self.last


def test_a_correction_that_is_not_heard_is_no_fault_of_the_reading() -> None:
    slips = Habits(0, 0, 100, 0, 0, styles=(100, 0, 0))
    bot = Deaf()
    visit = Talk(a_visitor_to_the_end(), bot, slips).go()

    result = judge(visit, bot.kept())

    wrong = {one.why for one in result.filled if one.status == WRONG}
    assert wrong == {NOT_CORRECTED}


class Stammering(EngineBot):
    """Asks every question twice."""

    def say(self, text: str, deed: Deed) -> Reply:
        reply = super().say(text, deed)
        return replace(reply, questions=reply.questions * 2)


def test_a_question_asked_twice_in_one_turn_is_noticed() -> None:
    visit = Talk(a_visitor_to_the_end(), Stammering(), PRESSES_BUTTONS).go()

    assert "asked twice in one turn" in {one.kind for one in visit.incidents}


class Absent(EngineBot):
    """Forgets the question as soon as something else is said."""

    def say(self, text: str, deed: Deed) -> Reply:
        return Reply() if deed == Deed.DIGRESS else super().say(text, deed)


def test_a_digression_that_does_not_lead_back_is_noticed() -> None:
    wanders = replace(PRESSES_BUTTONS, digress=100)
    visit = Talk(a_visitor_to_the_end(), Absent(), wanders).go()

    assert "not back at the question" in {one.kind for one in visit.incidents}
    assert visit.ended, "the visitor asks to go on"


def test_the_page_says_plainly_that_the_goal_is_not_reached() -> None:
    bot = EngineBot()
    visit = Talk(a_visitor_to_the_end(), bot, PRESSES_BUTTONS).go()

    good, bad = judge(visit, bot.kept()), judge(visit, None)

    assert "the goal is not reached" in page([bad], seed=1, bot="nobody", wordings=TEST)
    assert "the goal is not reached" not in page([good], seed=1, bot="nobody", wordings=TEST)
    assert total(by_field([good])).right == 100


def test_the_page_says_that_wordings_used_for_mending_measure_nothing() -> None:
    pages = {name: page([], seed=1, bot="nobody", wordings=name) for name in SETS}

    assert "measures\nnothing" in pages[DEVELOPMENT]
    assert "measures\nnothing" not in pages[TEST]


def test_only_a_run_that_measures_has_the_plain_name() -> None:
    assert raw(engine=False, wordings=TEST).name == "screening.json"
    assert raw(engine=True, wordings=TEST).name == "screening-engine.json"
    assert raw(engine=True, wordings=DEVELOPMENT).name == "screening-engine-development.json"


class Page:
    """A web server that answers everything with the same bubbles, and refuses blanks."""

    def __init__(self) -> None:
        self.keys: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        sent = request.headers.get("authorization")
        self.keys.append(sent and sent.removeprefix("Bearer "))
        if request.url.path == "/api/conversation":
            key = self.keys[-1] or f"key-{len(self.keys)}"
            return httpx.Response(200, json={"key": key, "messages": []})
        if not json.loads(request.content)["text"].strip():
            return httpx.Response(422, json={})
        return httpx.Response(200, json={"messages": BUBBLES})


BUBBLES = [
    {"text": "Sorry?", "payload": None},
    {"text": "How old are you?", "payload": {"type": "question", "field": "age", "kind": "number"}},
]


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> tuple[RunningBot, Page]:
    web = Page()

    def browser(bot: RunningBot) -> httpx.Client:
        return httpx.Client(base_url="http://desk.test", transport=httpx.MockTransport(web))

    monkeypatch.setattr(RunningBot, "_browser", browser)
    return RunningBot(cast(FrontDesk, None)), web


def test_a_question_of_the_running_bot_is_seen(running: tuple[RunningBot, Page]) -> None:
    reply = running[0].say("hello", Deed.ANSWER)

    assert (reply.field, reply.types) == ("age", ("plain", "question"))


def test_the_question_stays_where_web_refuses_a_message(running: tuple[RunningBot, Page]) -> None:
    bot, _ = running
    bot.say("hello", Deed.ANSWER)

    reply = bot.say("  ", Deed.DIGRESS)

    assert (reply.field, reply.refused) == ("age", True)


def test_who_comes_back_later_has_the_same_conversation(running: tuple[RunningBot, Page]) -> None:
    bot, web = running
    before = bot.conversation_id

    bot.come_back()

    assert bot.conversation_id == before
    assert web.keys == [None, "key-1"]


def test_leads_are_found_by_the_conversation_they_came_from(database_url: str) -> None:
    with transaction() as session:
        request = LeadRequest("a-conversation", "Ann Lee", outcome="T", response={"item": []})
        exported_lines = json.dumps(exported(save_lead(session, request)))

    class Desk:
        database = Path(database_url.removeprefix("sqlite:///"))

        def clinic(self, *arguments: str) -> str:
            return exported_lines

    kept = kept_by_conversation(cast(FrontDesk, Desk()))

    assert kept == {"a-conversation": Kept({"item": []}, "T")}


def visited(who: Visitor, habits: Habits) -> Result:
    bot = EngineBot()
    return judge(Talk(who, bot, habits).go(), bot.kept())


def a_visitor_to_the_end() -> Visitor:
    return next(who for who in visitors(50) if not expected(who).ends)


def changed(kept: Kept | None, link_id: str, value: Mapping[str, Any]) -> Kept:
    assert kept is not None
    entry = next(one for one in entries(kept.response) if one["linkId"] == link_id)
    entry["answer"] = [value]
    return kept


def entries(holder: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in holder.get("item", []):
        yield entry
        yield from entries(entry)
