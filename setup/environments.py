"""Build the Python environments from hash-pinned requirements."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path
from typing import List

from setup.home import ENVIRONMENTS, HOME, python_of
from setup.steps import run, step

REQUIREMENTS = HOME / "requirements"
BUILD = ENVIRONMENTS / "build"
UV = BUILD / "bin" / "uv"
NO_NETWORK = "If the network failed, run the same command again: it goes on where it stopped."


def build(name: str, files: List[str]) -> None:
    """An environment that holds exactly what the files pin; nothing if it does already."""
    wanted = _fingerprint(files)
    stamp = ENVIRONMENTS / name / ".holds"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    install_uv()
    with step("Building the %s environment" % name):
        shutil.rmtree(ENVIRONMENTS / name, ignore_errors=True)
        venv = [str(UV), "venv", "--quiet", "--python", sys.executable]
        run([*venv, str(ENVIRONMENTS / name)], log="environments", remedy=NO_NETWORK)
        if "rasa.txt" in files:
            # Three of Rasa's packages come as source; these build them, also pinned.
            _install(name, ["build.txt"])
        _install(name, files)
    stamp.write_text(wanted, "utf-8")


def remove(name: str) -> None:
    shutil.rmtree(ENVIRONMENTS / name, ignore_errors=True)


def _install(name: str, files: List[str]) -> None:
    command = [str(UV), "pip", "install", "--quiet", "--python", str(python_of(name))]
    # Every file is complete and hashed, so nothing is resolved and nothing unpinned is fetched.
    command += ["--require-hashes", "--no-deps", "--no-build-isolation"]
    for file in files:
        command += ["--requirement", str(REQUIREMENTS / file)]
    run(command, log="environments", remedy=NO_NETWORK)


def install_uv() -> None:
    """uv fetches in parallel: the environments take seconds instead of minutes."""
    wanted = _fingerprint(["build.txt"])
    stamp = BUILD / ".holds"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    with step("Fetching the installer"):
        shutil.rmtree(BUILD, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(BUILD)]
        command += ["--require-hashes", "--no-deps", "--requirement"]
        run([*command, str(REQUIREMENTS / "build.txt")], log="environments", remedy=NO_NETWORK)
    stamp.write_text(wanted, "utf-8")


def _fingerprint(files: List[str]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(Path(REQUIREMENTS / file).read_bytes())
    return digest.hexdigest()
