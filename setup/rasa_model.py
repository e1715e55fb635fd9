"""Train the model when none fits the data."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterator

from setup.home import HOME, MODELS, environment, python_of
from setup.steps import run, step

LEARNT_FROM = ["config.yml", "domain.yml", "clinic.yml", "data", "crisis", "nlu_components"]
READ_AT_THE_START = ["phrases", "sentences", "classifier", "first_line.yml", "languages.yml"]
"""Of crisis/."""
LEARNT_WITH = ["requirements/rasa.txt", "setup/encoder_model.py"]
# endpoints.yml is read while training, although nobody is asked anything then.
NO_NEIGHBOURS = {"CLINIC_ACTION_TOKEN": "-", "RASA_TRACKER_KEYS": "-"}
SUFFIXES = {".yml", ".py", ".txt"}


def model_path() -> Path:
    """Where the model for the data as it is now lies, or will lie."""
    return MODELS / ("front-desk-%s.tar.gz" % fingerprint()[:12])


def fingerprint() -> str:
    """Changes when anything changes that the model is made of."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(str(path.relative_to(HOME)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for name in LEARNT_FROM + LEARNT_WITH:
        path = HOME / name
        if path.is_file():
            yield path
        else:
            yield from sorted(
                p for p in path.rglob("*") if p.suffix in SUFFIXES and not _is_learnt_apart(p)
            )


def _is_learnt_apart(path: Path) -> bool:
    """What Rasa's model does not hold: it is read at the start, or has a training of its own."""
    return any(path.is_relative_to(HOME / "crisis" / name) for name in READ_AT_THE_START)


def train(*, always: bool = False) -> Path:
    """The model for the data as it is now; trained unless it is there already."""
    path = model_path()
    if path.is_file() and not always:
        return path
    with step("Training the model"):
        command = [str(python_of("rasa")), "-m", "rasa", "train", "--quiet", "--force"]
        command += ["--out", str(MODELS), "--fixed-model-name", path.name[: -len(".tar.gz")]]
        run(
            command,
            log="train",
            env={**environment(), **NO_NEIGHBOURS},
            remedy="The model was not trained. Something in data/, crisis/, domain.yml or "
            "clinic.yml is wrong; the last lines above say what.",
        )
    for old in MODELS.glob("front-desk-*.tar.gz"):
        if old != path:
            old.unlink()
    return path
