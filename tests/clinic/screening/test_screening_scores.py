"""PHQ-9 and GAD-7 are the published forms, word for word, and are added up as published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from clinic.screening.consequences import applied
from clinic.screening.evidence import facts_of, scores_of
from clinic.screening.form import Form
from clinic.screening.progress import Answered, Progress
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.scores import Scale, Score, ScoresError, load_scales, score, unknown_items

LOINC = "http://loinc.org"
ANSWERS = (
    ("LA6568-5", "Not at all"),
    ("LA6569-3", "Several days"),
    ("LA6570-1", "More than half the days"),
    ("LA6571-9", "Nearly every day"),
)
"""LOINC's answers to every item of both forms, worth 0 to 3 points."""

# The published words, copied here so that a slip in the questionnaire is found.
PHQ9 = {
    "44250-9": "Little interest or pleasure in doing things",
    "44255-8": "Feeling down, depressed, or hopeless",
    "44259-0": "Trouble falling or staying asleep, or sleeping too much",
    "44254-1": "Feeling tired or having little energy",
    "44251-7": "Poor appetite or overeating",
    "44258-2": (
        "Feeling bad about yourself — or that you are a failure or have let yourself or your "
        "family down"
    ),
    "44252-5": (
        "Trouble concentrating on things, such as reading the newspaper or watching television"
    ),
    "44253-3": (
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — "
        "being so fidgety or restless that you have been moving around a lot more than usual"
    ),
    "44260-8": "Thoughts that you would be better off dead or of hurting yourself in some way",
}
GAD7 = {
    "69725-0": "Feeling nervous, anxious or on edge",
    "68509-9": "Not being able to stop or control worrying",
    "69733-4": "Worrying too much about different things",
    "69734-2": "Trouble relaxing",
    "69735-9": "Being so restless that it is hard to sit still",
    "69689-8": "Becoming easily annoyed or irritable",
    "69736-7": "Feeling afraid as if something awful might happen",
}
FORMS = {"phq9": PHQ9, "gad7": GAD7}
STEMS = {
    "phq9": (
        "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
    ),
    "gad7": "Over the last 2 weeks, how often have you been bothered by the following problems?",
}
CODES = {"phq9": ("44261-6", "44249-1"), "gad7": ("70274-6", "69737-5")}
"""LOINC's codes of the total and of the panel."""
BANDS = {
    "phq9": {
        "Minimal": range(5),
        "Mild": range(5, 10),
        "Moderate": range(10, 15),
        "Moderately severe": range(15, 20),
        "Severe": range(20, 28),
    },
    "gad7": {
        "Minimal": range(5),
        "Mild": range(5, 10),
        "Moderate": range(10, 15),
        "Severe": range(15, 22),
    },
}
TOTALS = [
    (name, total, band)
    for name, bands in BANDS.items()
    for band, totals in bands.items()
    for total in totals
]
ITEMS = [f"{name}_{place}" for name, items in FORMS.items() for place in range(1, len(items) + 1)]
CHOSEN = {"phq9": "mood", "gad7": "worry"}


def scale_of(form: Form, name: str) -> Scale:
    return next(scale for scale in form.scales if scale.id == name)


def answered(form: Form, name: str, points: Sequence[int | None]) -> Progress:
    """A visitor who chose this form and answered so; None skips the item."""
    progress = Progress.start(form.questionnaire)
    progress = applied(form, progress, Answered("extras", (CHOSEN[name],)))
    for place, counts in enumerate(points, start=1):
        link_id = f"{name}_{place}"
        answer = Answered(link_id, (), skipped=True)
        if counts is not None:
            answer = Answered(link_id, (ANSWERS[counts][0],))
        progress = applied(form, progress, answer)
    return progress


def the_score(form: Form, progress: Progress) -> Score:
    (only,) = scores_of(form, progress)
    return only


def spread(total: int, items: int) -> list[int]:
    """So many points in as many items as it takes: 7 in nine items is 3, 3, 1 and six times 0."""
    return [min(3, max(0, total - 3 * place)) for place in range(items)]


