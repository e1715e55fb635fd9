"""Hear that a visitor wants to change an earlier answer, which one, and to what.

Three ways of saying so are known: a verb ("change my phone"), a complaint ("my phone number is
wrong"), and a cue before the new answer ("sorry, I meant Ohio"). Anything else is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinic.screening.items import Item
from clinic.screening.reading import change_words as words
from clinic.screening.reading import read
from clinic.screening.reading.counting import NAMED, numbers_in
from clinic.screening.reading.naming import Named, named_in
from clinic.screening.reading.words import plain_words, word_set

LONGEST = 300  # a longer text tells a story

# Said in a sentence, these can be nothing else: "I'm 43", "I live in Ohio".
_CLEAR_IN_A_SENTENCE = word_set("age state phone email")
_ANYTHING_GOES = word_set("name text medicines")
_ONE_OF_MANY = _CLEAR_IN_A_SENTENCE | {"number", "date"}
_ADULT = 18
_EVERYDAY = word_set("yes no none never unsure unknown not_applicable")
_BARE = word_set("yes yeah yep no nope nah none never nothing not sure ok okay maybe zero")
_OTHERS = re.compile(
    r"\b(?:my (?:wife|husband|partner|mom|mother|dad|father|son|daughter|brother|sister|friend|boss"
    r"|doctor|therapist|psychiatrist)|she|he|they)\b|\bi see\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Change:
    """A wish to change answers.

    `link_ids`: one question, several that it could be, or none where the visitor did not say.
    `text`: the words that hold the new answer, if there are any.
    """

    link_ids: tuple[str, ...]
    text: str | None


def find_change(text: str, items: Sequence[Item], newest: str | None) -> Change | None:
    """The wish to change one of `items`, the answered questions; None if there is no such wish.

    Args:
        newest: the question answered last, which a bare "no wait, 3" is about.
    """
    said = " ".join(re.sub("[’‘`´]", "'", text).split())
    if not items or not 0 < len(said) <= LONGEST:
        return None
    bare = words.INTERJECTIONS.sub("", said, count=1)
    return (
        _with_a_verb(bare, items, newest)
        or _as_a_mistake(said.rstrip(" .!?"), bare.rstrip(" .!?"), items, newest)
        or _as_a_complaint(bare, items)
        or _with_a_cue(said, items, newest)
        or _new_and_old(bare, items, newest)
        or _with_actually(said, items)
    )


# --- A verb ---------------------------------------------------------------------------------------


def _with_a_verb(said: str, items: Sequence[Item], newest: str | None) -> Change | None:
    """Such as "change my phone", "can I correct my email", "set email to a@b.com"."""
    adds = words.ADDS.fullmatch(said)
    if adds:
        return _of_a_list(named_in(adds["object"], items))
    wants = words.WANTS.fullmatch(said)
    if wants is None:
        return None
    wanted, verb = wants["object"].strip(), wants["verb"].lower()
    plain = wanted.rstrip(" .!?")
    last = _of_the_last(plain, items, newest)
    if last is None and verb not in ("set", "make") and words.SOMETHING.fullmatch(plain):
        return Change((), None)
    return last or _by_name(wanted, verb, items)


def _of_a_list(named: Named | None) -> Change | None:
    """Who adds a medicine to the list says the whole list again."""
    if named is None or not words.END.fullmatch(named.rest):
        return None
    is_a_list = all(item.reads in ("medicines", "multiple") for item in named.items)
    return _change(named.items, None) if is_a_list else None


def _of_the_last(wanted: str, items: Sequence[Item], newest: str | None) -> Change | None:
    last = (newest,) if newest else ()
    if words.LAST.fullmatch(wanted):
        return Change(last, None)
    to = words.LAST_TO.fullmatch(wanted)
    if to is None:
        return None
    text = to["text"]
    named = named_in(text, items)
    newest_takes_it = any(item.link_id == newest and _takes(item, text) for item in items)
    if named and words.END.fullmatch(named.rest) and not newest_takes_it:
        return _change(named.items, None)  # "my answer to the liver question"
    return _for_readers(text, items, newest, sure=True) or Change(last, text)


def _by_name(wanted: str, verb: str, items: Sequence[Item]) -> Change | None:
    named = named_in(wanted, items)
    if named is None:
        return None
    change = _of_the_follow_up(_with_what_follows(named), items)
    if verb == "make" and change and change.text is None:
        return None  # "make my name" says nothing
    if verb not in words.VERBS_OF_CARE or words.ABOUT_ANSWERS.search(wanted):
        return change
    if any(item.reads == "medicines" for item in named.items):
        return None
    is_of_a_body = set(plain_words(wanted)) <= {"my", "the", "now", *words.OF_BODY_AND_MIND}
    return None if is_of_a_body else change


def _with_what_follows(named: Named) -> Change | None:
    """The change of what was named; None where the words go on to speak of something else."""
    if words.END.fullmatch(named.rest):
        return _change(named.items, None)
    becomes = words.BECOMES.fullmatch(named.rest)
    if becomes:
        return _change(named.items, _new(becomes["text"], named.items))
    text = _new(named.rest.strip(" ,.!"), named.items)
    clear = [item for item in named.items if item.reads not in _ANYTHING_GOES]
    return _change(named.items, text) if any(_takes(item, text) for item in clear) else None


def _of_the_follow_up(change: Change | None, items: Sequence[Item]) -> Change | None:
    """Numbers for "my blood pressure" answer the question after it, where there is one."""
    if change is None or change.text is None:
        return change
    named = [item for item in items if item.link_id in change.link_ids]
    if any(read(item, change.text, lenient=True).values for item in named):
        return change
    follow_ups = {option.takes for item in named for option in item.options}
    taking = [one for one in items if one.link_id in follow_ups and _takes(one, change.text)]
    return _change(taking, change.text) if taking else change


# --- A complaint ----------------------------------------------------------------------------------


def _as_a_mistake(said: str, bare: str, items: Sequence[Item], newest: str | None) -> Change | None:
    """A mistake without a name: "oops", "I typed the wrong number"."""
    if words.WRONG_NUMBER.fullmatch(bare):
        kinds = ("phone", "age", "number", "blood_pressure")
        numbers = [item for item in items if item.reads in kinds]
        return _change([item for item in numbers if item.link_id == newest] or numbers, None)
    if any(words.LAST_MISTAKE.fullmatch(one) for one in (said, bare)):
        return Change((newest,) if newest else (), None)
    if any(words.MISTAKE.fullmatch(one) for one in (said, bare)):
        return Change((), None)
    return None


def _as_a_complaint(said: str, items: Sequence[Item]) -> Change | None:
    """Such as "my phone number is wrong", "I made a mistake with my age"."""
    named = named_in(said, items)
    if named:
        return _about_what_is_wrong(named)
    for complaint in words.COMPLAINTS:
        found = complaint.fullmatch(said)
        about = named_in(found["object"], items) if found else None
        if about:
            return _with_what_follows(about)
    wrong = words.GOT_WRONG.fullmatch(said.rstrip(" .!"))
    about = named_in(wrong["object"], items) if wrong else None
    return _change(about.items, None) if about and not about.rest.strip() else None


def _about_what_is_wrong(named: Named) -> Change | None:
    should_be = words.SHOULD_BE.fullmatch(named.rest)
    if should_be:
        return _change(named.items, _new(should_be["text"], named.items))
    wrong = words.IS_WRONG.fullmatch(named.rest)
    if wrong is None:
        return None
    becomes = words.BECOMES.fullmatch(wrong["rest"])
    return _change(named.items, _new(becomes["text"], named.items) if becomes else None)


# --- A cue ----------------------------------------------------------------------------------------


def _with_a_cue(said: str, items: Sequence[Item], newest: str | None) -> Change | None:
    """Such as "sorry, I meant Ohio", "actually I'm 43", "correction: 4"."""
    found = words.CUE.fullmatch(said)
    cue = found["cue"] if found else ""
    sure = bool(words.SURE.search(cue))
    if found and (sure or words.WEAK.search(cue)):
        text = _with_its_no(cue, found["text"], items)
        change = _to_the_new(text, items, newest, sure=sure)
        if change:
            return change
    for cue_of_another_kind in words.CUES_WITH_TEXT:
        found = cue_of_another_kind.fullmatch(said)
        if found:
            return _to_the_new(found["text"], items, newest, sure=True)
    return None


def _with_its_no(cue: str, text: str, items: Sequence[Item]) -> str:
    """In "correction: No preference" the "no" is of the answer, not of the cue."""
    whole = f"no {text}"
    ends_with_no = plain_words(cue)[-1:] == ("no",)
    is_a_name = any(item.options and _takes(_with_labels_only(item), whole) for item in items)
    return whole if ends_with_no and is_a_name else text


def _to_the_new(
    text: str, items: Sequence[Item], newest: str | None, *, sure: bool
) -> Change | None:
    if text.rstrip().endswith("?"):
        return None
    named = named_in(text, items)
    is_owned = text.lower().startswith(("my ", "the "))
    if named and sure and is_owned and words.END.fullmatch(named.rest):
        return _change(named.items, None)  # "oops, my age"
    if named and named.rest.strip():
        becomes = words.BECOMES.fullmatch(named.rest)
        new = _new(becomes["text"] if becomes else named.rest, named.items)
        change = _if_taken(named, new)
        if change or becomes:
            return change
    return _for_readers(_new(text, items), items, newest, sure=sure)


def _new_and_old(said: str, items: Sequence[Item], newest: str | None) -> Change | None:
    """Both at once: "my age is 43 not 34", "Texas, not Ohio", "my new number is ..."."""
    new_one = words.NEW_ONE.fullmatch(said)
    named = named_in(new_one["named"] if new_one else said, items)
    becomes = words.BECOMES.fullmatch(named.rest) if named else None
    if named and becomes:
        is_new = new_one or words.NOT_THE_OLD.fullmatch(becomes["text"])
        return _if_taken(named, _new(becomes["text"], named.items)) if is_new else None
    both = words.NEW_NOT_OLD.fullmatch(said)
    if both is None:
        return None
    one_of_many = [item for item in items if item.reads in _ONE_OF_MANY]
    taking_both = [one for one in one_of_many if _takes(one, both["old"])]
    return _for_readers(both["text"], taking_both, newest, sure=True)


def _with_actually(said: str, items: Sequence[Item]) -> Change | None:
    """Such as "I'm actually 43", "I live in Ohio actually"."""
    text, how_often = words.ACTUALLY.subn("", said)
    if _OTHERS.search(text):
        return None  # where somebody else lives, or how old they are, is no answer of ours
    clear = [item for item in items if item.reads in _CLEAR_IN_A_SENTENCE]
    return _for_readers(text.strip(), clear, None, sure=False) if how_often else None


def _if_taken(named: Named, text: str) -> Change | None:
    taken = any(read(item, text, lenient=True).values for item in named.items)
    return _change(named.items, text) if taken else None


def _for_readers(
    text: str, items: Sequence[Item], newest: str | None, *, sure: bool
) -> Change | None:
    """The questions that take this text as an answer; the newest alone, if it is one of them."""
    text = words.IT_IS.sub("", text, count=1).strip(" ,;:!") if words.IT_IS.match(text) else text
    if not sure and set(plain_words(text)) <= _BARE:
        return None  # a bare no may answer anything, most likely the open question
    name = [one for one in items if one.link_id == newest and _is_a_name(one, text, sure=sure)]
    if name:
        return _change(name, text)
    taking = [item for item in items if _takes(item, text) and (sure or _is_telling(item, text))]
    last = [item for item in taking if item.link_id == newest]
    if not sure:
        # Other words for an option may as well answer the open question: "actually, a friend".
        taking = [item for item in taking if _takes(_with_labels_only(item), text)]
    if last:
        return _change(last, text)
    if _is_a_bare_number(text):
        # It may as well answer the open question. And no bare 3 turns anybody into a child.
        taking = [item for item in taking if sure and not (item.reads == "age" and _is_young(text))]
    return _change(taking, text) if taking else None


def _with_labels_only(item: Item) -> Item:
    if item.reads in _CLEAR_IN_A_SENTENCE:
        return item
    return replace(item, options=tuple(replace(option, also=()) for option in item.options))


def _takes(item: Item, text: str) -> bool:
    """Strictly, but for what can be nothing else: "I live in Ohio", "two" where a number is due."""
    is_clear = item.reads in _CLEAR_IN_A_SENTENCE
    kindly = is_clear or (item.reads == "number" and _is_a_bare_number(text))
    return bool(read(item, text, lenient=kindly).values)


def _is_a_name(item: Item, text: str, *, sure: bool) -> bool:
    """Right after the name a new one may be said, written as names are: "sorry, Rosa Park"."""
    said = text.split()
    is_written_so = bool(said) and said[0][:1].isupper() and not said[-1].islower()
    has_enough = sure or len(said) > 1
    return (
        item.reads == "name"
        and is_written_so
        and has_enough
        and bool(read(item, text, lenient=True).values)
    )


def _is_a_bare_number(text: str) -> bool:
    said = plain_words(text)
    return (len(said) == 1 and said[0].isdecimal()) or all(word in NAMED for word in said)


def _is_young(text: str) -> bool:
    return any(number < _ADULT for number in numbers_in(plain_words(text)))


def _is_telling(item: Item, text: str) -> bool:
    """Whether a text is more than "no" or "2", which may as well answer the open question."""
    values = {str(value) for value in read(item, text, lenient=True).values}
    by_place = bool(item.options) and item.type != "integer" and text.strip(" .!#").isdecimal()
    by_the_way = item.type == "date" and not re.search(r"\d", text)  # "actually, yesterday"
    return not by_place and not by_the_way and not values <= _EVERYDAY


def _new(text: str, items: Sequence[Item]) -> str:
    """The new answer without the old one and the manners: "43 not 34", "43 please".

    What is the name of an answer stays whole: "Does not apply to me", "I have it now".
    """
    whole = text.strip(" ,;.!")
    if any(item.options and read(item, whole, lenient=False).values for item in items):
        return whole
    both = words.NOT_THE_OLD.fullmatch(text)
    return words.POLITE.sub("", both["text"] if both else text).strip(" ,;")


def _change(items: Sequence[Item], text: str | None) -> Change:
    return Change(tuple(item.link_id for item in items), text)
