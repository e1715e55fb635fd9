"""What a person in danger reads: in each country and language, whole, short and right."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from nlu_components.crisis.answers import UNCLEAR, Reply, load_answers, reply_key
from nlu_components.crisis.phrases import CATEGORIES
from nlu_components.crisis.strict_yaml import CrisisFileError
from tests.crisis.test_hotlines import COUNTRIES, CRISIS, LINES, every_country
from tests.reading_level import grade

ALL = {
    country: load_answers(CRISIS, country, phone="202-555-0143", hours="9 am to 5 pm.")
    for country in COUNTRIES
}
AMERICAN = ALL["US"]
KEYS = [
    reply_key(category, language)
    for language in ("en", "es")
    for category in (*CATEGORIES, UNCLEAR)
]
CRISES = {reply.key: reply for reply in AMERICAN.crisis}
CHECK_INS = {reply.key: reply for reply in AMERICAN.check_in}
every_key = pytest.mark.parametrize("key", KEYS)


def numbers(country: str) -> tuple[str, str]:
    emergency, crisis = LINES[country][:2]
    return emergency.number, crisis.number


def words(reply: Reply) -> list[str]:
    return reply.text.split()


def named(key: str) -> list[str]:
    return [resource["name"] for resource in CRISES[key].resources]


@every_country
def test_every_category_has_its_words_in_both_languages_for_two_times(country: str) -> None:
    twice = sorted([*KEYS, *(f"{key}.again" for key in KEYS)])

    assert sorted(reply.key for reply in ALL[country].crisis) == twice
    assert sorted(reply.key for reply in ALL[country].check_in) == twice
    assert sorted(reply.key for reply in ALL[country].glad_safe) == sorted(KEYS)


@every_country
def test_every_answer_names_the_countrys_emergency_number_first_and_its_crisis_line(
    country: str,
) -> None:
    emergency, crisis = numbers(country)

    for reply in ALL[country].crisis:
        assert 0 <= reply.text.find(emergency) < reply.text.rfind(crisis), reply.key
        assert reply.resources[0]["call"] == emergency
        assert any(crisis in resource["call"] for resource in reply.resources), reply.key


@every_country
def test_no_number_of_another_country_is_named(country: str) -> None:
    own = {line.number for line in LINES[country]}
    foreign = {number for other in COUNTRIES for number in numbers(other)} - own

    for reply in (*ALL[country].crisis, *ALL[country].check_in, *ALL[country].glad_safe):
        for number in foreign:
            assert not re.search(rf"\b{number}\b", reply.text), reply.key


@every_country
def test_no_placeholder_is_left_over(country: str) -> None:
    for reply in (*ALL[country].crisis, *ALL[country].check_in, *ALL[country].glad_safe):
        assert "{" not in reply.text, reply.key
        assert "  " not in reply.text, reply.key


@pytest.mark.parametrize(
    ("language", "honest"),
    [
        ("en", "I am an automated assistant, not a crisis service. Nobody watches this chat"),
        ("es", "Soy un asistente automático, no un servicio de crisis. Nadie lee este chat"),
    ],
)
def test_every_answer_says_what_it_is_and_asks_one_question(language: str, honest: str) -> None:
    for reply in AMERICAN.crisis:
        if reply.language == language:
            assert honest in reply.text
            assert reply.text.count("?") == 1, reply.key


@every_key
def test_an_answer_is_short_and_in_plain_words(key: str) -> None:
    reply = CRISES[key]
    sentences = re.split(r"[.?!:]\s", reply.text)

    assert len(words(reply)) < (180 if reply.language == "en" else 205)
    assert max(len(sentence.split()) for sentence in sentences) <= 40
    if reply.language == "en":
        long = [word for word in re.findall(r"[A-Za-z]+", reply.text) if len(word) > 9]
        assert len(long) / len(words(reply)) < 0.05, long


@pytest.mark.parametrize("name", ["crisis", "check_in", "glad_safe"])
def test_a_sixth_grader_can_read_it(name: str) -> None:
    for reply in getattr(AMERICAN, name):
        if reply.language == "en":
            assert grade(reply.text) < 6.5, reply.key


@every_key
def test_nothing_is_said_that_must_never_be_said(key: str) -> None:
    said = f"{CRISES[key].text} {CHECK_INS[key].text}".lower()

    for never in (
        *("we called", "we have called", "i called", "hemos llamado", "i promise", "te prometo"),
        *("it will be fine", "everything will be", "todo va a estar bien", "positive", "positivo"),
        *("at risk", "high risk", "riesgo alto", "you have psychosis", "do you promise"),
        *("you are eligible", "diagnos"),
    ):
        assert never not in said


def test_help_fits_the_kind_of_crisis() -> None:
    assert "Poison Help" in named("overdose.en")
    assert "Poison Help" not in named("medical_emergency.en")
    assert "RAINN National Sexual Assault Hotline" in named("sexual_assault.es")
    assert "National Domestic Violence Hotline" in named("domestic_violence.en")
    assert "Childhelp National Child Abuse Hotline" in named("child_at_risk.en")
    assert {"Veterans Crisis Line", "The Trevor Project"} <= set(named("suicide.en"))


def test_spanish_answers_name_the_spanish_line_right_after_911() -> None:
    assert named("suicide.es")[:2] == ["911 emergency services", "988 en español"]
    assert "llama al 988 y oprime 2" in CRISES["suicide.es"].text


def test_poison_help_is_only_for_someone_awake_and_breathing() -> None:
    text = CRISES["overdose.en"].text

    assert "Only if the person is awake and breathing well, call Poison Help" in text
    assert text.index("Call 911 now") < text.index("Poison Help")


def test_without_a_poison_line_only_the_emergency_number_is_named_for_it() -> None:
    overdose = {reply.key: reply.text for reply in ALL["EU"].crisis}["overdose.en"]

    assert overdose.split("\n\n")[1].startswith("Call 112 now, even if the person is awake")


def test_texting_is_offered_where_a_number_takes_texts() -> None:
    texting = "texting is fine"

    assert texting in CRISES["suicide.en"].text
    assert texting not in {reply.key: reply.text for reply in ALL["EU"].crisis}["suicide.en"]


@pytest.mark.parametrize(
    ("clinic", "said"),
    [
        ({"phone": "555-0143", "hours": "9 to 5."}, "staff answer at 555-0143 (9 to 5)."),
        ({"phone": "555-0143"}, "staff answer at 555-0143 when the clinic is open."),
        ({}, "You can keep writing here. If calling is hard, texting is fine."),
    ],
)
def test_the_answer_says_when_the_clinics_own_staff_can_be_reached(
    clinic: dict[str, str], said: str
) -> None:
    reply = load_answers(CRISIS, "US", **clinic).crisis[0]

    assert reply.text.endswith(said)


@every_key
def test_a_second_time_has_other_words_and_asks_whether_they_reached_someone(key: str) -> None:
    first, again = CRISES[key], CRISES[f"{key}.again"]

    assert first.text.split("\n\n")[0] != again.text.split("\n\n")[0]
    assert first.text.split("\n\n")[1] == again.text.split("\n\n")[1]
    assert "reach someone?" in again.text or "hablar con alguien?" in again.text
    assert CHECK_INS[key].text != CHECK_INS[f"{key}.again"].text


@every_country
def test_a_check_in_is_one_warm_line_the_crisis_line_and_one_question(country: str) -> None:
    _, crisis = numbers(country)

    for reply in ALL[country].check_in:
        assert len(words(reply)) <= 45, reply.key
        assert crisis in reply.text
        assert reply.text.count("?") == 1
        assert reply.text.endswith("?")
        assert len(reply.resources) == 2


def test_yes_to_a_check_in_always_means_danger() -> None:
    questions = {
        re.split(r"(?<=[.:])\s", reply.text)[-1]
        for reply in AMERICAN.check_in
        if reply.language == "en"
    }

    assert questions == {
        "Are you thinking about ending your life?",
        "Are you having thoughts of ending your life?",
        "Are the symptoms bad right now, or getting worse?",
        "Is anything worse now than before?",
        "Is anyone in danger right now?",
        "Could anyone get hurt now?",
        "Is anything pushing you to hurt yourself or someone else?",
        "Do you feel that you might hurt yourself or someone else?",
        "Do you think they might hurt themselves?",
        "Do you think they might be in danger now?",
    }


@pytest.mark.parametrize("category", ["medical_emergency", "overdose"])
def test_a_check_in_about_the_body_names_the_emergency_number_too(category: str) -> None:
    assert "call 911" in CHECK_INS[f"{category}.en"].text


def test_after_im_safe_the_crisis_line_is_named_and_nothing_is_asked() -> None:
    for country in COUNTRIES:
        for reply in ALL[country].glad_safe:
            assert numbers(country)[1] in reply.text
            assert "?" not in reply.text
            assert reply.resources == ()


def test_the_buttons_are_in_the_language_of_the_answer() -> None:
    assert CRISES["suicide.en"].buttons == ("I'm safe, back to my question",)
    assert CRISES["suicide.es"].buttons == ("Estoy a salvo, volver a mi pregunta",)
    assert CHECK_INS["suicide.en"].buttons == ("Yes", "No, I'm safe")
    assert CHECK_INS["suicide.es"].buttons == ("Sí", "No, estoy a salvo")


@pytest.mark.parametrize(
    ("file", "before", "after", "complaint"),
    [
        ("answers/en.yml", "\n  unclear:", "\n  unclaer:", "answers has no unclear"),
        ("answers/es.yml", "\n  third_person:\n    opening", "\n  third:\n    opening", "has no"),
        ("answers/en.yml", "    question: Is a child in danger right now?\n", "", "no question"),
        ("answers/en.yml", "{Emergency} now. Do not drive", "Do not drive", "must name 911"),
        (
            "answers/es.yml",
            "también {crisis}, de día o de noche.\n    urgent_without",
            "busca ayuda.\n    urgent_without",
            "answers, overdose: the text must name 988",
        ),
        ("answers/en.yml", "{Crisis}, day or night: they", "They", "third_person, first: the text"),
        ("answers/en.yml", "{emergency} as soon", "{emergancy} as soon", "put in for {emergancy}"),
        ("answers/en.yml", "    urgent_without_poison_line:", "    other:", "unknown key: other"),
        ("answers/en.yml", "  texting: If", "  txting: If", "shared has no texting"),
        ("answers/en.yml", '  yes_button: "Yes"', "  yes_button: Yes", "yes_button must be a text"),
        ("answers/en.yml", "language: en", "language: es", "the file name differs"),
        ("categories.yml", "check_in: third_person", "check_in: thirdperson", "no such check-in"),
        ("categories.yml", "[emergency, poison, crisis]", "[poison]", "helps must name emergency"),
        ("categories.yml", "self_harm:", "selfharm:", "has no self_harm"),
        ("categories.yml", "[emergency, poison, crisis]", "[emergency, crisis, posion]", "posion"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(
    tmp_path: Path, file: str, before: str, after: str, complaint: str
) -> None:
    shutil.copytree(CRISIS, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / file).read_text("utf-8")
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after, 1), "utf-8")

    with pytest.raises(CrisisFileError, match=rf"{Path(file).name}: .*{re.escape(complaint)}"):
        load_answers(tmp_path, "US")
