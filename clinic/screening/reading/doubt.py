"""Words that leave open whether an option is so: what others have, what is wanted, what is over."""

import re
from collections.abc import Sequence

from clinic.screening.items import Item, Option
from clinic.screening.reading.parts import Part
from clinic.screening.reading.phrases import Found
from clinic.screening.reading.words import Word, word_set

# "…" stands where an option was named.
_RELATIVE = (
    r"(?:mom|mother|mum|dad|father|parent|brother|sister|sibling|son|daughter|kid|child|children"
    r"|wife|husband|partner|boyfriend|girlfriend|friend|aunt|uncle|cousin|roommate|boss|neighbor"
    r"|(?:grand|step)(?:ma|pa|mother|father|mom|dad|son|daughter|parent))s?"
)
_NOT_THEIRS = re.compile(
    rf"\b{_RELATIVE} (?:had|has|have|having|suffers|suffered|was|is|got|gets|died|sees|takes"
    r"|uses|…)"
    rf"|\bmy {_RELATIVE}s (?:\S+ ){{0,2}}…"
    r"|\b(?:risk of|fear of|afraid of|scared of|worried about|family history of|suspected)"
    r"(?: (?!…)\S+){0,2} …|… (?:risk\b|(?:runs )?in (?:my |the )?family\b)"
)
_OF_OTHERS = re.compile(rf"… my {_RELATIVE}\b")  # "text my wife"
_WANTED_BEFORE = re.compile(
    r"\b(?:need|needs|needing|want|wants|wanting|look|looking|search|searching|seeking|shopping"
    r"|wait|waiting|waitlist|hope|hoping|wish|like to|interested|curious|consider|considering"
    r"|thinking (?:of|about)|thought (?:of|about)|plan|planning|about to|going to|gonna"
    r"|trying to (?:find|get|see|start|have)|will (?:see|get|try|start|have|be)|should"
    r"|recommend\w*|suggest\w*|refer|referred|referral|scheduled|appointment|next|soon)\b"
    r"(?! to (?:change|correct|fix|edit|update)\b)(?: (?!…)\S+){0,5} …"
)
_WISHES = word_set("want hoping planning trying")
_WANTED_AFTER = re.compile(
    r"… (?:\S+ ){0,3}(?:soon|next (?:week|month|year)|starts?|starting|scheduled|recommended"
    r"|suggested|appointment|waitlist|referral)\b"
)
_WELL_NOW = re.compile(
    r"\b(?:fine|normal|good|okay|healthy|clear|great|alright|better|well|gone|over) (?:right )?…"
)
_GIVEN_UP = re.compile(
    r"\b(?:stopped|quit|former|formerly|ex|fired|lost|used to|no longer)(?: (?!…)\S+){0,3} …"
)
_PAST_BEFORE = re.compile(
    r"(?:\b(?:used to|use to|stopped|quit|former|formerly|ex|previous|previously|once|no longer"
    r"|past|prior|history of|recovered|recovering|fired|lost|was|were|saw|went|did|until|before"
    r"|left|retired|finished|completed|over|done|between)|(?<!have )(?<!has )\bhad)\b"
    r"(?: (?!…)\S+){0,4} …"
)
_PAST_AFTER = re.compile(
    r"… (?:.*\b)?(?:ago|any ?more|in the past|years back|back then|before|until|last year|stopped"
    r"|quit|retired|left|moved away|gone|went away|over|cleared|healed|cured|resolved|remission"
    r"|when i was|no longer|as an? (?:kid|child|teen\w*))\b"
)
# Said of what is now: that it is little, or as it should be.
_NO_TROUBLE = re.compile(
    r"\b(?:occasional|occasionally|socially|rarely|seldom|once in a while|special occasions?"
    r"|holidays|in moderation|here and there|not much|a glass"
    r"|(?:not|no|never) (?:been )?(?:a |an |any |really )*(?:big |real )?"
    r"(?:problem|trouble|issue)s?"
    r"|(?<!not )(?<!without )(?<!without a )(?:prescribed|prescription))\b"
)
_NO_LONGER = re.compile(r"\b(?:used to|no longer|any ?more|ago|in the past|back then)\b")
_OVER = re.compile(
    r"\b(?:used to|use to|stopped|quit|no longer|any ?more|ago|in the past|back then|gone"
    r"|until|went away|cleared up|healed|cured|resolved|is over|retired|when i was"
    r"|last (?:year|spring|summer|fall|winter)|still (?:looking|searching|waiting))\b"
)

