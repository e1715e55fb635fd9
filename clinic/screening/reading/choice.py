"""Read which options a visitor chose: by label, by place, or in a sentence."""

import re
from collections.abc import Sequence

from clinic.screening.items import Item, Option
from clinic.screening.reading.everyday import FILLERS, HEDGES, NOT_AN_ANSWER, SAID, SAID_ALONE
from clinic.screening.reading.phrases import Found, Phrase, find
from clinic.screening.reading.places import place_in
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.words import CONTRASTS, Word, is_question, plain_words, words_of

_MOST_WORDS = 40  # a longer story has room for several meanings
_REASSURING = frozenset({"no", "never", "none", "normal"})
_EXCEPTIONS = frozenset({"except", "besides", "unless"})
_SEPARATORS = (
    re.compile(r"[;\n]"),
    re.compile(r"[;\n,/&+]|\band\b", re.IGNORECASE),
    re.compile(r"(?<=\d)[\s,;]+(?=#?\d)"),  # "1 3 4"
)
_MANY_PLACES = re.compile(r"^(?:options|numbers|answers|choices|nos\.?)\s+(?=#?\d)", re.IGNORECASE)

_DRAWN_OUT = re.compile(
    r"\b(?:(n)o{2,}|(y)e+a+h{2,}|(y)e{2,}s+|(y)es{2,}|(n)ope{2,})\b", re.IGNORECASE
)
_RELATIVE = (
    r"(?:mom|mother|mum|dad|father|parent|brother|sister|sibling|son|daughter|kid|child|children"
    r"|wife|husband|partner|boyfriend|girlfriend|friend|aunt|uncle|cousin"
    r"|(?:grand|step)(?:ma|pa|mother|father|mom|dad|son|daughter|parent))s?"
)
# What others have, what is feared and what is over; "…" stands where an option was named.
_NOT_THEIRS_NOW = re.compile(
    rf"\b{_RELATIVE} (?:had|has|have|having|suffers|suffered|was|is|got|gets|died|…)"
    r"|\b(?:risk of|fear of|afraid of|scared of|worried about|family history of|suspected)"
    r"(?: (?:having|getting|a|an|another))* …|… (?:risk\b|(?:runs )?in (?:my |the )?family\b)"
    r"|\b(?:stopped|quit|former|formerly|ex|fired|lost|used to|no longer)(?: (?!…)\S+){0,3} …"
)


def read_choice(item: Item, text: str, lenient: bool) -> Reading:
    exact = _exactly(item, text, lenient)
    if exact:
        return _fitting(item, exact)
    if not lenient or item.explicit:
        return _please_choose(item)
    if is_question(text):
        return QUESTION
    return _in_a_sentence(item, _plainly(text))


def chosen_by_place_or_name(item: Item, text: str, lenient: bool) -> Option | None:
    """The one option whose place or name is the whole text."""
    place = place_in(text, len(item.options))
    return item.options[place - 1] if place else exact_option(item, text, lenient)


def exact_option(item: Item, text: str, lenient: bool) -> Option | None:
    """The one option whose label, code or other words are the whole text."""
    said = "".join(plain_words(_plainly(text) if lenient else text))
    if not said:
        return None
    for words_for in (own_words, _everyday_words) if lenient else (own_words,):
        for option in item.options:
            if any(said == "".join(plain_words(words)) for words in words_for(option)):
                return option
    return None


def option_phrases(options: Sequence[Option]) -> tuple[Phrase, ...]:
    """What options are called within a sentence, one phrase for each name."""
    own = {Phrase(plain_words(name), one) for one in options for name in own_words(one)}
    taken = {phrase.words for phrase in own}
    everyday = {
        Phrase(plain_words(name), option)
        for option in options
        for name in SAID.get(option.code, ())
    }
    decoys = {Phrase(plain_words(name), None) for name in NOT_AN_ANSWER}
    # The question's own words win: "not that I know of" may mean something else here.
    others = {phrase for phrase in everyday | decoys if phrase.words not in taken}
    return tuple(sorted(own | others, key=_in_a_fixed_order))


def own_words(option: Option) -> tuple[str, ...]:
    """What an option is called in the questionnaire file."""
    return (option.label, option.code, *option.also)


def _in_a_fixed_order(phrase: Phrase) -> tuple[tuple[str, ...], str]:
    return phrase.words, phrase.option.code if phrase.option else ""


def _everyday_words(option: Option) -> tuple[str, ...]:
    return (*SAID.get(option.code, ()), *SAID_ALONE.get(option.code, ()))


def _plainly(text: str) -> str:
    """With "noooo" and "yesss" as plain words."""
    return _DRAWN_OUT.sub(lambda drawn: "no" if drawn[1] or drawn[5] else "yes", text)


