"""docs/settings.md has every setting, and no setting that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clinic.settings import Settings

DOCUMENTED = {
    match[1]: match[0]
    for match in re.finditer(
        r"^\| `((?:CLINIC|RASA)_\w+)` \|.*$", Path("docs/settings.md").read_text("utf-8"), re.M
    )
}
EXISTING = {f"CLINIC_{name.upper()}": field for name, field in Settings.model_fields.items()}
# Read by Rasa's own files and by the start, not by our settings.
RASAS = {"CLINIC_ACTIONS_URL", "RASA_TRACKER_KEYS", "RASA_TRACKER_URL", "RASA_TELEMETRY_ENABLED"}


@pytest.mark.parametrize("name", EXISTING)
def test_a_setting_is_documented_with_its_default(name: str) -> None:
    line = DOCUMENTED[name]
    field = EXISTING[name]

    if field.is_required():
        assert "| none |" in line
        return
    value = getattr(field.default, "get_secret_value", lambda: field.default)()
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, bool):
        shown = shown.lower()
    assert f"| `{shown}` |" in line or (not shown and "| none |" in line)


def test_nothing_is_documented_that_does_not_exist() -> None:
    assert set(DOCUMENTED) - set(EXISTING) == RASAS
