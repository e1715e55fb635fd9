"""Find which questions a text names at its beginning: "my phone and email to ..."."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clinic.screening.items import Item, Option
from clinic.screening.reading.phrases import Phrase, find
from clinic.screening.reading.words import Word, plain_words

_MOST_WORDS = 10  # no name is longer

# What everybody calls these, unless a question has the name for its own.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "age": ("age",),
    "state": ("state", "home state"),
    "name": ("name", "first name", "last name", "full name", "surname"),
    "phone": (
        *("phone", "phone number", "number", "telephone", "telephone number", "cell"),
        *("cell number", "cell phone", "cell phone number", "mobile", "mobile number"),
    ),
    "email": ("email", "e mail", "email address", "e mail address", "mail address"),
    "blood_pressure": ("blood pressure", "blood pressure numbers", "bp"),
    "medicines": ("medicine", "medicines", "medication", "medications", "meds"),
}

_BEFORE = re.compile(
    r"(?:(?:my|the|that|this|about|to|on|for|with|in|old|current|first|previous|earlier"
    r"|what i (?:said|put|typed|wrote|told you|answered)"
    r"|(?:answers?|question|one|part|bit|response) (?:about|on|for|with|to|of)) )*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?: (?:answers?|question|number|one|part|field|response|entry|info|information|details"
    r"|address|thing|list|item|section|again|please|pls|plz|too|now|(?:that )?i gave(?: you)?"
    r"|i (?:typed|put|entered|said)|earlier|before))*(?!\w)",
    re.IGNORECASE,
)
_AND = re.compile(r"(?: ?, ?(?:and )?| and | & )(?=\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_OWNED = re.compile(r"^(?:my|the|your) ", re.IGNORECASE)
_YOU = re.compile(r"\byou\b", re.IGNORECASE)
_ASIDE = re.compile(r"\(.*?\)")


@dataclass(frozen=True)
class Named:
    """The questions named, and what the text goes on to say."""

    items: tuple[Item, ...]
    rest: str


def named_in(text: str, items: Sequence[Item]) -> Named | None:
    """The longest name wins; two questions of one name are both meant."""
    phrases = tuple(_names(items))
    codes: set[str] = set()
    rest: str | None = text
    after = text
    while rest is not None and (one := _one_in(rest, phrases)):
        codes |= one[0]
        after = one[1]
        another = _AND.match(after)
        rest = after[another.end() :] if another else None
    named = tuple(item for item in items if item.link_id in codes)
    return Named(named, after) if named else None


def _one_in(text: str, phrases: Sequence[Phrase]) -> tuple[set[str], str] | None:
    before = _BEFORE.match(text)
    begin = before.end() if before else 0
    said = list(_WORD.finditer(text, begin))[:_MOST_WORDS]
    if not said or said[0].start() != begin:
        return None
    words = [Word(word[0].replace("'", "").casefold(), 0) for word in said]
    names = [one for one in find(words, phrases) if one.start == 0]
    if not names:
        return None
    end = said[names[0].end - 1].end()
    after = _AFTER.match(text, end)
    codes = {one.option.code for one in names if one.option}
    return codes, text[after.end() if after else end :]


def _names(items: Sequence[Item]) -> Iterator[Phrase]:
    own = {(words, item.link_id) for item in items for words in _own_names(item)}
    owned = {words for words, _ in own}
    first = {item.reads: item.link_id for item in reversed(items)}
    usual = {
        (plain_words(name), link_id)
        for reads, link_id in first.items()
        for name in _CALLED.get(reads, ())
    }
    for words, link_id in sorted(own | {one for one in usual if one[0] not in owned}):
        yield Phrase(words, Option(link_id, link_id))


def _own_names(item: Item) -> Iterator[tuple[str, ...]]:
    for name in (item.short, _ASIDE.sub("", item.short), item.link_id.replace("_", " ")):
        yield from filter(None, (plain_words(name),))
    for name in item.named:
        # "my phone" and "the phone" are one name.
        yield from filter(None, (plain_words(_OWNED.sub("", name)),))
    yield plain_words(_YOU.sub("me", item.short))
