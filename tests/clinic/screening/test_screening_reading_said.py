"""What visitors say about time, blood pressure, medicines and the rest is read as it was meant."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic.screening.dates import LocalDates
from clinic.screening.items import Item, Option
from clinic.screening.reading import read

SAID = yaml.safe_load((Path(__file__).parent / "reading_said.yml").read_text(encoding="utf-8"))


def question(link_id: str, reads: str, *options: Option, text: str = "?", **more: Any) -> Item:
    return Item(link_id, "choice", text, options=options, reads=reads, short=link_id, **more)


UNSURE = Option("unsure", "I'm not sure")
ITEMS = {
    item.link_id: item
    for item in (
        question(
            "duration",
            "duration",
            Option("under_2_weeks", "Less than 2 weeks", at_least_days=0),
            Option("two_weeks_to_2_months", "2 weeks to 2 months", at_least_days=14),
            Option("two_to_12_months", "2 to 12 months", at_least_days=60),
            Option("over_1_year", "1 year or more", at_least_days=365),
            UNSURE,
        ),
        question("blood_pressure", "blood_pressure", min_value=60, max_value=260, with_="lower"),
        question(
            "medicines", "medicines", Option("none", "None", ("I take none",)), max_length=1000
        ),
        question("antidepressants_tried", "medicines", Option("none", "None")),
        question(
            "trials",
            "number",
            Option(0, "0", ("none", "never", "no")),
            Option(1, "1"),
            Option(2, "2", ("a couple",)),
            Option(3, "3"),
            Option(4, "4 or more", ("4+", "four or more", "more than 3")),
            min_value=0,
            max_value=30,
        ),
        question("age", "age", min_value=0, max_value=120),
        question("yes_or_no", "choice", Option("yes", "Yes"), Option("no", "No"), UNSURE),
        question(
            "conditions",
            "multiple",
            Option("stroke", "Stroke"),
            Option("seizures", "Seizures"),
            Option("angina", "Angina"),
            Option("none", "None of these", exclusive=True),
            Option("unsure", "I'm not sure", exclusive=True),
        ),
        question(
            "contact_method",
            "multiple",
            Option("call", "Phone call", ("call me", "phone")),
            Option("voicemail", "Voicemail"),
            Option("text", "Text message", ("text me",)),
            Option("email", "E-mail", ("email me",)),
            text="How may we reach you?",
        ),
        question(
            "pressure",
            "choice",
            Option("normal", "Normal"),
            Option("controlled", "High, and treated", ("high … under control",)),
            Option("uncontrolled", "High, not treated", ("high … not under control",)),
            UNSURE,
        ),
        question(
            "insurance", "choice", Option("medicare", "Medicare"), Option("medicaid", "Medicaid")
        ),
        question(
            "care",
            "multiple",
            Option("therapist", "Therapist"),
            Option("psychiatrist", "Psychiatrist"),
            Option("none", "None of these", exclusive=True),
            text="Who looks after you now?",
        ),
        question(
            "recovery",
            "multiple",
            Option("alcohol", "Alcohol, now", ("alcohol", "drinking")),
            Option(
                "recent",
                "In recovery, less than 3 months",
                ("stopped less than 3 months ago", "sober less than 3 months"),
            ),
            Option(
                "longer",
                "In recovery, more than 3 months",
                ("stopped more than 3 months ago", "sober more than 3 months"),
            ),
            text="Does it cause trouble now, or did it in the past?",
        ),
        question("state", "state", Option("outside_us", "I live outside the US")),
        question("name", "name", max_length=80),
        question("phone", "phone"),
        question("email", "email"),
        question("best_time", "text", max_length=200),
        question(
            "last_dose",
            "date",
            text="When was your last dose?",
            dates=LocalDates(today=lambda: date(2026, 11, 22)),
        ),
    )
}


def cases(*kinds: str) -> Iterator[tuple[str, str, tuple[object, ...]]]:
    for link_id, table in SAID.items():
        for kind in kinds:
            for text, value in table.get(kind, {}).items():
                yield link_id, text, tuple(value) if isinstance(value, list) else (value,)


def asks_again() -> Iterator[tuple[str, str]]:
    return ((link_id, text) for link_id, table in SAID.items() for text in table["asks_again"])


def said(link_id: str, text: str, *, lenient: bool = True) -> tuple[object, ...]:
    reading = read(ITEMS[link_id], text, lenient=lenient)
    return (*reading.values, *reading.also, *filter(None, (reading.problem,)))


@pytest.mark.parametrize(("link_id", "text", "values"), list(cases("clear")))
def test_what_can_be_nothing_else_is_read_strictly(
    link_id: str, text: str, values: tuple[object, ...]
) -> None:
    assert said(link_id, text, lenient=False) == values


@pytest.mark.parametrize(("link_id", "text", "values"), list(cases("clear", "lenient")))
def test_a_sentence_is_read_leniently(link_id: str, text: str, values: tuple[object, ...]) -> None:
    assert said(link_id, text) == values


@pytest.mark.parametrize(("link_id", "text"), list(asks_again()))
def test_what_could_mean_two_things_is_asked_again(link_id: str, text: str) -> None:
    for lenient in (False, True):
        reading = read(ITEMS[link_id], text, lenient=lenient)

        assert (reading.values, reading.also) == ((), ())
        assert reading.problem


@pytest.mark.parametrize("text", ["Zoloft", "I take Zoloft and lithium", "not on any but Zoloft"])
def test_medicines_are_not_read_strictly(text: str) -> None:
    assert read(ITEMS["medicines"], text, lenient=False).values == ()


def test_the_words_about_medicines_have_an_end() -> None:
    longest, too_long = "a" * 1000, "a" * 1001

    assert said("medicines", longest) == (longest,)
    assert "1000 characters" in str(said("medicines", too_long))


@pytest.mark.parametrize(
    ("link_id", "text", "helps"),
    [
        ("medicines", "yes", "Which ones?"),
        ("medicines", "fuck you", "skip"),
        ("phone", "555-0123", "area code"),
        ("email", "ann@gmial.com", "…@gmail.com"),
        ("email", "ann@hotmail.con", "…@hotmail.com"),
        ("blood_pressure", "95/150", "lower than the first"),
        ("blood_pressure", "150/95 and 140/90", "more than one"),
        ("blood_pressure", "300/95", "from 60 to 260"),
    ],
)
def test_a_problem_says_what_helps(link_id: str, text: str, helps: str) -> None:
    assert helps in str(read(ITEMS[link_id], text, lenient=True).problem)


def test_a_mended_address_is_not_repeated() -> None:
    problem = read(ITEMS["email"], "ann.lee@gmial.com", lenient=True).problem

    assert problem is not None
    assert "ann" not in problem


def test_a_thumb_is_no_answer_where_there_are_no_options() -> None:
    assert read(ITEMS["name"], "👍", lenient=True).values == ()


def test_consent_is_said_and_not_read_out_of_a_sentence() -> None:
    consent = question(
        "consent", "choice", Option("yes", "Yes, I agree"), Option("no", "No"), explicit=True
    )

    assert read(consent, "yes I guess that is fine", lenient=True).values == ()
    assert read(consent, "yes", lenient=True).values == ("yes",)
