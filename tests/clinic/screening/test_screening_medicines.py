"""Medicines are found as visitors write them, and nothing they typed is lost."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.medicines.file import MedicinesError, load_medicines
from clinic.screening.medicines.medicine_list import MedicineList, Mention, names_of

SCREENING = Path(__file__).parents[3] / "screening"
SAID = yaml.safe_load((Path(__file__).parent / "medicines_said.yml").read_text(encoding="utf-8"))
KINDS, MISSES = SAID.pop("kinds"), SAID.pop("known_misses")

# The words of questions, rules and contradictions: a group renamed here is lost there.
GROUPS = """
antidepressant antipsychotic antithyroid benzodiazepine blood_pressure blood_pressure_or_more
cannabis cyp_inducer cyp_inhibitor gabapentinoid herbal_serotonergic ketamine kratom lamotrigine
lithium maoi nmda
opioid opioid_agonist_treatment opioid_antagonist other stimulant theophylline thyroid_hormone
tricyclic valproate z_drug
"""

SMALL = """\
version: "1"
groups:
  - {code: calm, label: Calming, flag: note, note: Ask.}
medicines:
  - {generic: calmazine, groups: [calm], names: [Calmex], also: [calmies]}
  - {generic: restizine, groups: [calm], names: [Restex]}
