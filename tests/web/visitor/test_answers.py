"""Visitors download their own answers, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from clinic import conversations, interviews
from clinic.database import transaction
from clinic.questionnaires import CALLBACK, form
from clinic.screening.progress import Answered, Progress
from clinic.settings import settings
from clinic.tables import QuestionnaireProgress
from tests.web.visitor.conftest import Visitor

PLACES = ["/api/answers", "/api/answers.txt", "/api/answers.json"]


def id_of(visitor: Visitor) -> str:
    return conversations.id_of(visitor.key)


def give_answers(visitor: Visitor, name: str = "Ann Example") -> None:
    asked = form(CALLBACK).questionnaire
    given = (Answered("consent", ("yes",)), Answered("name", (name,)))
    with transaction() as session:
        session.add(
            QuestionnaireProgress(
                conversation_id=id_of(visitor),
                questionnaire=CALLBACK,
                version=asked.version,
                progress=Progress(asked.id, asked.version, given).to_json(),
            )
        )


@pytest.fixture
def answered(visitor: Visitor) -> Visitor:
    give_answers(visitor)
    return visitor


def test_the_answers_come_as_json(answered: Visitor) -> None:
    (one,) = answered.http.get("/api/answers").json()["forms"]

    assert (one["questionnaire"], one["status"]) == (CALLBACK, "in-progress")
    assert one["version"] == form(CALLBACK).questionnaire.version
    assert ["Name", "Ann Example"] in one["answers"]


def test_the_answers_come_as_a_text_to_read(answered: Visitor) -> None:
    answer = answered.http.get("/api/answers.txt")

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "- Name: Ann Example" in answer.text


def test_the_answers_come_as_fhir(answered: Visitor) -> None:
    answer = answered.http.get("/api/answers.json")

    assert answer.headers["content-type"] == "application/fhir+json"
    QuestionnaireResponse.model_validate(answer.json())


@pytest.mark.parametrize("place", PLACES)
def test_they_are_saved_and_never_cached(answered: Visitor, place: str) -> None:
    headers = answered.http.get(place).headers

    assert headers["content-disposition"].startswith("attachment; filename=")
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("place", PLACES)
def test_where_nothing_is_kept_that_is_said_kindly(visitor: Visitor, place: str) -> None:
    answer = visitor.http.get(place)

    assert answer.status_code == 404
    message = answer.json()["error"]["message"]
    assert "nothing to take with you" in message
    assert "988" in message


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", [None, "made-up"])
def test_without_the_conversations_key_there_is_nothing(
    answered: Visitor, place: str, key: str | None
) -> None:
    answered.use(key)

    answer = answered.http.get(place)

    assert answer.status_code == 404
    assert "Ann Example" not in answer.text


def test_the_conversations_id_is_no_key(answered: Visitor) -> None:
    answered.use(id_of(answered))

    assert answered.http.get("/api/answers").status_code == 404


def test_another_visitor_gets_their_own(http: TestClient, answered: Visitor) -> None:
    other = Visitor(http)
    other.use(None)
    other.open()
    give_answers(other, name="Bo Li")

    page = http.get("/api/answers.txt").text

    assert "Bo Li" in page
    assert "Ann Example" not in page


def test_after_they_are_erased_there_is_nothing(answered: Visitor) -> None:
    with transaction() as session:
        interviews.erase(session, id_of(answered))

    assert answered.http.get("/api/answers.json").status_code == 404


def test_another_sites_page_is_refused_whatever_it_knows(answered: Visitor) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}

    answer = answered.http.get("/api/answers.txt", headers=elsewhere)

    assert answer.status_code == 403
    assert "Ann Example" not in answer.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
def test_a_link_carries_no_key_and_so_opens_nothing(answered: Visitor, site: str) -> None:
    answered.use(None)

    answer = answered.http.get("/api/answers.txt", headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 404
    assert "Ann Example" not in answer.text


def test_our_own_page_is_not_refused(answered: Visitor) -> None:
    headers = {"Origin": "http://clinic.example", "Sec-Fetch-Site": "same-origin"}

    assert answered.http.get("/api/answers.txt", headers=headers).status_code == 200


def test_too_many_downloads_are_refused_and_the_visitor_can_still_write(
    answered: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_MESSAGES_PER_MINUTE", "2")
    settings.cache_clear()

    answers = [answered.http.get(place) for place in PLACES]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "988" in answers[-1].json()["error"]["message"]
    assert answered.say("hello").status_code == 200


def test_what_cannot_be_read_is_said_without_a_word_of_it(answered: Visitor) -> None:
    with transaction() as session:
        row = session.query(QuestionnaireProgress).one()
        row.progress = {"answers": "Ann Example"}

    answer = answered.http.get("/api/answers.txt")

    assert answer.status_code == 503
    assert "988" in answer.json()["error"]["message"]
    assert "Ann Example" not in answer.text


@pytest.mark.parametrize("how", ["not a database", "no such place"])
def test_without_the_database_that_is_said(
    answered: Visitor, break_database: Callable[[str], None], how: str
) -> None:
    break_database(how)

    assert answered.http.get("/api/answers").status_code == 503
