"""What a visitor types as the answer to a question, and which answer it is meant to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from benchmarks.screening.visitors import Answer, Medicine, Visitor
from benchmarks.screening.wordings import LABEL, SLOPPY, choices, lines, read, talk, told
from clinic.screening.items import Item
from clinic.screening.states import STATES

_TO_NINETEEN = """\
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_FROM_TWENTY = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS_AT_ONCE = 0.7
"""How often a blood pressure is typed where only its kind was asked, or both numbers at once."""


@dataclass(frozen=True)
class Said:
    """A wording, and what it means; `also` holds what it answers beside the question."""

    text: str
    means: Answer
    also: Mapping[str, Answer] = field(default_factory=dict)


def say(who: Visitor, item: Item, meant: Answer, style: str, chance: Random) -> Said:
    """Words for what is meant; an empty answer is a wish to skip."""
    if not meant:
        return Said("Skip" if style == LABEL else chance.choice(talk("skip")), ())
    special = _SPECIAL.get(item.link_id)
    if special is not None and (said := special(who, meant, style, chance)) is not None:
        return said
    if style == LABEL or item.link_id not in choices():
        return Said(button(item, meant), meant)
    codes = [str(code) for code in meant]
    return Said(choices()[item.link_id].choice(codes, style, chance), meant)


def button(item: Item, meant: Answer) -> str:
    """What the widget sends for a press, or for several ticks."""
    labels = {option.code: option.label for option in item.options}
    return "; ".join(labels.get(str(code), str(code)) for code in meant)


def in_words(number: int) -> str:
    """A number below a hundred as it is spoken."""
    units, tens = _TO_NINETEEN.split(), _FROM_TWENTY.split()
    if number < 20:
        return units[number]
    ten, unit = divmod(number, 10)
    return tens[ten - 2] + (f" {units[unit]}" if unit else "")


def _age(who: Visitor, meant: Answer, style: str, chance: Random) -> Said:
    age = int(meant[0])
    if style == LABEL:
        return Said(str(age), meant)
    return Said(told("age").pick(style, chance).format(n=age, words=in_words(age)), meant)


def _state(who: Visitor, meant: Answer, style: str, chance: Random) -> Said | None:
    code = str(meant[0])
    if code == "outside_us":
        return None if style == LABEL else Said(told("outside_us").pick(style, chance), meant)
    state = STATES[code]
    if style == LABEL:
        return Said(state, meant)
    cities, typo = read("states")[code].split(" | ")
    city = chance.choice(cities.split(", "))
    words = {"state": state, "code": code, "city": city, "typo": typo}
    low = {f"low_{name}": word.lower() for name, word in words.items()}
    return Said(told("state").pick(style, chance).format(**words, **low), meant)


def _trials(who: Visitor, meant: Answer, style: str, chance: Random) -> Said | None:
    number = int(meant[0])
    only = lines(told("antidepressant_trials").more["only"].get(number, ""))
    if style == LABEL:
        return None
    if only and (number < 2 or chance.random() < 0.4):
        return Said(chance.choice(only), meant)
    pattern = told("antidepressant_trials").pick(style, chance)
    return Said(pattern.format(n=number, words=in_words(number)), meant)


def _bp_status(who: Visitor, meant: Answer, style: str, chance: Random) -> Said | None:
    """Who knows the numbers mostly types them, instead of saying that they know them."""
    if meant != ("numbers",) or style == LABEL or chance.random() > NUMBERS_AT_ONCE:
        return None
    text, both = _numbers("bp_both", who, style, chance)
    return Said(text, meant, both)


def _bp_systolic(who: Visitor, meant: Answer, style: str, chance: Random) -> Said:
    if style != LABEL and chance.random() < NUMBERS_AT_ONCE:
        text, both = _numbers("bp_both", who, style, chance)
        return Said(text, meant, {"bp_diastolic": both["bp_diastolic"]})
    text = str(meant[0]) if style == LABEL else _numbers("bp_top", who, style, chance)[0]
    return Said(text, meant)


def _bp_diastolic(who: Visitor, meant: Answer, style: str, chance: Random) -> Said:
    text = str(meant[0]) if style == LABEL else _numbers("bp_bottom", who, style, chance)[0]
    return Said(text, meant)


def _numbers(name: str, who: Visitor, style: str, chance: Random) -> tuple[str, dict[str, Answer]]:
    both = {key: who.answers[key] for key in ("bp_systolic", "bp_diastolic")}
    upper, lower = (answer[0] for answer in both.values())
    return told(name).pick(style, chance).format(s=upper, d=lower), both


def _name(who: Visitor, meant: Answer, style: str, chance: Random) -> Said:
    name = str(meant[0])
    if style == LABEL:
        return Said(name, meant)
    low = name.lower()
    text = told("name").pick(style, chance).format(name=name, low=low)
    return Said(text, (low,) if style == SLOPPY else meant)


def _phone(who: Visitor, meant: Answer, style: str, chance: Random) -> Said:
    digits = str(meant[0])[-10:]
    a, b, c = digits[:3], digits[3:6], digits[6:]
    pattern = "{a}-{b}-{c}" if style == LABEL else told("phone").pick(style, chance)
    return Said(pattern.format(a=a, b=b, c=c), meant)


def _email(who: Visitor, meant: Answer, style: str, chance: Random) -> Said:
    address = str(meant[0])
    pattern = "{e}" if style == LABEL else told("email").pick(style, chance)
    return Said(pattern.format(e=address, upper=address.upper(), title=address.capitalize()), meant)


def _note(name: str) -> Callable[[Visitor, Answer, str, Random], Said]:
    def said(who: Visitor, meant: Answer, style: str, chance: Random) -> Said:
        text = told(name).pick(style, chance)
        return Said(text, (text,))

    return said


def _medicines(who: Visitor, meant: Answer, style: str, chance: Random) -> Said | None:
    taken = [one for one in who.medicines if one.now]
    said = _listed(taken, "none", "sentences", style, chance)
    for one in who.medicines:
        if not one.now and said is not None:
            stopped = chance.choice(lines(read("medicines")["no_longer"])).format(one=one.said)
            text = f"{said.text}. {stopped}"
            return Said(text, (text,))
    return said


def _tried(who: Visitor, meant: Answer, style: str, chance: Random) -> Said | None:
    return _listed(who.tried, "none_tried", "tried", style, chance)


def _listed(
    taken: Sequence[Medicine], none: str, sentences: str, style: str, chance: Random
) -> Said | None:
    """Kept as it was typed, so the text is its own meaning; `none` is an option."""
    words = read("medicines")
    if not taken:
        return None if style == LABEL else Said(chance.choice(lines(words[none][style])), ("none",))
    names = [one.said if one.dose is None else f"{one.said} {one.dose}" for one in taken]
    if style == SLOPPY:
        text = chance.choice((", ", " ", " + ", "\n", " and ")).join(name.lower() for name in names)
    else:
        joined = ", ".join(names[:-1]) + (" and " if names[1:] else "") + names[-1]
        text = chance.choice(lines(words[sentences])).format(list=joined)
    return Said(text, (text,))


_SPECIAL: Mapping[str, Callable[[Visitor, Answer, str, Random], Said | None]] = {
    "age": _age,
    "state": _state,
    "antidepressant_trials": _trials,
    "bp_status": _bp_status,
    "bp_systolic": _bp_systolic,
    "bp_diastolic": _bp_diastolic,
    "name": _name,
    "phone": _phone,
    "email": _email,
    "best_time": _note("best_time"),
    "referral_source": _note("referral_source"),
    "medicines": _medicines,
    "antidepressants_tried": _tried,
}
