"""Clinicians teach the bot on one page: whole groups, single messages, and always a way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import yaml
from sqlalchemy import select

from clinic import teaching
from clinic.database import transaction
from clinic.tables import UnansweredMessage
from clinic.teaching import decide
from clinic.topic_titles import title_of
from tests.clinic.test_teaching import PARKING, ask
from tests.web.console.conftest import Browser
from web.console.teaching import EXAMPLES, GROUPS_ON_A_PAGE

PAGE = "/staff/teaching"
TOPIC = "access_clinics"

Deeds = Callable[[], list[tuple[str, str]]]


@pytest.fixture(autouse=True)
def no_groups_of_another_test() -> Iterator[None]:
    teaching.groups.cache_clear()
    yield
    teaching.groups.cache_clear()


def asked(*texts: str) -> list[int]:
    with transaction() as session:
        return ask(session, *texts)


def decisions() -> list[str | None]:
    with transaction() as session:
        query = select(UnansweredMessage.decision).order_by(UnansweredMessage.id)
        return list(session.scalars(query))


def send(browser: Browser, first: int, **fields: object) -> tuple[int, str]:
    answer = browser.fill_in(PAGE, f"{PAGE}/{first}/decide", **fields)  # type: ignore[arg-type]
    return answer.status_code, answer.headers.get("location") or answer.text


def test_the_front_desk_does_not_teach(ben: Browser) -> None:
    assert ben.get(PAGE).status_code == 403


def test_without_questions_there_is_nothing_to_decide(amira: Browser) -> None:
    assert "Nothing to decide" in amira.get(PAGE).text


def test_a_group_is_shown_with_its_number_its_examples_and_its_nearest_topics(
    amira: Browser,
) -> None:
    asked(*PARKING, "do you do massage")

    page = amira.get(PAGE).text

    assert "3×" in page
    for text in (*PARKING, "do you do massage"):
        assert text in page
    assert '<button name="decision" value="cost">How much does treatment cost?</button>' in page
    assert page.count("<option value=") == 109


def test_a_whole_group_is_assigned_and_can_be_taken_back(amira: Browser, deeds: Deeds) -> None:
    ids = asked(*PARKING)

    status, location = send(amira, ids[0], decision=TOPIC, newest=ids[-1])
    after = decisions()
    page = amira.get(location).text
    amira.fill_in(PAGE, f"{PAGE}/{ids[0]}/undo")

    assert (status, location) == (303, f"{PAGE}?done=taught&undo={ids[0]}")
    assert after == [TOPIC] * 3
    assert f'action="{PAGE}/{ids[0]}/undo"' in page
    assert decisions() == [None] * 3
    assert [deed for deed, subject in deeds() if subject == f"unanswered:{ids[0]}"] == [
        "unanswered.decided",
        "unanswered.undone",
    ]


def test_what_came_in_while_somebody_looked_is_not_decided_unseen(amira: Browser) -> None:
    ids = asked(*PARKING)
    asked("parking!")

    send(amira, ids[0], decision=TOPIC, newest=ids[-1])

    assert decisions() == [TOPIC, TOPIC, TOPIC, None]


def test_a_topic_is_found_by_its_title(amira: Browser) -> None:
    ids = asked("how dear is it then")

    send(amira, ids[0], decision="typed", topic="How much does treatment cost", newest=ids[-1])

    assert decisions() == ["cost"]


def test_an_unknown_topic_is_told_with_those_that_come_nearest(amira: Browser) -> None:
    ids = asked(*PARKING)

    status, page = send(
        amira, ids[0], decision="typed", topic="treatment costs", newest=ids[-1],
        some="true", ids=[str(ids[1])],
    )  # fmt: skip

    assert status == 422
    assert "No topic is called “treatment costs”." in page
    assert "How much does treatment cost?" in page
    assert 'value="treatment costs"' in page
    assert page.count('name="ids"') == 3
    assert page.count(" checked>") == 1
    assert decisions() == [None] * 3


def test_single_messages_of_a_group_are_decided_alone(amira: Browser) -> None:
    ids = asked(*PARKING)
    page = amira.get(f"{PAGE}/{ids[0]}").text

    send(
        amira, ids[0], decision="out_of_scope", newest=ids[-1], some="true",
        ids=[str(ids[0]), str(ids[2])],
    )  # fmt: skip

    assert page.count('type="checkbox" name="ids"') == 3
    assert decisions() == ["out_of_scope", None, "out_of_scope"]


def test_without_a_tick_nothing_is_decided(amira: Browser) -> None:
    ids = asked(*PARKING)

    status, page = send(amira, ids[0], decision="ignored", newest=ids[-1], some="true")

    assert status == 422
    assert "Please choose at least one message." in page
    assert decisions() == [None] * 3


def test_messages_of_another_group_cannot_be_slipped_in(amira: Browser) -> None:
    ids = asked(*PARKING, "do you do massage")

    send(amira, ids[0], decision=TOPIC, newest=99, some="true", ids=[str(ids[0]), str(ids[3])])

    assert decisions() == [TOPIC, None, None, None]


def test_who_is_slower_changes_nothing(amira: Browser) -> None:
    ids = asked(*PARKING)
    asked("do you do massage")
    with transaction() as session:
        decide(session, ids, "cost", staff_id=9)

    status, location = send(amira, ids[0], decision=TOPIC, newest=ids[-1])

    assert (status, location) == (303, f"{PAGE}?done=faster")
    assert decisions()[:3] == ["cost"] * 3
    assert amira.get(f"{PAGE}/{ids[0]}").status_code == 404


@pytest.mark.parametrize("decision", ["", "no_such_topic", "faq/cost"])
def test_a_decision_that_no_form_of_ours_offers_is_refused(amira: Browser, decision: str) -> None:
    ids = asked(*PARKING)

    status, _ = send(amira, ids[0], decision=decision, newest=ids[-1])

    assert status == 403
    assert decisions() == [None] * 3


def test_what_was_decided_is_listed_with_a_way_back(amira: Browser) -> None:
    ids = asked(*PARKING, "do you do massage")
    send(amira, ids[0], decision=TOPIC, newest=ids[-1])
    send(amira, ids[3], decision="ignored", newest=ids[-1])

    page = amira.get(f"{PAGE}/decided").text

    assert page.index("Ignored") < page.index(title_of(TOPIC))
    assert "3×" in page
    assert "by you" in page
    assert f'action="{PAGE}/{ids[0]}/undo"' in page


def test_what_is_left_is_counted(amira: Browser) -> None:
    ids = asked(*PARKING, "do you do massage")
    send(amira, ids[0], decision=TOPIC, newest=ids[-1])

    page = " ".join(amira.get(PAGE).text.split())

    for term, number in (("To decide", 1), ("Taught", 3), ("Out of scope", 0), ("Ignored", 0)):
        assert f"<dt>{term}</dt> <dd>{number}</dd>" in page


def test_an_emergency_among_them_is_marked(amira: Browser) -> None:
    asked("i want to kill myself", "do you do massage")

    assert amira.get(PAGE).text.count("Sounds like an emergency") == 1


def test_what_a_visitor_typed_is_shown_and_never_run(amira: Browser) -> None:
    asked("<script>alert(1)</script> massage", '" onmouseover="alert(2)')

    page = amira.get(PAGE).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert '" onmouseover="' not in page


def test_many_groups_are_shown_a_page_at_a_time(amira: Browser) -> None:
    words = ["dogs", "bitcoin", "massage", "parking", "wifi", "jobs", "coffee", "music", "lockers"]
    words += ["showers", "tattoo", "yoga", "vitamins", "botox", "gifts", "podcast", "snow"]
    asked(*words)

    first, second, beyond = (amira.get(f"{PAGE}?page={n}").text for n in (1, 2, 99))

    groups = 'class="card group"'
    assert first.count(groups) == GROUPS_ON_A_PAGE
    assert second.count(groups) == len(words) - GROUPS_ON_A_PAGE
    assert "2 of 2" in second
    assert beyond.count(groups) == second.count(groups)


def test_of_a_large_group_the_list_shows_some_and_its_page_all(amira: Browser) -> None:
    ids = asked(*(f"parking {sign}" for sign in "!?.,;:"))

    assert amira.get(PAGE).text.count("parking ") < 6 * 3
    assert amira.get(PAGE).text.count("<li>") == EXAMPLES - 1
    assert amira.get(f"{PAGE}/{ids[0]}").text.count('name="ids"') == 6


def test_the_training_file_can_be_taken_out(amira: Browser, ben: Browser, deeds: Deeds) -> None:
    ids = asked("what would my wallet say to it")
    send(amira, ids[0], decision="cost", newest=ids[-1])

    answer = amira.get(f"{PAGE}/taught.yml")

    assert yaml.safe_load(answer.text)["nlu"][0]["intent"] == "faq/cost"
    assert "attachment" in answer.headers["content-disposition"]
    assert ("unanswered.exported", "unanswered:all") in deeds()
    assert ben.get(f"{PAGE}/taught.yml").status_code == 403
