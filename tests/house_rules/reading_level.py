"""How many years of school a text asks of its reader (the Flesch-Kincaid grade)."""

from __future__ import annotations

import re

# Neither a fact of the clinic nor a web address is a word whose length we choose.
NOT_OUR_WORDS = re.compile(r"\{clinic\.\w+\}|\b\w+\.(?:org|gov|com)\b")
END_OF_SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n+")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d[\d,.%]*", re.IGNORECASE)
SOUNDED = re.compile(r"[aeiouy]+")
SILENT_ENDING = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouydt])ed$|(?<=[^aeiouyscxz])es$")


def grade(text: str) -> float:
    """The US school grade at which the text is read with ease; 8 is about thirteen years old."""
    plain = NOT_OUR_WORDS.sub("it", text)
    sentences = [words for words in map(WORD.findall, END_OF_SENTENCE.split(plain)) if words]
    words = [word for sentence in sentences for word in sentence]
    spoken = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59


def syllables(word: str) -> int:
    """A good guess from the letters alone: groups of vowels, without a silent ending."""
    return max(1, len(SOUNDED.findall(SILENT_ENDING.sub("", word.lower()))))
