"""Medicines: what a visitor's text names, and what has to be asked before it counts."""

from collections.abc import Collection, Iterator

from clinic.screening.items import Item, Option, Value
from clinic.screening.medicines.medicine_list import MedicineList, Mention

NONE = "none"


def mentions(medicines: MedicineList, item: Item, values: tuple[Value, ...]) -> tuple[Mention, ...]:
    """What the answer to a question about medicines names; nothing if an option was chosen."""
    if not values or item.option(values[0]) is not None:
        return ()
    return medicines.find(str(values[0]))


def doubtful(medicines: MedicineList, item: Item, values: tuple[Value, ...]) -> tuple[Mention, ...]:
    """Known medicines whose spelling was mended, or that may not be taken now."""
    named = mentions(medicines, item, values)
    return tuple(one for one in named if one.generic is not None and _is_doubtful(item, one))


def options_for(doubts: Collection[Mention]) -> tuple[Option, ...]:
    """One option for each medicine, by its name, and none of them."""
    by_generic = {one.generic or "": one for one in doubts}
    named = tuple(
        Option(generic, _called(one), (one.name, generic)) for generic, one in by_generic.items()
    )
    return (*named, Option(NONE, "None of these", ("none", "no", "neither"), exclusive=True))


def counted(
    item: Item, named: Collection[Mention], confirmed: Collection[Value], *, skipped: bool
) -> Iterator[Mention]:
    """The medicines that count: what was clear, what the visitor confirmed, or would not say."""
    for one in named:
        if one.generic is None:
            continue
        if not _is_doubtful(item, one) or skipped or one.generic in confirmed:
            yield one


def _is_doubtful(item: Item, mention: Mention) -> bool:
    return mention.close or not (mention.now or item.past)


def _called(mention: Mention) -> str:
    generic = mention.generic or ""
    if mention.name.casefold() == generic.casefold():
        return mention.name.capitalize()
    return f"{mention.name} ({generic})"
