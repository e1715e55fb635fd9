"""Who visits, and what each of them means to answer: drawn from visitors.yml, always alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.screening.wordings import lines, read, told
from clinic.screening.items import Value

SEED = 20
SKIPPED = 5
"""Of every hundred questions that may be skipped, how many are."""
AREA_CODES = ("202", "206", "305", "312", "404", "415", "503", "512", "617", "702", "720", "919")
NEVER_SKIPPED = frozenset({"extras"})
"""Who skips these would never see the questions behind them, so there would be less to measure."""

Answer = tuple[Value, ...]
"""Codes of options, numbers or text; empty if the question is to be skipped."""


@dataclass(frozen=True)
class Medicine:
    """A medicine that a visitor takes, as they would write it."""

    generic: str
    said: str
    dose: str | None = None
    now: bool = True


@dataclass(frozen=True)
class Visitor:
    """Somebody with an answer to every question, whether or not it will be asked."""

    number: int
    kind: str
    answers: Mapping[str, Answer]
    medicines: tuple[Medicine, ...] = ()
    tried: tuple[Medicine, ...] = ()
    seed: int = field(default=SEED, repr=False)

    def chance(self, *about: object) -> Random:
        """Chance of its own for each thing, so that one answer never changes another."""
        return Random("/".join(map(str, (self.seed, self.number, *about))))


def visitors(count: int, seed: int = SEED) -> Iterator[Visitor]:
    for number in range(1, count + 1):
        yield visitor(number, seed)


def visitor(number: int, seed: int = SEED) -> Visitor:
    """The visitor with this number."""
    nobody = Visitor(number, "", {}, seed=seed)
    chance = nobody.chance("who")
    kind = _one(_distributions()["kinds"], chance)
    answers = _usual_answers(nobody, kind)
    if kind == "ends_early":
        kind = _one(_distributions()["ends_early"], chance)
        answers |= _ending(kind, chance)
    medicines = _medicines(answers, nobody.chance("medicines"))
    tried = _tried(answers, nobody.chance("tried"))
    return Visitor(number, kind, answers, medicines, tried, seed)


def another(who: Visitor, link_id: str, chance: Random) -> Answer | None:
    """An answer that this visitor may give by mistake; None where there is none to draw."""
    first = who.answers.get(link_id)
    for _ in range(20):
        other = _drawn(link_id, "calm", chance)
        if link_id in ("name", "phone", "email"):
            other = (_contact(link_id, chance),)
        if other and other != first:
            return other
    return None


def is_skipped(who: Visitor, link_id: str) -> bool:
    """Whether this visitor leaves the question out, if it may be."""
    lot = who.chance("skip", link_id).random() * 100
    return link_id not in NEVER_SKIPPED and lot < SKIPPED


def _usual_answers(nobody: Visitor, kind: str) -> dict[str, Answer]:
    answers: dict[str, Answer] = {"consent": ("yes",), "emergency_now": ("no",)}
    names = {*_distributions()["everyone"], "age", "state", "name", "phone", "email"}
    for link_id in sorted(names):
        chance = nobody.chance("means", link_id)
        if link_id in ("name", "phone", "email"):
            answers[link_id] = (_contact(link_id, chance),)
        else:
            answers[link_id] = _drawn(link_id, kind, chance)
    answers |= _blood_pressure(answers["bp_status"][0], nobody.chance("numbers"))
    for scale, items in {"phq9": 8, "gad7": 7}.items():
        for item in range(1, items + 1):
            chance = nobody.chance("means", scale, item)
            answers[f"{scale}_{item}"] = _drawn("mood_items", kind, chance)
    for link_id in ("extras", "contact_method"):
        answers[link_id] = _ticked(link_id, nobody.chance("means", link_id))
    return answers


def _drawn(link_id: str, kind: str, chance: Random) -> Answer:
    if link_id == "age":
        return (chance.randint(18, 88 if kind == "sick" else 74),)
    if link_id == "state":
        return (chance.choice(sorted(read("states"))),)
    shares = _distributions()
    weights = shares.get(kind, {}).get(link_id) or shares["everyone"].get(link_id)
    if weights is None:
        return ()
    if "together" not in weights:
        return (_one(weights, chance),)
    alone, together = weights.get("alone", {}), weights["together"]
    first = _one({**alone, **together}, chance)
    if first in alone:
        return (first,)
    return _several(first, together, int(_one(shares["how_many"], chance)), chance)


def _several(first: str, weights: Mapping[str, int], count: int, chance: Random) -> Answer:
    chosen, left = [first], {code: w for code, w in weights.items() if code != first}
    while left and len(chosen) < count:
        chosen.append(_one(left, chance))
        del left[chosen[-1]]
    return tuple(chosen)


def _ticked(link_id: str, chance: Random) -> Answer:
    name = {"extras": "extras", "contact_method": "reach"}[link_id]
    chosen = [
        code for code, share in _distributions()[name].items() if chance.random() < share / 100
    ]
    if link_id == "contact_method":
        return tuple(chosen or ["call"])
    return tuple(chosen or ["none"])


def _contact(link_id: str, chance: Random) -> str:
    person = chance.choice(lines(told("name").more["people"]))
    if link_id == "name":
        return person
    if link_id == "phone":
        return f"+1{chance.choice(AREA_CODES)}55501{chance.randint(0, 99):02}"
    plain = "".join(sign for sign in person.lower() if sign.isascii() and sign.isalpha())
    host = chance.choice(lines(told("email").more["hosts"]))
    return f"{plain}{chance.choice(('', '.', '_', '+ket'))}{chance.randint(1, 99)}@{host}"


def _blood_pressure(status: Value, chance: Random) -> dict[str, Answer]:
    low, high = {"high_controlled": (118, 142), "high_uncontrolled": (148, 196)}.get(
        str(status), (104, 182)
    )
    upper = chance.randint(low, high)
    lower = min(upper - 25, max(58, round(upper * 0.62) + chance.randint(-8, 10)))
    return {"bp_systolic": (upper,), "bp_diastolic": (lower,)}


def _medicines(answers: Mapping[str, Answer], chance: Random) -> tuple[Medicine, ...]:
    shares = _distributions()["medicines"]
    count = int(_one(shares["how_many"], chance))
    known = {entry["generic"]: entry for entry in read("medicines")["taken"]}
    chosen = chance.sample(sorted(known), count)
    if count and answers["bp_status"][0] in ("high_controlled", "high_uncontrolled"):
        chosen[0] = chance.choice(shares["blood_pressure"])
    taken = [_medicine(known[generic], chance) for generic in dict.fromkeys(chosen)]
    if taken and chance.random() < shares["no_longer"] / 100:
        stopped = chance.choice(sorted(set(known) - set(chosen)))
        taken.append(Medicine(stopped, chance.choice(known[stopped]["said"]), now=False))
    return tuple(taken)


def _tried(answers: Mapping[str, Answer], chance: Random) -> tuple[Medicine, ...]:
    known = {entry["generic"]: entry for entry in read("medicines")["taken"]}
    count = min(int(answers["antidepressant_trials"][0]), 4)
    chosen = chance.sample(_distributions()["medicines"]["antidepressants"], count)
    return tuple(
        Medicine(generic, chance.choice(known[generic]["said"]), now=False) for generic in chosen
    )


def _medicine(entry: dict[str, Any], chance: Random) -> Medicine:
    with_dose = chance.random() < _distributions()["medicines"]["doses"] / 100
    dose = str(chance.choice(entry["doses"])) if with_dose else None
    return Medicine(entry["generic"], chance.choice(entry["said"]), dose)


def _ending(kind: str, chance: Random) -> dict[str, Answer]:
    match kind:
        case "under_18":
            return {"age": (chance.randint(12, 17),)}
        case "elsewhere":
            return {"state": ("outside_us",)}
        case "someone_else":
            return {"for_whom": ("someone_else",)}
        case "refuses":
            return {"consent": ("no",)}
        case _:
            return {"emergency_now": ("yes",)}


def _one(weights: Mapping[Any, int], chance: Random) -> Any:
    return chance.choices(list(weights), weights=list(weights.values()))[0]


@lru_cache
def _distributions() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "visitors.yml").read_text("utf-8")
    )
    return content
