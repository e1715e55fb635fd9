"""What is said when options were not understood, or which they are when they were."""

from collections.abc import Collection, Sequence

from clinic.screening.items import Item, Option
from clinic.screening.reading.options import is_scale
from clinic.screening.reading.reading import Reading, problem

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def chosen(item: Item, options: Collection[Option]) -> Reading:
    """The options as the answer, unless they exclude each other."""
    all_of_them = in_order(item, options)
    if len(all_of_them) > 1 and item.reads != "multiple":
        return problem(f"I read both {_quoted(all_of_them)}. Which one is it?")
    alone = [option for option in all_of_them if option.exclusive]
    if len(all_of_them) > 1 and alone:
        return problem(f"“{alone[0].label}” stands alone. Please choose it, or the others.")
    return Reading(values=tuple(option.value for option in all_of_them))


def in_order(item: Item, options: Collection[Option]) -> list[Option]:
    return [option for option in item.options if option in options]


def please_choose(item: Item) -> Reading:
    return problem("I am not sure I understood. " + ask_again(item))


def which_of_both(item: Item, options: Collection[Option]) -> Reading:
    return problem(f"I read {_quoted(in_order(item, options))}. {ask_again(item)}")


def not_all_of_it(item: Item, options: Collection[Option]) -> Reading:
    """Names what was understood, in our own words only."""
    understood = in_order(item, options)
    if all(option.exclusive for option in understood):
        return please_choose(item)
    return problem(
        f"I read {_quoted(understood)}, and I am not sure about the rest."
        " Please choose all that fit."
    )


def mixed_up(item: Item) -> Reading:
    return problem(f"{_one_of_them(item)}, so that I do not mix up numbers.")


def ask_again(item: Item) -> str:
    if item.reads == "multiple":
        return "Please choose all that fit, or type their numbers, for example “1, 3”."
    if is_scale(item):
        return f"{_one_of_them(item)}."
    return "Please choose one of the options, or type its number."


def _one_of_them(item: Item) -> str:
    how_many = len(item.options)
    count = _COUNTS[how_many] if how_many < len(_COUNTS) else str(how_many)
    return f"Please choose one of the {count} answers"


def _quoted(options: Sequence[Option]) -> str:
    *others, last = [f"“{option.label}”" for option in options[:3]]
    return f"{', '.join(others)} and {last}" if others else last
