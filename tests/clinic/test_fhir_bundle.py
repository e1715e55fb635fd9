"""A lead leaves the house as one FHIR Bundle that another system can take in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy.orm import Session

from clinic.fhir.bundle import bundle
from clinic.interview_leads import lead_request
from clinic.leads import LeadRequest, save_lead
from clinic.questionnaires import SCREENING, form, outcome
from clinic.screening.enabling import enabled_questions
from clinic.screening.items import Item, Value
from clinic.screening.progress import Answered, Progress
from tests.clinic.screened import AT, CLINICAL, ITEMS, SCORE_CODES, medicine, number, response
from tests.clinic.screened import screened as request

Resource = dict[str, Any]

# The required value sets of R4, and the category of an Observation.
STATUSES = {
    "Observation": "registered preliminary final amended corrected cancelled entered-in-error "
    "unknown",
    "MedicationStatement": "active completed entered-in-error intended stopped on-hold unknown "
    "not-taken",
    "QuestionnaireResponse": "in-progress completed amended entered-in-error stopped",
}
CATEGORIES = {"survey": "Survey", "vital-signs": "Vital Signs"}
CATEGORY_SYSTEM = "http://terminology.hl7.org/CodeSystem/observation-category"
LOINC = "http://loinc.org"
LOINC_CODES = {"30525-0", "44261-6", "70274-6", "85354-9", "8480-6", "8462-4"}
UNITS = {"a", "mm[Hg]"}


def bundle_of(session: Session, lead: LeadRequest | None = None) -> Resource:
    saved = save_lead(session, lead or request())
    session.flush()
    made = bundle(saved, SCORE_CODES)
    Bundle.model_validate(made)
    return made


def resources(made: Resource, kind: str) -> list[Resource]:
    found = (entry["resource"] for entry in made["entry"])
    return [resource for resource in found if resource["resourceType"] == kind]


def only(made: Resource, kind: str) -> Resource:
    (resource,) = resources(made, kind)
    return resource


def coded_with(made: Resource, code: str) -> Resource:
    """The Observation with this LOINC code."""
    (found,) = (
        resource
        for resource in resources(made, "Observation")
        if any(coding["code"] == code for coding in resource["code"].get("coding", ()))
    )
    return found


def parts(of: object, key: str) -> Iterator[Any]:
    """Everything that stands under this key, however deep."""
    if isinstance(of, dict):
        for name, part in of.items():
            if name == key:
                yield part
            yield from parts(part, key)
    elif isinstance(of, list):
        for part in of:
            yield from parts(part, key)


def test_a_lead_is_one_valid_bundle_with_the_person_first(session: Session) -> None:
    made = bundle_of(session)

    kinds = [entry["resource"]["resourceType"] for entry in made["entry"]]
    assert made["type"] == "collection"
    assert kinds[:2] == ["Patient", "QuestionnaireResponse"]
    assert kinds.count("Observation") == 3
    assert kinds.count("MedicationStatement") == 3


def test_every_reference_leads_to_a_resource_of_the_bundle(session: Session) -> None:
    made = bundle_of(session)

    inside = {entry["fullUrl"] for entry in made["entry"]}
    assert len(inside) == len(made["entry"])
    assert set(parts(made, "reference")) <= inside
    for entry in made["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"


def test_the_same_lead_is_the_same_bundle_every_time(session: Session) -> None:
    lead = save_lead(session, request())
    session.flush()

    assert bundle(lead, SCORE_CODES) == bundle(lead, SCORE_CODES)


def test_two_leads_share_no_id(session: Session) -> None:
    one = bundle_of(session)
    two = bundle_of(session, request(conversation_id="two"))

    assert not set(parts(one, "fullUrl")) & set(parts(two, "fullUrl"))


def test_the_patient_is_who_the_visitor_said_without_a_date_of_birth(session: Session) -> None:
    patient = only(bundle_of(session), "Patient")

    assert patient["name"] == [{"text": "Zoë Example"}]
    assert patient["telecom"] == [
        {"system": "phone", "value": "+12025550143"},
        {"system": "email", "value": "zoe@example.org"},
    ]
    assert patient["address"] == [{"state": "MD", "country": "US"}]
    assert "birthDate" not in patient


def test_the_age_is_an_observation_in_years(session: Session) -> None:
    age = coded_with(bundle_of(session), "30525-0")

    assert age["valueQuantity"]["value"] == 43
    assert age["valueQuantity"]["code"] == "a"


def test_the_answers_are_the_patients_and_name_their_questionnaire(session: Session) -> None:
    made = bundle_of(session)

    answers, patient = only(made, "QuestionnaireResponse"), made["entry"][0]["fullUrl"]
    assert answers["subject"] == answers["source"] == {"reference": patient}
    assert answers["questionnaire"] == "https://clinic.example/fhir/Questionnaire/screening|2"
    assert answers["language"] == "en"
    assert answers["item"] == list(ITEMS)


def test_a_score_has_its_total_its_band_and_its_source(session: Session) -> None:
    made = bundle_of(session)

    score = coded_with(made, "44261-6")
    assert score["valueInteger"] == 16
    assert score["interpretation"] == [{"text": "Moderately severe"}]
    assert score["derivedFrom"] == [{"reference": made["entry"][1]["fullUrl"]}]
    assert score["effectiveDateTime"] == AT


def test_a_score_without_all_its_items_is_no_observation(session: Session) -> None:
    made = bundle_of(session)

    assert "44261-6" in str(made)
    assert "70274-6" not in str(made)


def test_a_score_that_nobody_has_a_code_for_is_told_in_words(session: Session) -> None:
    lead = save_lead(session, request())
    session.flush()

    made = bundle(lead, {})

    Bundle.model_validate(made)
    totals = [one for one in resources(made, "Observation") if "valueInteger" in one]
    assert [one["code"] for one in totals] == [{"text": "PHQ-9 total score"}]


def test_a_blood_pressure_is_a_panel_of_two_numbers_and_says_it_was_reported(
    session: Session,
) -> None:
    pressure = coded_with(bundle_of(session), "85354-9")

    found = {
        component["code"]["coding"][0]["code"]: component["valueQuantity"]["value"]
        for component in pressure["component"]
    }
    assert found == {"8480-6": 150, "8462-4": 95}
    assert "not measured" in pressure["note"][0]["text"]
    assert "valueQuantity" not in pressure


@pytest.mark.parametrize(
    "numbers",
    [
        (number("bp_systolic", "Upper?", 150),),
        (number("bp_diastolic", "Lower?", 95),),
        (number("bp_systolic", "Upper?", 95), number("bp_diastolic", "Lower?", 150)),
    ],
)
def test_half_a_blood_pressure_or_one_upside_down_is_no_vital_sign(
    session: Session, numbers: tuple[Resource, ...]
) -> None:
    made = bundle_of(session, request(response=response(*numbers)))

    assert "85354-9" not in str(made)


def taken(session: Session, *medicines: Resource, item: Resource | None = None) -> list[Resource]:
    lead = request(
        clinical={**CLINICAL, "medicines": list(medicines)},
        response=response(*ITEMS, *((item,) if item else ())),
    )
    return resources(bundle_of(session, lead), "MedicationStatement")


def test_a_medicine_taken_now_is_named_and_its_words_are_kept(session: Session) -> None:
    (statement,) = taken(session, medicine("xanax 1mg", "alprazolam"))

    assert statement["status"] == "active"
    assert statement["medicationCodeableConcept"] == {"text": "alprazolam"}
    assert statement["note"] == [{"text": "As typed by the visitor: xanax 1mg"}]
    assert statement["informationSource"] == statement["subject"]


def test_a_medicine_that_is_not_known_stays_as_it_was_typed(session: Session) -> None:
    (statement,) = taken(session, medicine("the blue heart pill", None))

    assert statement["status"] == "unknown"
    assert statement["medicationCodeableConcept"] == {"text": "the blue heart pill"}


def test_a_mended_spelling_is_a_guess_until_the_visitor_confirms_it(session: Session) -> None:
    mended = medicine("zolft", "sertraline", close=True)
    confirmed = {
        "linkId": "medicines:meant",
        "text": "Did you mean these?",
        "answer": [{"valueCoding": {"code": "sertraline", "display": "Zoloft (sertraline)"}}],
    }

    (guessed,) = taken(session, mended)
    session.rollback()
    (certain,) = taken(session, mended, item=confirmed)

    assert guessed["status"] == "unknown"
    assert guessed["medicationCodeableConcept"] == {"text": "zolft"}
    assert guessed["note"] == [{"text": "As typed by the visitor: zolft. May be: sertraline."}]
    assert certain["status"] == "active"
    assert certain["medicationCodeableConcept"] == {"text": "sertraline"}


def test_a_medicine_that_the_visitor_says_they_do_not_take_is_not_stated(session: Session) -> None:
    denied = medicine("lithium", "lithium", now=False, counts=False)

    assert taken(session, denied) == []


def test_a_medicine_named_twice_is_stated_once(session: Session) -> None:
    (statement,) = taken(
        session, medicine("xanax", "alprazolam"), medicine("alprazolam", "alprazolam")
    )

    assert statement["note"] == [{"text": "As typed by the visitor: xanax; alprazolam"}]


def test_a_callback_request_is_a_person_and_nothing_else(session: Session) -> None:
    made = bundle_of(session, LeadRequest(conversation_id="two", name="Sam"))

    assert [entry["resource"]["resourceType"] for entry in made["entry"]] == ["Patient"]


def test_a_lead_of_the_first_release_is_valid_too(session: Session) -> None:
    made = bundle_of(session, request(clinical=None))

    assert resources(made, "MedicationStatement") == []
    assert coded_with(made, "85354-9")


def test_whoever_lives_outside_the_us_has_no_us_address(session: Session) -> None:
    abroad = {"linkId": "state", "answer": [{"valueCoding": {"code": "outside_us"}}]}

    assert "address" not in only(bundle_of(session, request(response=response(abroad))), "Patient")


# --- With the questionnaire as it is ------------------------------------------------------------

EXAMPLES: dict[str, Value] = {
    "age": 43,
    "state": "MD",
    "medicines": "xanax, zoloft 50 mg, the blue heart pill",
    "antidepressants_tried": "prozac",
    "bp_systolic": 150,
    "bp_diastolic": 95,
    "name": "Zoë Example",
    "phone": "+12025550143",
    "email": "zoe@example.org",
    "consent": "yes",
    "emergency_now": "no",
    "for_whom": "self",
    "bp_status": "numbers",
    "phq9_9": "LA6570-1",
}


def chosen(item: Item) -> tuple[Value, ...]:
    """An answer that has as many other questions asked as possible."""
    if item.link_id in EXAMPLES:
        return (EXAMPLES[item.link_id],)
    apart = [option.value for option in item.options if not option.exclusive]
    if item.repeats and apart:
        return tuple(apart)
    if apart:
        return (apart[-1] if item.type == "integer" else apart[0],)
    return (item.min_value or 1,) if item.type == "integer" else ("mornings",)


@pytest.fixture
def whole(session: Session) -> Resource:
    """The Bundle of somebody who answered everything that can be asked."""
    asked = form(SCREENING)
    progress = Progress.start(asked.questionnaire)
    while open_ones := [
        one.item
        for one in enabled_questions(asked, progress)
        if progress.answered(one.item.link_id) is None
    ]:
        item = open_ones[0]
        progress = progress.with_answer(Answered(item.link_id, chosen(item)))
    done = Progress(progress.questionnaire, progress.version, progress.answers, confirmed=True)
    lead = lead_request("whole", SCREENING, done, outcome(SCREENING, done), None)
    saved = save_lead(session, lead)
    session.flush()
    made = bundle(saved, {scale.id: scale.code for scale in asked.scales})
    Bundle.model_validate(made)
    return made


def test_everything_that_can_be_asked_ends_in_a_valid_bundle(whole: Resource) -> None:
    kinds = {entry["resource"]["resourceType"] for entry in whole["entry"]}

    assert kinds == {"Patient", "QuestionnaireResponse", "Observation", "MedicationStatement"}
    for code in ("44261-6", "70274-6", "85354-9", "30525-0"):
        assert coded_with(whole, code)


def test_every_code_is_one_of_its_value_set(whole: Resource) -> None:
    for kind, statuses in STATUSES.items():
        assert {one["status"] for one in resources(whole, kind)} <= set(statuses.split())
    for category in parts(whole, "category"):
        (coding,) = category[0]["coding"]
        assert coding["system"] == CATEGORY_SYSTEM
        assert CATEGORIES[coding["code"]] == coding["display"]
    for observation in resources(whole, "Observation"):
        for code in parts(observation, "code"):
            if isinstance(code, dict):
                (coding,) = code["coding"]
                assert coding["system"] == LOINC
                assert coding["code"] in LOINC_CODES
    for quantity in parts(whole, "valueQuantity"):
        assert quantity["system"] == "http://unitsofmeasure.org"
        assert quantity["code"] in UNITS


def test_our_codes_are_those_of_the_questionnaire_and_of_the_scores(whole: Resource) -> None:
    asked = form(SCREENING)
    pressure = coded_with(whole, "85354-9")["component"]
    named = {one["code"]["coding"][0]["code"] for one in pressure}
    in_the_file = {
        code.code
        for link_id in ("bp_systolic", "bp_diastolic")
        if (item := asked.questionnaire.item(link_id))
        for code in item.codes
    }

    assert named == in_the_file
    age = asked.questionnaire.item("age")
    assert age is not None
    assert [code.code for code in age.codes] == ["30525-0"]
    assert {scale.code.code for scale in asked.scales} == {"44261-6", "70274-6"}


def test_every_answer_is_an_option_of_the_questionnaire_it_names(whole: Resource) -> None:
    written = yaml.safe_load(Path("screening/questionnaire.yml").read_text("utf-8"))
    questions = form(SCREENING).questionnaire
    response = only(whole, "QuestionnaireResponse")

    assert response["questionnaire"] == f"{written['url']}|{written['version']}"
    for item in (one for items in parts(response, "item") for one in items):
        question = questions.item(item["linkId"])
        if question is None or question.reads == "state" or question.confirms:
            continue  # a group, or options that are not in the file
        for answer in item["answer"]:
            if coding := answer.get("valueCoding"):
                option = question.option(coding["code"])
                assert option is not None, item["linkId"]
                assert option.coding is not None
                assert option.coding.system == coding.get("system")


def test_every_link_id_is_one_of_the_questionnaire(whole: Resource) -> None:
    written = yaml.safe_load(Path("screening/questionnaire.yml").read_text("utf-8"))

    assert set(parts(only(whole, "QuestionnaireResponse"), "linkId")) <= set(
        parts(written, "linkId")
    )
