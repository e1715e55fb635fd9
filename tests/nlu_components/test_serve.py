"""Rasa's warnings say where they arose and never what a visitor wrote."""

from __future__ import annotations

import logging
import os
import sys
import types
import warnings

import pytest
from rasa.utils import log_utils

from nlu_components import serve


@pytest.fixture
def a_rasa_that_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of Rasa's command line: a warning that quotes a visitor's message."""
    rasa = types.ModuleType("rasa.__main__")
    rasa.main = lambda: warnings.warn(  # type: ignore[attr-defined]
        "cannot read: my secret", UserWarning, stacklevel=1
    )
    monkeypatch.setitem(sys.modules, "rasa.__main__", rasa)
    monkeypatch.setattr(log_utils, "_anonymizer", log_utils._anonymizer)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setattr(serve, "use_our_own_parts", lambda: None)
    monkeypatch.delenv("TICKET_LOCK_LIFETIME", raising=False)


def test_a_warning_names_its_place_and_repeats_no_words(
    a_rasa_that_warns: None, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("always")
        serve.main()

    (record,) = caplog.records
    assert record.getMessage().startswith("warning category=UserWarning file=")
    assert "test_serve.py" in record.getMessage()
    assert "my secret" not in caplog.text + "".join(capsys.readouterr())


def test_the_lock_that_a_killed_rasa_leaves_is_gone_after_seconds(
    a_rasa_that_warns: None, caplog: pytest.LogCaptureFixture
) -> None:
    serve.main()

    assert int(os.environ["TICKET_LOCK_LIFETIME"]) == 10


def test_nothing_is_changed_by_importing_it() -> None:
    assert warnings.showwarning is not serve.say_only_where


def test_a_log_line_of_rasas_says_what_happened_and_repeats_no_words() -> None:
    line = {"event": "rest.message.received.timeout", "text": "my secret", "level": "error"}

    said = serve.say_only_what_happened(None, "error", line)

    assert said == {"event": "rest.message.received.timeout", "level": "error"}