# Feared, looked for and not found: "epilepsy was ruled out", "I almost had a stroke".
_WELL = r"(?:fine|normal|good|okay|healthy|clear|great|alright|all right|better|well)"
_NOT_FOUND = re.compile(
    r"\b(?:almost|nearly|close to|no sign of|tested for|screened for|checked for|ruled out"
    r"|doubt|unlikely)(?: (?!…)\S+){0,3} …"
    r"|… (?:\S+ ){0,3}(?:ruled out|excluded|negative|scare)\b"
    rf"|… (?:\S+ )?(?:is|are|was|were|looks|look|came back|it is) (?:\S+ )?{_WELL}\b"
)
# What a question asks, by its own words: what somebody would like, or how it is today.
_ASKS_FOR_WISHES = re.compile(
    r"\b(?:would|will|shall|may) (?:you|your|our|i|we)\b|\byou would\b", re.IGNORECASE
)
_ASKS_FOR_NOW = re.compile(r"\bnow\b|(?:^|[.?!] )Are you\b")
_ASKS_FOR_EVER = re.compile(r"\b(?:ever|in the past|have you had|was it|did)\b", re.IGNORECASE)
_ABOUT_NOW = re.compile(r"\bnow\b", re.IGNORECASE)
_ABOUT_THE_PAST = re.compile(r"\b(?:past|ago|recovery|longer)\b", re.IGNORECASE)


def is_about_now(item: Item) -> bool:
    """Whether a question asks for nothing but how it is today."""
    return bool(_ASKS_FOR_NOW.search(item.text)) and not _ASKS_FOR_EVER.search(item.text)


def is_not_theirs(item: Item, words: Sequence[Word], found: Sequence[Found]) -> bool:
    """Whether somebody else has it, or it is only feared; not where that is itself an answer."""
    # "My sister will pick me up" is a yes of the visitor.
    is_of_visitor = "yes" if item.reads != "multiple" else None
    named = [one for one in found if one.option and one.option.code != is_of_visitor]
    said = _with_gaps(words, range(len(words)), named)
    of_others = _OF_OTHERS.search(said) and _ASKS_FOR_WISHES.search(item.text)
    return bool(_NOT_THEIRS.search(said) or of_others)


def is_open(
    item: Item, words: Sequence[Word], one: Found, found: Sequence[Found], parts: Sequence[Part]
) -> bool:
    """Whether what was named may be wanted only, or be over."""
    if one.option is None or one.option.exclusive:
        return False
    if one.option.points is not None:
        return bool(_NO_LONGER.search(_with_gaps(words, range(len(words)), ())))
    if _says_little(item, one.option):
        return False
    beside = [part for part in parts if not _holds(part, found)]
    (own,) = (part for part in parts if one.start in part)
    said = _with_gaps(words, own, [one])
    around = " | ".join(_with_gaps(words, part, ()) for part in beside)
    # Where the wish is the answer, as in "want to get pregnant", it is said.
    is_said = bool(_WISHES.intersection(one.said))
    is_wanted = not is_said and (_WANTED_BEFORE.search(said) or _WANTED_AFTER.search(said))
    is_doubtful = is_wanted or _NOT_FOUND.search(said)
    if is_doubtful and not _ASKS_FOR_WISHES.search(item.text):
        return True
    if not _is_of_today(item, one.option):
        return bool(_GIVEN_UP.search(said)) and not _ASKS_FOR_EVER.search(item.text)
    if _ABOUT_NOW.search(one.option.label) and _NO_TROUBLE.search(f"{said} | {around}"):
        return True
    if _WELL_NOW.search(said):
        return True
    return bool(_PAST_BEFORE.search(said) or _PAST_AFTER.search(said) or _OVER.search(around))


def _says_little(item: Item, option: Option) -> bool:
    """A yes is about the question, whatever words stand beside it."""
    is_plain = option.code in ("yes", "no", "unsure", "unknown")
    return option.takes is not None or (is_plain and item.reads != "multiple")


def _is_of_today(item: Item, option: Option) -> bool:
    return bool(_ABOUT_NOW.search(option.label)) or (
        is_about_now(item) and not _ABOUT_THE_PAST.search(option.label)
    )


def _holds(part: Part, found: Sequence[Found]) -> bool:
    return any(one.start in part for one in found)


def _with_gaps(words: Sequence[Word], places: Sequence[int], found: Sequence[Found]) -> str:
    """The words of a part, with "…" for those of an option."""
    inside = {place for one in found for place in one.places}
    said: list[str] = []
    for place in places:
        text = "…" if place in inside else words[place].text
        if not (text == "…" and said[-1:] == ["…"]):
            said.append(text)
    return " ".join(said)
