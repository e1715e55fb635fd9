"""How many years of school a text asks of its reader: the Flesch-Kincaid grade.

Syllables are counted by rule from the letters, so that nothing has to be installed. Checked once
against the CMU Pronouncing Dictionary; docs/knowledge.md tells the difference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Neither the length of an address nor that of a phone number is ours to choose.
ADDRESS = re.compile(r"https?://\S+|\b[\w.@-]+\.(?:org|gov|com)\b(?:/\S*)?")
PHONE = re.compile(r"\+?\d[\d ()-]{5,}\d")

# A colon or a semicolon ends no sentence, not even before a list: with that, any text looks easy.
END_OF_LINE = re.compile(r"(?<![:;\n])\n+")
END_OF_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\bDr\.)(?<!\bDrs\.)\s+"
    r"|(?<=[.!?][”\")])\s+(?![a-z])"  # Ask “Is it safe?” before you start.
)

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:/]\d+)*")
SPELT_OUT = re.compile(r"[A-Z]{2,5}s?")
SOUNDED = re.compile(r"[aeiouy]+")
SILENT = re.compile(
    r"""
      (?<![aeiouy]) (?<![^aeiouylr'][lr]) e$                    # dose, while; not little, centre
    | (?<![aeiouydt]) (?<![^aeiouylr'][lr]) ed$                 # used, called; not treated, settled
    | (?<![aeiouyscxzg]) (?<![cs]h) (?<![^aeiouylr'][lr]) es$   # times; not doses, reaches, handles
    | (?<=[^r]g) ue (?=s?$) | (?<=q) ue (?=s?$)                 # tongue, technique; not argue
    | (?<=[aeiouy][^aeiouy]) e (?=ly$|ful|less|ness|ment|ty$)   # safely, careful, safety
    | (?<=[aeiouy][^aeiouy]) e (?=one$|body|thing|times?$|what|where|line)  # someone, lifeline
    """,
    re.VERBOSE,
)
# Vowels that stand together and are said apart.
APART = re.compile(
    r"""
      (?<=[aeiouy]) ing                                         # going, trying
    | (?<![cgstl]) ia (?!ge) | l ia (?![nr]) | [ct] ia (?=t)    # trial; not special, familiar
    | (?<![cgstxln]) io | iu (?=m)                              # serious, lithium; not session
    | ie (?=t) | (?<=[bdlr]) ien (?!d) | ie (?=rs?$|st$)        # anxiety, client; not friend
    | (?<![gq]) ua                                              # usual; not equal
    | (?<![aeioug]) eo (?!ne)                                   # video; not someone
    | ea (?=ct|tion) | [aeiou][^aeiouy]{1,2} ea (?=s?$)         # reaction, idea; not tea
    | (?<=[aeou]) y (?=[aeo][nlr])                              # loyal, employer; not played
    | (?<![aeiou]) ire [ds]? $                                  # tired
    | [iy] sms? $                                               # aneurysm
    | (?<![aeiouyr]) n't                                        # doesn't; not don't
    """,
    re.VERBOSE,
)
# What we often write and the rules get wrong.
AS_SAID = {
    "anyone": 3,
    "hour": 2,
    "hours": 2,
    "our": 2,
    "people": 2,
    "suicidal": 4,
    "suicide": 3,
}


def grade(text: str) -> float:
    """The US school grade at which the text is read with ease; 8 is about thirteen years old."""
    return _grade(sentences(text))


def hardest_sentence(text: str) -> str:
    """The one without which the text would be the easiest."""
    said = sentences(text)
    if len(said) == 1:
        return said[0]
    return min(said, key=lambda one: _grade([other for other in said if other != one] or said))


def sentences(text: str) -> list[str]:
    """They end at . ! or ? and with a paragraph or a point of a list."""
    plain = PHONE.sub("1", ADDRESS.sub("it", text))
    lines = (line.strip() for line in END_OF_LINE.split(plain))
    return [part for line in lines for part in END_OF_SENTENCE.split(line) if words(part)]


def words(text: str) -> list[str]:
    return WORD.findall(text)


def syllables(word: str) -> int:
    """A number counts as one, as with most counters; FDA as three, one for each letter."""
    if word[0].isdigit():
        return 1
    return sum(_of_a_part(part) for part in word.replace("’", "'").split("-"))


def _grade(said: Sequence[str]) -> float:
    each = [word for sentence in said for word in words(sentence)]
    spoken = sum(map(syllables, each))
    return 0.39 * len(each) / len(said) + 11.8 * spoken / len(each) - 15.59


def _of_a_part(word: str) -> int:
    if SPELT_OUT.fullmatch(word):
        return len(word.rstrip("s"))
    small = word.lower().removesuffix("'s")
    return AS_SAID.get(small) or by_letters(small)


def by_letters(word: str) -> int:
    """Groups of vowels without the silent ones; pm has none and is spelt out."""
    if not SOUNDED.search(word):
        return len(word)
    return max(1, len(SOUNDED.findall(SILENT.sub("", word))) + len(APART.findall(word)))
