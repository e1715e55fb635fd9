"""Medicines: the clinic's list, and what a visitor's own words name."""

from clinic.screening.medicines.file import FLAGS, MedicinesError, load_medicines
from clinic.screening.medicines.medicine_list import (
    Medicine,
    MedicineGroup,
    MedicineList,
    Mention,
)

__all__ = [
    "FLAGS",
    "Medicine",
    "MedicineGroup",
    "MedicineList",
    "MedicinesError",
    "Mention",
    "load_medicines",
]