def _exactly(item: Item, text: str, lenient: bool) -> tuple[Option, ...]:
    """Options that make up the whole text: one, or a list of them where several may be chosen."""
    one = chosen_by_place_or_name(item, text, lenient)
    if one or item.reads != "multiple":
        return (one,) if one else ()
    for separator in _SEPARATORS:
        parts = [part for part in separator.split(_MANY_PLACES.sub("", text)) if part.strip()]
        chosen = [chosen_by_place_or_name(item, part.strip(), lenient) for part in parts]
        if chosen and all(chosen):
            return tuple(option for option in chosen if option)
    return ()


def _in_a_sentence(item: Item, text: str) -> Reading:
    words = words_of(text)
    if len(words) > _MOST_WORDS:
        return problem("That is a lot at once. " + _ask_again(item))
    found = find(words, option_phrases(item.options))
    if any(one.option is None for one in found) or _is_not_theirs_now(words, found):
        return _please_choose(item)
    chosen = _meant(item, found)
    if not chosen or _takes_it_back(item, words, found, chosen) or _is_open(item, found):
        return _please_choose(item)
    return _fitting(item, chosen)


def _meant(item: Item, found: Sequence[Found]) -> tuple[Option, ...]:
    denied_by = {one.denied_by for one in found if one.denied_by is not None}
    meant = []
    for one in found:
        # In "no depression" the "no" denies one thing; it does not say "none of these".
        is_only_a_denial = item.reads == "multiple" and one.start in denied_by and one.length == 1
        if one.option and one.denied_by is None and not is_only_a_denial:
            meant.append(one.option)
    return tuple(meant)


def _is_open(item: Item, found: Sequence[Found]) -> bool:
    """Whether a "no" may belong to what follows or not: "no/yes", "stroke, no seizures, angina"."""
    answers = {one.start for one in found if one.option and one.denied_by is None}
    yes_denied_by = {one.denied_by for one in found if one.option and one.option.code == "yes"}
    contradicts = item.reads != "multiple" and bool(answers & yes_denied_by)
    return contradicts or any(one.in_doubt for one in found)


def _takes_it_back(
    item: Item, words: Sequence[Word], found: Sequence[Found], chosen: Sequence[Option]
) -> bool:
    """Whether the rest of the sentence may undo what was read: "no, but ...", "no aneurysm"."""
    inside = _places_of(found)
    rest = {word.text for place, word in enumerate(words) if place not in inside}
    if any(option.code in _REASSURING for option in chosen):
        return not rest <= FILLERS
    if any(option.code == "yes" for option in chosen) and _is_hedged(words, inside):
        return True
    survives_a_but = item.reads == "multiple" or all(option.code == "yes" for option in chosen)
    return bool(rest & _EXCEPTIONS) or (not survives_a_but and bool(rest & CONTRASTS))


def _is_hedged(words: Sequence[Word], inside: frozenset[int]) -> bool:
    """In "yeah, kinda" a part says nothing but "kinda"; "maybe ten years ago" hedges the time."""
    for clause in {word.clause for word in words}:
        rest = {
            word.text
            for place, word in enumerate(words)
            if word.clause == clause and place not in inside
        }
        if rest & HEDGES and rest <= HEDGES | FILLERS:
            return True
    return False


def _is_not_theirs_now(words: Sequence[Word], found: Sequence[Found]) -> bool:
    """Whether it is not what the visitor has now; not where that is itself an answer."""
    inside = _places_of(found)
    left = " ".join("…" if place in inside else word.text for place, word in enumerate(words))
    return bool(_NOT_THEIRS_NOW.search(left))


def _places_of(found: Sequence[Found]) -> frozenset[int]:
    return frozenset(place for one in found for place in range(one.start, one.end))


def _fitting(item: Item, chosen: Sequence[Option]) -> Reading:
    options = [option for option in item.options if option in chosen]
    if len(options) > 1 and item.reads != "multiple":
        return problem(f"I read both {_quoted(options)}. Which one is it?")
    alone = [option for option in options if option.exclusive]
    if len(options) > 1 and alone:
        return problem(f"“{alone[0].label}” stands alone. Please choose it, or the others.")
    return Reading(values=tuple(option.value for option in options))


def _please_choose(item: Item) -> Reading:
    return problem("I am not sure I understood. " + _ask_again(item))


def _ask_again(item: Item) -> str:
    if item.reads == "multiple":
        return "Please choose all that fit, or type their numbers, for example “1, 3”."
    return "Please choose one of the options, or type its number."


def _quoted(options: Sequence[Option]) -> str:
    return " and ".join(f"“{option.label}”" for option in options[:3])
