"""A wrong line of clinic.yml stops the start with one line that names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic.facts import ClinicFacts, FactsError, load_facts
from clinic.settings import HOME

EMPTY = (
    "email website address hours booking routes_offered prices insurance payment_plans "
    "ride_policy privacy_policy retention_days"
)


def write(tmp_path: Path, **changes: Any) -> Path:
    facts = {
        **dict.fromkeys(EMPTY.split()),
        "name": "Example Clinic",
        "phone": "202-555-0143",
        "time_zone": "America/New_York",
        "country": "US",
        "states_served": [],
        **changes,
    }
    path = tmp_path / "clinic.yml"
    path.write_text(yaml.safe_dump(facts), "utf-8")
    return path


def test_the_file_that_comes_with_the_project_is_right() -> None:
    assert load_facts(HOME / "clinic.yml").name


def test_name_phone_and_time_zone_are_enough(tmp_path: Path) -> None:
    facts = load_facts(write(tmp_path))

    assert isinstance(facts, ClinicFacts)
    assert facts.hours is None
    assert facts.state_codes == frozenset()


def test_states_are_known_by_name_whatever_their_case(tmp_path: Path) -> None:
    facts = load_facts(write(tmp_path, states_served=["Oregon", "new york"]))

    assert facts.state_codes == {"OR", "NY"}


def test_the_phone_can_be_tapped(tmp_path: Path) -> None:
    assert load_facts(write(tmp_path, phone="(202) 555-0143")).phone_link == "tel:+12025550143"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("name", ""),
        ("name", None),
        ("phone", "call us"),
        ("phone", "12"),
        ("phone", None),
        ("time_zone", "Atlantis/Harbor"),
        ("time_zone", None),
        ("states_served", ["Atlantis"]),
        ("states_served", "Oregon"),
        ("opening_hours", {"monday": "9 to 5"}),
        ("opening_hours", ["monday"]),
        ("holidays", ["Christmas"]),
        ("retention_days", 0),
        ("retention_days", "for ever"),
        ("parking", "behind the house"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, value: object) -> None:
    with pytest.raises(FactsError, match=f"clinic.yml: `{line}` "):
        load_facts(write(tmp_path, **{line: value}))


def test_a_day_that_is_written_twice_is_refused(tmp_path: Path) -> None:
    """YAML alone would keep the second half of a split day, and lose the first."""
    path = write(tmp_path)
    twice = "opening_hours:\n  monday: 9:00-12:00\n  monday: 13:00-17:00\n"
    path.write_text(path.read_text("utf-8") + twice, "utf-8")

    with pytest.raises(FactsError, match="'monday' is written twice"):
        load_facts(path)


def test_every_wrong_line_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(FactsError) as raised:
        load_facts(write(tmp_path, phone="-", states_served=["Atlantis"]))

    assert len(str(raised.value).splitlines()) == 2


@pytest.mark.parametrize("content", ["", "- a list", "name: [not, closed"])
def test_a_file_that_is_no_list_of_facts_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "clinic.yml").write_text(content, "utf-8")

    with pytest.raises(FactsError, match=r"clinic\.yml"):
        load_facts(tmp_path / "clinic.yml")


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match=r"clinic\.yml is missing"):
        load_facts(tmp_path / "clinic.yml")
