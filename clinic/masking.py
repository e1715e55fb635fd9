"""Take what could tell who someone is out of a sentence that is kept for another purpose."""

from __future__ import annotations

import re

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63})+")
LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
BLOOD_PRESSURE = re.compile(r"\b\d{2,3}\s?/\s?\d{2,3}\b(?!\s?/)")
# A telephone, card or insurance number, however it is spaced; not “140 over 90” or “0.5”.
NUMBER = re.compile(r"(?<!\w)[+(]?\d(?:[\s().\-–—/]{0,3}\d){4,}(?:\s?(?:x|ext\.?)\s?\d+)?(?!\w)")
DATE = re.compile(
    r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}\b"
    rf"|\b{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH},?\s+\d{{4}}\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    # In small letters only what can be nothing else: “6 infusions by the way” is no address.
    r"\b\d+[A-Za-z]?\s+(?:\w+\s+){1,3}(?i:street|avenue|ave|boulevard|blvd)\b\.?|"
    r"\b\d+[A-Za-z]?\s+(?:[A-Z][\w.]*\s+){1,3}"
    r"(?i:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl)\b\.?"
)
NAME = r"[^\W\d_][\w’'-]*"
# After these words a name stands, however it is written.
INTRODUCED = re.compile(
    r"\b((?i:(?:my|her|his|their)\s+(?:\w+(?:['’]s)\s+)?(?:full\s+|last\s+|first\s+)?"
    r"name(?:\s+is|['’]s|:)|(?:i\s+am|i['’]m|im|he\s+is|she\s+is|is)\s+called))"
    rf"\s+{NAME}(?:\s+(?!(?i:and|but|i|from|in|at|with|who|because|so|the)\b){NAME}){{0,2}}"
)
# These only with a capital: “this is urgent” names nobody.
SAID_WITH_CAPITAL = re.compile(
    r"\b((?i:call\s+me|this\s+is|i\s+am|i['’]m))\s+"
    r"(?!(?:I|The|A|An|My|Not|For|So|It|IV|IM|TMS|ECT|PTSD|OCD|ADHD)\b)"
    r"[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+){0,2}"
)
TITLED = re.compile(
    rf"\b((?i:mr|mrs|ms|miss|dr)\.?|(?i:nurse|doctor)(?=\s+[A-Z]))\s+(?!(?i:s|who|and|is|at)\b){NAME}"
)


def masked(text: str) -> str:
    """The sentence with e-mail addresses, links, numbers, dates, addresses and names replaced.

    A name that nothing announces stays: what is masked is encrypted as well.
    """
    text = EMAIL.sub("[e-mail]", text)
    text = LINK.sub("[link]", text)
    text = DATE.sub("[date]", text)
    pressures = BLOOD_PRESSURE.findall(text)
    text = BLOOD_PRESSURE.sub("\0", text)
    text = NUMBER.sub("[number]", text)
    for pressure in pressures:
        text = text.replace("\0", pressure, 1)
    text = ADDRESS.sub("[address]", text)
    text = INTRODUCED.sub(r"\1 [name]", text)
    text = SAID_WITH_CAPITAL.sub(r"\1 [name]", text)
    return TITLED.sub(r"\1 [name]", text)
