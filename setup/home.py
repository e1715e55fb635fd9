"""Where things are, and the settings as the start needs them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict

HOME = Path(__file__).resolve().parent.parent
ENVIRONMENTS = HOME / ".venvs"
MODELS = HOME / "models"
EMBEDDING = MODELS / "embedding"
CRISIS = MODELS / "crisis"
ADAPTER = HOME / "crisis" / "classifier" / "adapter.npz"
LOGS = HOME / "var" / "log"
DOTENV = HOME / ".env"

# What a process of ours may not do: phone home, spread over cores that are not there.
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
}


class CannotGoOn(Exception):
    """Something is missing or wrong; the message is one clear line that says what to do."""


def python_of(environment: str) -> Path:
    return ENVIRONMENTS / environment / "bin" / "python"


def written_settings(path: Path = DOTENV) -> Dict[str, str]:
    """The lines of a .env file: NAME=value, comments and blank lines aside."""
    settings: Dict[str, str] = {}
    if not path.is_file():
        return settings
    for line in path.read_text("utf-8").splitlines():
        name, separator, value = line.strip().partition("=")
        if separator and not name.startswith("#"):
            settings[name.strip()] = value.strip().strip("'\"")
    return settings


def port_number(settings: Dict[str, str], name: str, default: int) -> int:
    """A port from the settings, or one clear line about it."""
    value = settings.get(name, str(default))
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise CannotGoOn("%s is wrong: it must be a number from 1 to 65535." % name)
    return int(value)


def environment() -> Dict[str, str]:
    """For our processes: the machine's environment, over it `.env`, over it what keeps quiet.

    As with python-dotenv, what the environment says wins over the file.
    """
    merged = {**written_settings(), **os.environ, **QUIET}
    port = port_number(merged, "CLINIC_ACTIONS_PORT", 5055)
    merged.setdefault("CLINIC_ACTIONS_URL", "http://127.0.0.1:%d" % port)
    merged.setdefault("CLINIC_REDIS_URL", "")
    merged.setdefault("RASA_TRACKER_URL", "sqlite:///" + str(HOME / "var" / "rasa.db"))
    return merged
