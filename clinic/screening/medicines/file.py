"""The list of medicines, loaded from a file that a clinician can edit."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from clinic.screening.hand_written import Entry, UnusableFileError, read_file
from clinic.screening.medicines.medicine_list import Medicine, MedicineGroup, MedicineList, names_of
from clinic.screening.medicines.names import needs_its_capitals

FLAGS = ("review", "note", "none")
"""How gravely staff look at a medicine, the gravest first."""


class MedicinesError(UnusableFileError):
    """A list of medicines cannot be used; the message names the file and the place."""


def load_medicines(path: Path) -> MedicineList:
    try:
        return _list(read_file(path))
    except UnusableFileError as problem:
        raise MedicinesError(str(problem)) from None


def _list(entry: Entry) -> MedicineList:
    entry.only(("version", "groups", "medicines"))
    groups = tuple(_group(group) for group in entry.entries("groups"))
    codes = [group.code for group in groups]
    twice = [code for code in codes if codes.count(code) > 1]
    if twice:
        raise entry.wrong(f"group '{twice[0]}' is written twice.")
    medicines = tuple(_medicine(one, codes) for one in entry.entries("medicines"))
    for problem in _mixed_up_names(medicines):
        raise entry.wrong(problem)
    return MedicineList(entry.text("version"), groups, medicines)


def _group(entry: Entry) -> MedicineGroup:
    code = entry.text("code")
    entry = entry.renamed(f"group '{code}'")
    entry.only(("code", "label", "flag", "note"))
    flag = entry.text("flag")
    if flag not in FLAGS:
        raise entry.wrong(f"flag '{flag}' is not one of: {', '.join(FLAGS)}.")
    return MedicineGroup(code, entry.text("label"), flag, entry.text("note"))


def _medicine(entry: Entry, codes: Collection[str]) -> Medicine:
    generic = entry.text("generic")
    entry = entry.renamed(f"medicine '{generic}'")
    entry.only(("generic", "groups", "names", "also", "unnamed"))
    groups = entry.texts("groups")
    if not groups:
        raise entry.wrong("'groups' is missing; a medicine without a flag belongs to 'other'.")
    for code in groups:
        if code not in codes:
            close = get_close_matches(code, codes, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            raise entry.wrong(f"there is no group '{code}'.{hint}")
    return Medicine(
        generic, groups, entry.texts("names"), entry.texts("also"), entry.truth("unnamed")
    )


def _mixed_up_names(medicines: Collection[Medicine]) -> Iterator[str]:
    """Names that could not be told apart, or would be found in every text."""
    owners: dict[tuple[str, ...], str] = {}
    for medicine in medicines:
        for name in names_of(medicine):
            shown = f"'{name.written}' of '{medicine.generic}'"
            owner = owners.get(name.words)
            if not name.words:
                yield f"{shown} has no letters."
            elif owner == medicine.generic:
                yield f"{shown} is written twice."
            elif owner:
                yield f"'{name.written}' belongs to two medicines: '{owner}', '{medicine.generic}'."
            elif needs_its_capitals(name.words) and not _has_inner_capitals(name.written):
                yield f"{shown} is an ordinary word and would be found in every text."
            owners[name.words] = medicine.generic


def _has_inner_capitals(written: str) -> bool:
    return written[1:] != written[1:].lower()