# --- Adding up ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "total", "band"), TOTALS)
def test_every_total_has_its_band(form: Form, name: str, total: int, band: str) -> None:
    heaped = spread(total, len(FORMS[name]))
    evenly = [total // len(heaped) + (place < total % len(heaped)) for place in range(len(heaped))]

    for points in (heaped, heaped[::-1], evenly):
        found = the_score(form, answered(form, name, points))
        assert (found.total, found.band) == (total, band)
        assert found.answered == len(points)


def test_every_total_was_tried() -> None:
    assert [total for name, total, _ in TOTALS if name == "phq9"] == list(range(28))
    assert [total for name, total, _ in TOTALS if name == "gad7"] == list(range(22))


@pytest.mark.parametrize("link_id", ITEMS)
def test_each_item_counts_by_itself(form: Form, link_id: str) -> None:
    name, place = link_id.split("_")
    points = [0] * len(FORMS[name])
    points[int(place) - 1] = 2

    assert the_score(form, answered(form, name, points)).total == 2


@pytest.mark.parametrize("link_id", ITEMS)
def test_with_one_item_skipped_there_is_no_total_and_nothing_is_guessed(
    form: Form, link_id: str
) -> None:
    name, place = link_id.split("_")
    points: list[int | None] = [3] * len(FORMS[name])
    points[int(place) - 1] = None

    progress = answered(form, name, points)

    found = the_score(form, progress)
    assert (found.total, found.band) == (None, None)
    assert found.answered == len(points) - 1
    assert facts_of(form, progress).scores[name] is None


def test_a_form_that_was_not_begun_has_no_score(form: Form) -> None:
    assert scores_of(form, Progress.start(form.questionnaire)) == ()
    assert scores_of(form, answered(form, "phq9", [None] * 9)) == ()


def test_a_form_that_is_no_longer_wanted_has_no_score(form: Form) -> None:
    progress = answered(form, "phq9", [3] * 9)

    without = applied(form, progress, Answered("extras", ("none",)))

    assert scores_of(form, without) == ()
    assert facts_of(form, without).scores == {"phq9": None, "gad7": None}


@pytest.mark.parametrize("said", ["LA6572-7", "LA6574-3"])
def test_the_question_on_difficulty_is_not_scored(form: Form, said: str) -> None:
    progress = answered(form, "phq9", [1] * 9)

    later = applied(form, progress, Answered("phq9_difficulty", (said,)))

    assert the_score(form, later).total == 9
    assert later.value("phq9_difficulty") == said


def test_points_of_other_questions_do_not_count(form: Form) -> None:
    phq9 = scale_of(form, "phq9")

    assert score(phq9, {**dict.fromkeys(phq9.items, 1), "gad7_1": 3}).total == 9


# --- The published words --------------------------------------------------------------------------


@pytest.mark.parametrize("link_id", ITEMS)
def test_every_item_has_the_published_words_and_code(
    questionnaire: Questionnaire, link_id: str
) -> None:
    name, place = link_id.split("_")
    code, words = list(FORMS[name].items())[int(place) - 1]

    item = questionnaire.item(link_id)

    assert item is not None
    assert item.text == words
    assert [(coding.system, coding.code) for coding in item.codes] == [(LOINC, code)]


@pytest.mark.parametrize("link_id", ITEMS)
def test_every_item_has_the_published_answers_in_their_order(
    questionnaire: Questionnaire, link_id: str
) -> None:
    item = questionnaire.item(link_id)

    assert item is not None
    assert [(option.value, option.label) for option in item.options] == list(ANSWERS)
    assert [option.points for option in item.options] == [0, 1, 2, 3]
    assert {option.coding.system for option in item.options if option.coding} == {LOINC}
    assert not item.required
    assert not item.repeats


@pytest.mark.parametrize("name", FORMS)
def test_the_items_are_asked_in_the_published_order_below_the_published_stem(
    questionnaire: Questionnaire, name: str
) -> None:
    group = next(item for item in questionnaire.items if item.link_id == name)

    places = [item.link_id for item in group.items if item.is_question]
    assert places == [link_id for link_id in ITEMS if link_id.startswith(name)]
    assert group.stem == STEMS[name]
    assert [(coding.system, coding.code) for coding in group.codes] == [(LOINC, CODES[name][1])]


def test_the_question_on_difficulty_is_the_published_one(questionnaire: Questionnaire) -> None:
    item = questionnaire.item("phq9_difficulty")

    assert item is not None
    assert item.text == (
        "If you checked off any problems, how difficult have these problems made it for you to do "
        "your work, take care of things at home, or get along with other people?"
    )
    assert [coding.code for coding in item.codes] == ["69722-7"]
    assert [(option.value, option.label) for option in item.options] == [
        ("LA6572-7", "Not difficult at all"),
        ("LA6573-5", "Somewhat difficult"),
        ("LA6575-0", "Very difficult"),
        ("LA6574-3", "Extremely difficult"),
    ]


@pytest.mark.parametrize("name", FORMS)
def test_the_total_and_the_panel_have_their_codes(form: Form, name: str) -> None:
    scale = scale_of(form, name)

    assert (scale.code.code, scale.panel.code) == CODES[name]
    assert scale.code.system == scale.panel.system == LOINC
    assert scale.items == tuple(link_id for link_id in ITEMS if link_id.startswith(name))
    assert scale.code.code not in FORMS[name]  # 44260-8 is the ninth item, and not the total


@pytest.mark.parametrize("name", FORMS)
def test_the_makers_are_named(form: Form, name: str) -> None:
    attribution = scale_of(form, name).attribution
    group = next(item for item in form.questionnaire.items if item.link_id == name)

    for word in ("Spitzer", "Williams", "Kroenke", "Pfizer"):
        assert word in attribution
        assert word in group.text
    assert "No permission required to reproduce, translate, display or distribute." in attribution


# --- Broken files ---------------------------------------------------------------------------------

SCALE = """\
scores:
  - id: small
    label: Small
    code: {system: "http://loinc.org", code: "1-2", display: Total}
    panel: {system: "http://loinc.org", code: "1-3", display: Form}
    items: [small_1, small_2]
    bands: [{from: 0, label: Low}, {from: 3, label: High}]
    attribution: Made by somebody.
"""


def test_a_small_file_of_scales_is_read(tmp_path: Path) -> None:
    path = tmp_path / "scores.yml"
    path.write_text(SCALE, encoding="utf-8")

    (scale,) = load_scales(path)

    assert [score(scale, {"small_1": 1, "small_2": two}).band for two in (1, 2)] == ["Low", "High"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("scores:", "score:", "Did you mean 'scores'?"),
        ("    label: Small\n", "", "score 'small': 'label' is missing"),
        ("id: small", "id: 7", "'id' must be text"),
        ("attribution: Made by somebody.", "", "'attribution' is missing"),
        ("attribution:", "atribution:", "Did you mean 'attribution'?"),
        ('code: "1-2"', "code: 12", "score 'small' > code: 'code' must be text"),
        (", display: Form", "", "score 'small' > panel: 'display' is missing"),
        ('system: "http://loinc.org", code: "1-2"', 'code: "1-2"', "'system' is missing"),
        ("    panel:", "    pannel:", "Did you mean 'panel'?"),
        ("items: [small_1, small_2]", "items: []", "names each question of the scale, once"),
        ("small_1, small_2", "small_1, small_1", "names each question of the scale, once"),
        ("[small_1, small_2]", "small_1", "'items' must be a list of texts"),
        ("from: 0", "from: 1", "'bands' begin with 'from: 0' and rise"),
        ("from: 3", "from: 0", "'bands' begin with 'from: 0' and rise"),
        ("from: 3", "from: -3", "'bands' begin with 'from: 0' and rise"),
        ("from: 3", "from: three", "bands 2: 'from' must be a whole number"),
        ("from: 3, label: High", "label: High", "bands 2: 'from' is missing"),
        ("label: High", "name: High", "'name' is not a word known here"),
        ("bands: [{from: 0, label: Low}, {from: 3, label: High}]", "bands: []", "'bands' begin"),
        ("label: Small", "label: Small\n    label: Smaller", "'label' is written twice"),
    ],
)
def test_a_mistake_in_the_scales_is_named_with_its_place(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    path = tmp_path / "scores.yml"
    assert before in SCALE
    path.write_text(SCALE.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(ScoresError) as error:
        load_scales(path)

    assert message in str(error.value)
    assert str(path) in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScoresError, match="no such file"):
        load_scales(tmp_path / "scores.yml")


def test_a_scale_can_only_add_up_questions_with_points(form: Form) -> None:
    phq9 = scale_of(form, "phq9")
    wrong = replace(phq9, items=("phq9_1", "phq9_10", "liver", "age"))

    assert unknown_items((phq9,), form.questionnaire) == ()
    assert unknown_items((wrong,), form.questionnaire) == (
        "score 'phq9': there is no question 'phq9_10'",
        "score 'phq9': an option of 'liver' has no 'points'",
        "score 'phq9': an option of 'age' has no 'points'",
    )
