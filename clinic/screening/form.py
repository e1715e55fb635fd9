"""A questionnaire with what belongs to it: scores, medicines and contradictions."""

from dataclasses import dataclass

from clinic.screening.contradictions import Contradiction
from clinic.screening.medicines import MedicineList
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.scores import Scale


@dataclass(frozen=True)
class Form:
    """All that the engine needs to lead a visitor through; it is read once and never changed."""

    questionnaire: Questionnaire
    scales: tuple[Scale, ...] = ()
    medicines: MedicineList | None = None
    contradictions: tuple[Contradiction, ...] = ()
