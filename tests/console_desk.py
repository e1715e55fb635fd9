"""The web process alone with a database of its own: the console needs neither Rasa nor actions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from clinic.database import open_engine, transaction
from setup import processes
from setup.processes import Process
from tests.front_desk import FrontDesk


class ConsoleDesk(FrontDesk):
    """A front desk of which only the web is started."""

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder, **settings)
        self.engine = open_engine(f"sqlite:///{self.database}")

    def processes_of(self, folder: Path) -> list[Process]:
        """The web is well without the others; no model is needed."""
        return [one for one in processes.ours(Path("none"), self.env) if one.name == "web"]

    def stop(self) -> None:
        super().stop()
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Put something into its database from outside, as another process would."""
        with transaction(self.engine) as session:
            yield session
