"""Visitors get a copy of what is kept of their answers."""

from __future__ import annotations

from actions.download_data import NOTHING_KEPT, DownloadData
from tests.actions.builders import Ran, tracker
from tests.actions.conftest import Answer


def test_what_was_answered_can_be_downloaded(answer: Answer) -> None:
    answer(until="state")

    (payload,) = Ran(DownloadData(), tracker("download my answers")).payloads

    assert payload["type"] == "download"
    assert [file["url"] for file in payload["files"]] == ["/api/answers.txt", "/api/answers.json"]


def test_where_nothing_is_kept_that_is_said(database_url: str) -> None:
    assert Ran(DownloadData(), tracker("download my answers")).words == NOTHING_KEPT
