"""A screened visitor with everything that staff may get to see, written down by hand."""

from __future__ import annotations

from typing import Any

from clinic.leads import LeadRequest
from clinic.screening.items import Coding

LOINC = "http://loinc.org"
SCORE_CODES = {
    "phq9": Coding("44261-6", LOINC, "PHQ-9 total score"),
    "gad7": Coding("70274-6", LOINC, "GAD-7 total score"),
}
AT = "2026-11-02T09:05:00+00:00"


def coded(link_id: str, text: str, *answers: tuple[str, str], system: str = "") -> dict[str, Any]:
    named = {"system": system} if system else {}
    codings = [{"code": code, "display": display} | named for code, display in answers]
    return {"linkId": link_id, "text": text, "answer": [{"valueCoding": one} for one in codings]}


def number(link_id: str, text: str, value: int) -> dict[str, Any]:
    return {"linkId": link_id, "text": text, "answer": [{"valueInteger": value}]}


def response(*items: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://clinic.example/fhir/Questionnaire/screening|2",
        "status": "completed",
        "authored": AT,
        "item": list(items or ITEMS),
    }


ITEMS = (
    number("age", "How old are you?", 43),
    coded("state", "Which state?", ("MD", "Maryland"), system="https://www.usps.com/"),
    coded("main_reason", "What brings you here?", ("depression", "Depression"), ("ptsd", "PTSD")),
    number("bp_systolic", "The upper number?", 150),
    number("bp_diastolic", "The lower number?", 95),
    {
        "linkId": "medicines",
        "text": "What do you take?",
        "answer": [{"valueString": "xanax 1mg, zolft, the blue heart pill"}],
    },
    {
        "linkId": "phq9",
        "text": "Mood",
        "item": [
            coded("phq9_1", "Little interest", ("LA6571-9", "Nearly every day"), system=LOINC),
            coded("phq9_9", "Better off dead", ("LA6569-3", "Several days"), system=LOINC),
            {
                "linkId": "suicide_followup",
                "text": "Three more",
                "item": [coded("suicide_now", "Thinking of it now?", ("no", "No"))],
            },
        ],
    },
)


def medicine(said: str, generic: str | None, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "said": said,
        "generic": generic,
        "name": said,
        "groups": [],
        "flag": "none" if generic else "unrecognised",
        "note": "",
        "close": False,
        "now": True,
        "counts": generic is not None,
    }
    return {**values, **changes}


def score(name: str, label: str, total: int | None, band: str | None) -> dict[str, Any]:
    items = [
        {"text": "Little interest", "answer": "Nearly every day", "points": 3},
        {"text": "Better off dead", "answer": "Several days", "points": 1},
    ]
    if total is None:
        items[1] = {"text": "Better off dead", "answer": None, "points": None}
    answered = sum(item["points"] is not None for item in items)
    counts = {"total": total, "band": band, "answered": answered, "of": len(items)}
    return {"id": name, "label": label, **counts, "items": items}


CLINICAL: dict[str, Any] = {
    "scores": [score("phq9", "PHQ-9", 16, "Moderately severe"), score("gad7", "GAD-7", None, None)],
    "medicines": [
        medicine("zolft", "sertraline", name="Zoloft", close=True),
        medicine("the blue heart pill", None),
        medicine("xanax 1mg", "alprazolam", flag="review", note="May weaken the effect."),
        medicine("lithium", "lithium", flag="note", now=False, counts=False),
    ],
    "tried": [medicine("prozac", "fluoxetine"), medicine("a yellow one", None)],
    "kept_contradictions": [{"id": "bp", "text": "You said normal, and 150 over 95."}],
    "missing": ["Liver", "Pregnancy and breastfeeding"],
    "consent": {"version": "2", "language": "en", "at": AT},
    "questionnaire": "2",
    "ruleset": "2",
    "medicine_list": "1",
}


def screened(**changes: Any) -> LeadRequest:
    values: dict[str, Any] = {
        "conversation_id": "one",
        "name": "Zoë Example",
        "phone": "+12025550143",
        "email": "zoe@example.org",
        "contact": {"Best time": "Weekday mornings"},
        "urgency": 3,
        "outcome": "X",
        "triage": {
            "code": "X",
            "label": "Clinician first",
            "text": "A clinician looks first.",
            "ruleset": "2",
            "reasons": [
                {"rule": "x_numbers", "code": "X", "text": "you gave a blood pressure of 150/95"},
                {"rule": "r_benzo", "code": "R", "text": "you mentioned xanax"},
            ],
        },
        "summary": [
            ["Age", "43"],
            ["State", "Maryland"],
            ["Main reason", "Depression; PTSD"],
            ["Liver", "skipped"],
            ["Best time", "Weekday mornings"],
        ],
        "response": response(),
        "clinical": CLINICAL,
    }
    return LeadRequest(**{**values, **changes})
