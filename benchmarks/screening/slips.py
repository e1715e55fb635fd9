"""Slips: answers said wrongly, and how visitors put them right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers

from benchmarks.screening.expected import item_of, meant_by
from benchmarks.screening.speech import Said, button, say
from benchmarks.screening.visitors import Visitor
from benchmarks.screening.wordings import LABEL, read, talk
from clinic.screening.items import Item
from clinic.screening.states import STATES

NAMED, NAMED_TO, ACTUALLY, AT_REVIEW = "named", "named_to", "actually", "review"
WAYS = (NAMED, NAMED, NAMED_TO, ACTUALLY, ACTUALLY)
"""“Change my age”, “change my age to 43”, “actually 43”; the last is to change it in the review."""

ANSWERS_TO_ANYTHING = frozenset(("yes", "no", "none", "unsure"))
"""“Actually, not sure” may be about the open question as well: nobody could tell."""
MOST_LATER = 2


@dataclass
class Slip:
    """An answer said wrongly, and how the visitor means to put it right."""

    link_id: str
    way: str
    after: int  # fresh questions seen by then
    tried: bool = False
    at_review: int = 0  # times the visitor saw it there, still wrong

    def is_due(self, fresh: int) -> bool:
        return self.way != AT_REVIEW and not self.tried and fresh > self.after


def corrected() -> tuple[str, ...]:
    """What visitors say wrongly at first: each has a name by which it can be changed."""
    return tuple(read("talk")["names"])


def slip_at(who: Visitor, item: Item, fresh: int) -> Slip:
    """How this visitor means to put right what they now say wrongly."""
    chance = who.chance("slip way", item.link_id)
    way = chance.choice(WAYS)
    if {*meant_by(who, item)} & ANSWERS_TO_ANYTHING:
        way = NAMED
    return Slip(
        item.link_id, way, fresh + (0 if way == ACTUALLY else chance.randint(0, MOST_LATER))
    )


def correction(who: Visitor, slip: Slip) -> Said:
    """The words, and the answer that stands in them, if one does."""
    item = asked_item(slip.link_id)
    chance = who.chance("corrects", slip.link_id)
    what = chance.choice(read("talk")["names"][slip.link_id])
    if slip.way not in (NAMED_TO, ACTUALLY):
        return Said(chance.choice(talk("change_by_name")).format(what=what), ())
    said = say(who, item, meant_by(who, item), LABEL, chance)
    new = said.text.replace("; ", " and ")
    pattern = chance.choice(talk("change_to" if slip.way == NAMED_TO else "actually"))
    return Said(pattern.format(what=what, new=new), said.means)


def stands(who: Visitor, link_id: str, review: str) -> bool:
    """Whether the visitor reads their true answer in the list of all answers."""
    item = asked_item(link_id)
    _, line, after = review.partition(f"- {item.short}: ")
    if not line:
        return True
    shown = after.split("\n", 1)[0].lower().split("; ")
    return sorted(shown) == sorted(_as_shown(item, meant_by(who, item)))


def asked_item(link_id: str) -> Item:
    item = item_of(link_id)
    if item is None:
        raise LookupError(f"{link_id} stands in no questionnaire")
    return item


def _as_shown(item: Item, answer: Sequence[object]) -> list[str]:
    """An answer in the words of the review."""
    first = str(answer[0]) if answer else ""
    if item.reads == "state" and first in STATES:
        return [STATES[first].lower()]
    if item.reads == "phone":
        style = phonenumbers.PhoneNumberFormat.NATIONAL
        return [phonenumbers.format_number(phonenumbers.parse(first), style).lower()]
    return [button(item, (str(value),)).lower() for value in answer]