"""


@pytest.fixture(scope="module")
def medicines() -> MedicineList:
    return load_medicines(SCREENING / "medicines.yml")


def short(mention: Mention) -> list[object]:
    return [mention.said, mention.generic, mention.close, mention.now]


def lines() -> Iterator[tuple[str, list[list[object]]]]:
    for block in (*KINDS.values(), *SAID.values()):
        yield from block.items()


def worst_flag(medicines: MedicineList, text: str) -> str:
    flags = {group.code: group.flag for group in medicines.groups}
    found = {flags[code] for mention in medicines.find(text) for code in mention.groups}
    return next(flag for flag in ("review", "note", "none") if flag in found)


@pytest.mark.parametrize(("text", "expected"), list(lines()))
def test_what_visitors_type_is_found(
    medicines: MedicineList, text: str, expected: list[list[object]]
) -> None:
    assert [short(mention) for mention in medicines.find(text)] == expected


@pytest.mark.parametrize(("text", "expected"), list(MISSES.items()))
@pytest.mark.xfail(strict=True, reason="known miss, listed in the YAML file")
def test_known_miss(medicines: MedicineList, text: str, expected: list[list[object]]) -> None:
    assert [short(mention) for mention in medicines.find(text)] == expected


def test_every_group_has_its_sentences(medicines: MedicineList) -> None:
    assert sorted(group.code for group in medicines.groups) == GROUPS.split()
    assert sorted(KINDS) == GROUPS.split()


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in KINDS for text in KINDS[code]])
def test_a_sentence_about_a_group_finds_a_medicine_of_it(
    medicines: MedicineList, code: str, text: str
) -> None:
    assert any(code in mention.groups for mention in medicines.find(text))


@pytest.mark.parametrize(
    ("flag", "texts"),
    [
        ("review", "Xanax, Ativan, Klonopin, kpins, Valium, Restoril"),
        ("note", "Ambien, zolpidem, Lunesta, eszopiclone"),
        ("review", "Nardil, Parnate, Emsam, Eldepryl, Marplan, Azilect, linezolid"),
        ("review", "Adderall, Vyvanse, Dexedrine, Ritalin, Concerta, Focalin, Provigil, Nuvigil"),
        ("review", "modafinil, armodafinil, phentermine"),
        ("review", "Lamictal, lamotrigine"),
        ("note", "lithium, Lithobid, Depakote, valproate"),
        ("review", "Tegretol, carbamazepine, ketoconazole, rifampin, Paxlovid"),
        ("none", "Zoloft, Prozac, Lexapro, Celexa, Paxil, Luvox, Effexor, Cymbalta, Pristiq"),
        ("none", "Wellbutrin, Remeron, trazodone, Trintellix, Viibryd"),
        ("review", "Auvelity, dextromethorphan"),
        ("note", "amitriptyline, nortriptyline, clomipramine"),
        (
            "note",
            "Seroquel, Abilify, Zyprexa, Risperdal, Haldol, Clozaril, Latuda, Rexulti, Vraylar",
        ),
        ("review", "oxycodone, Percocet, hydrocodone, Norco, tramadol, fentanyl, methadone"),
        ("review", "Suboxone, buprenorphine"),
        ("note", "naltrexone, Vivitrol"),
        ("note", "lisinopril, amlodipine, losartan, metoprolol, clonidine, propranolol, HCTZ"),
        ("note", "levothyroxine, Synthroid"),
        ("review", "methimazole, theophylline"),
        ("note", "gabapentin, pregabalin, St John's wort, THC, CBD, kratom"),
        ("review", "ketamine, Spravato"),
        ("none", "atorvastatin, metformin, birth control, vitamin D, ibuprofen"),
    ],
)
def test_each_kind_has_the_flag_of_the_specification(
    medicines: MedicineList, flag: str, texts: str
) -> None:
    for text in texts.split(", "):
        assert worst_flag(medicines, text) == flag, text


def test_every_name_in_the_file_is_found_and_not_taken_for_another(medicines: MedicineList) -> None:
    for medicine in medicines.medicines:
        for name in names_of(medicine):
            found = medicines.find(f"I take {name.written} 10mg")

            assert [(one.generic, one.close) for one in found] == [(medicine.generic, False)]
            assert found[0].said == name.written


def test_a_slip_in_a_name_that_staff_must_hear_of_is_forgiven(medicines: MedicineList) -> None:
    flags = {group.code: group.flag for group in medicines.groups}
    for medicine in medicines.medicines:
        if all(flags[code] != "review" for code in medicine.groups):
            continue
        for name in (medicine.generic, *medicine.names):
            if len(name) < 6 or not name.isalpha():
                continue
            doubled = name[:4] + name[3] + name[4:]
            found = medicines.find(f"{doubled} 10mg")

            assert medicine.generic in {one.generic for one in found}, doubled


def test_short_forms_are_shown_as_the_name_they_stand_for(medicines: MedicineList) -> None:
    shown = {
        word: medicines.find(word)[0].name for word in ("addy", "xans", "oxy", "prosak", "weed")
    }

    assert shown == {
        "addy": "Adderall",
        "xans": "Xanax",
        "oxy": "oxycodone",
        "prosak": "Prozac",
        "weed": "cannabis",
    }


def test_a_medicine_may_belong_to_two_groups(medicines: MedicineList) -> None:
    assert medicines.find("Auvelity")[0].groups == ("antidepressant", "nmda")
    assert medicines.find("Suboxone")[0].groups == ("opioid", "opioid_agonist_treatment")


def test_a_story_of_unknown_words_stays_in_one_piece(medicines: MedicineList) -> None:
    text = "blorp then zurk then quab then frim then gorp"

    assert [mention.said for mention in medicines.find(text)] == [text]


WORDS = """
Zoloft xanx Xanax zolof lamictal-200 stopped quit no not I used to take off of and or , . ; / : (
) + now still years ago in the past both 50 mg my heart pill for something benzo flurb
"""


@settings(deadline=None)
@given(
    st.one_of(
        st.text(max_size=300), st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join)
    )
)
def test_any_text_is_read_and_only_what_it_says_is_found(
    medicines: MedicineList, text: str
) -> None:
    found = medicines.find(text)

    assert all(mention.said and mention.said in text for mention in found)
    assert all((mention.generic is None) == (not mention.groups) for mention in found)
    assert found == medicines.find(text)


@pytest.mark.parametrize(
    "piece",
    [
        "zolof, ",
        "xanax and ",
        "stopped xanax and ",
        "no xanax or ",
        "was on ",
        "off of the ",
        "past meds : xanax ",
        "xanax ( ",
        "vitamin ",
        "blood pressure ",
        "a ",
        ",;.()/:",
        "x",
        "1",
        "药",
        "🙂",
    ],
)
def test_a_hostile_text_is_read_in_no_time(medicines: MedicineList, piece: str) -> None:
    text = (piece * 1_000)[:1_000]
    medicines.find("warm")

    began = time.perf_counter()
    medicines.find(text)

    assert time.perf_counter() - began < 0.05


def test_staff_get_one_line_about_each_group(medicines: MedicineList) -> None:
    for group in medicines.groups:
        assert group.label
        assert "\n" not in group.note
        assert len(group.note) < 100, group.code


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "written.yml"


def test_a_small_list_is_enough(written: Path) -> None:
    written.write_text(SMALL, encoding="utf-8")

    found = load_medicines(written).find("calmies and restx")

    assert [(one.generic, one.name, one.close) for one in found] == [
        ("calmazine", "Calmex", False),
        ("restizine", "Restex", True),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("medicines:", "medicine:", "Did you mean 'medicines'?"),
        ('version: "1"', "version: 1", "'version' must be text"),
        ("flag: note", "flag: nota", "flag 'nota' is not one of: review, note, none"),
        ("label: Calming, ", "", "group 'calm': 'label' is missing"),
        ("[Restex]", "[Calmex]", "'Calmex' belongs to two medicines: 'calmazine', 'restizine'"),
        ("[Restex]", "[CALM-EX, calm ex]", "'calm ex' of 'restizine' is written twice"),
        ("[Restex]", "[sleep]", "'sleep' of 'restizine' is an ordinary word"),
        ("[Restex]", '["..."]', "'...' of 'restizine' has no letters"),
        ("restizine, groups: [calm]", "restizine, groups: [clam]", "Did you mean 'calm'?"),
        ("restizine, groups: [calm]", "restizine", "'groups' is missing"),
        ("generic: restizine", "generic: calmazine", "'calmazine' of 'calmazine' is written twice"),
        ("names: [Restex]", "name: [Restex]", "medicine 'restizine': 'name' is not a word known"),
        ("also: [calmies]", "also: [5]", "must be a list of texts"),
    ],
)
def test_a_mistake_in_the_file_is_named(
    written: Path, right: str, wrong: str, message: str
) -> None:
    assert right in SMALL
    written.write_text(SMALL.replace(right, wrong, 1), encoding="utf-8")

    with pytest.raises(MedicinesError, match=r"written\.yml") as problem:
        load_medicines(written)

    assert message in str(problem.value)


def test_a_group_written_twice_is_refused(written: Path) -> None:
    line = "  - {code: calm, label: Calming, flag: note, note: Ask.}\n"
    written.write_text(SMALL.replace(line, line + line), encoding="utf-8")

    with pytest.raises(MedicinesError, match="group 'calm' is written twice"):
        load_medicines(written)
