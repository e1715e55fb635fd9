"""Make the sentence encoders, and train the one that hears danger."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from itertools import chain
from pathlib import Path
from typing import List

from setup import environments
from setup.home import ADAPTER, CRISIS, EMBEDDING, HOME, environment, python_of
from setup.steps import run, step

MADE_BY = [HOME / "setup" / "encoder_model.py", HOME / "nlu_components" / "crisis" / "adapter.py"]


def make() -> None:
    """Write models/embedding and models/crisis where they do not fit what they are made from."""
    wanted = made_from()
    if all(_fits(folder, wanted) for folder in (EMBEDDING, CRISIS)):
        return
    _write(
        "Making the sentence encoders",
        ["--embedding", str(EMBEDDING), "--crisis", str(CRISIS)],
        ["--adapter", str(ADAPTER), "--made-from", wanted],
    )


def train_crisis() -> int:
    """Train the crisis classifier on crisis/sentences; a quarter of an hour on two cores."""
    environments.build("rasa", ["rasa.txt", "rasa-test.txt"])
    with tempfile.TemporaryDirectory() as scratch:
        weights = Path(scratch) / "encoder.npz"
        _write("Unpacking the encoder", ["--embedding", str(EMBEDDING), "--weights", str(weights)])
        command = [str(python_of("rasa")), "-m", "nlu_components.crisis.train"]
        # On all cores: nobody is being answered meanwhile.
        env = {name: value for name, value in environment().items() if name != "OMP_NUM_THREADS"}
        code = subprocess.call([*command, "--encoder", str(weights)], cwd=HOME, env=env)
    if code == 0:
        make()
        print("Now run `make bench-crisis`, and look at what it heard.")
    return code


def made_from() -> str:
    """Changes when the code that makes the encoders or what was learnt changes."""
    digest = hashlib.sha256()
    for path in (*MADE_BY, ADAPTER):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fits(folder: Path, wanted: str) -> bool:
    stamp = folder / "made_from"
    return stamp.is_file() and stamp.read_text("utf-8") == wanted


def _write(what: str, *arguments: List[str]) -> None:
    """Run the encoder script in an environment that is thrown away again."""
    environments.build("embedding", ["embedding.txt"])
    with step(what):
        run(
            [str(python_of("embedding")), "-m", "setup.encoder_model", *chain(*arguments)],
            log="embedding",
            remedy="The sentence encoders could not be made; the lines above say why.",
        )
    environments.remove("embedding")
