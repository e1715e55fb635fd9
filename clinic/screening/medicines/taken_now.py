"""Which medicines in a text are said not to be taken now: stopped, used to, no longer, not begun.

Only clear words count. What can be read in two ways is taken now: staff would rather hear of a
medicine too many, and a visitor is asked about those that seem to be over.
"""

import re
from collections.abc import Iterator, Sequence

from clinic.screening.medicines.words import AMOUNTS, SENTENCE_END, Word, word_set

Span = tuple[int, int]  # from a first word up to the one after the last

_MEDICINE, _AMOUNT = "§", "#"  # what stands for them where sentences are compared


def _words(*alternatives: str) -> str:
    """A pattern for whole words: each part is one or more of them, divided by "|"."""
    return rf"(?<!\S)(?:{'|'.join(alternatives)})(?!\S)"


# ---- Before a medicine: "I stopped taking my old §" ------------------------------------------

_LINKS = (
    "taking|using|use|take|taken|took|having|being|on|of|the|my|a|an|any|all|both|some|old|lot|lots"
    "|daily|low|high|dose|doses|generic|brand|name|medication|medicine|meds|drug|pill|pills|i|was"
    f"|prescribed|{_AMOUNT}"
)
_TAKE = "(?:taking|taken|take|took|using|used|use|on|had|tried|prescribed|tolerate)"
_NOT = (
    "(?:dont|do not|doesnt|didnt|did not|wont|cant|cannot|couldnt|can not|never|havent|have not"
    "|hasnt|not)(?: (?:currently|presently|ever|been|even|able to|to))*"
)
_SOME_TIME = "(?:few|couple|several|years?|months?|weeks?|days?|decade|two|three|five|ten|#)"
_PAST = f"in the past(?! {_SOME_TIME})"
_AGO = "(?:years?|months?|decades|long|ages) (?:time )?ago"
_YOUNG = (
    "as an? (?:kid|child|teen|teenager|adolescent)|when i was (?:a (?:kid|child|teen|teenager)"
    "|young|younger|little|in (?:high school|college|school))"
)

_DENIED = _words(f"{_NOT} {_TAKE}", "no longer")
_OVER = _words(
    "stopped|quit|ditched|discontinued|(?<!on and )off(?: of)?|used to|tried|failed",
    "(?:was|were|had been) (?:once |previously )?(?:on|taking|using)",
    "(?:switched|changed|moved|swapped)(?: me)? from|instead of|replaced|(?:clean|sober) from",
    f"previously|formerly|allerg(?:ic|y|ies) to|{_PAST}|{_AGO}|{_YOUNG}",
    # never begun
    "(?:havent|have not|hasnt|about to|going to|supposed to|waiting to) start(?:ed)?|considering",
    "interested in(?: trying| starting)?|thinking (?:about|of)(?: trying| starting| taking)?",
    "(?:want|wants|wants me|like|hoping) to (?:try|start|get on)",
)
# "stopped § and §", "stopped §, § and §"; one with a dose or a time of day is taken.
_IS_TAKEN = _words("#|daily|nightly|now|every|still|currently|at|as|each|per|is|helps|twice|once")
_STARTS = re.compile(
    rf"(?:{_DENIED}|{_OVER}) (?:(?:{_LINKS}) )*§"
    rf"(?:(?: , §)*(?: ,)? (?:and|or|nor|/) (?:the |my )?§(?! {_IS_TAKEN}))*"
)
_BARE_NO = re.compile(
    rf"{_words('no|not|no more|nor|neither|never')} (?:any |the )?§"
    r"(?:(?: , §)*(?: ,)? (?:or|nor) §)*"
)
_HEADING = re.compile(
    _words("past|previous(?:ly)?|prior|former|stopped|discontinued|allerg(?:y|ies|ic)|tried|failed")
    + r"(?: (?:meds?|medications?|medicines?|drugs?|taken|tried|prescribed|on|to|§))* :"
)
_OTHER_HEADING = re.compile(_words("current|currently|now|taking|present") + r"[^§:]* :")

# Before such a word they say that it has not happened, or not yet.
_NOT_YET = word_set(
    "not never dont didnt havent hasnt cant cannot wont wouldnt couldnt want wants wanted trying",
    "try plan planning hoping hope thinking should could would might almost nearly before if until",
    "unless why",
)
_RIGHT_BEFORE = word_set(
    "to get getting come coming comes go going wean weaning taper tapering wear wears day days"
)
_ACCUSTOMED = word_set("am im is are get getting got")  # "I am used to it"
_UNLESS = word_set("if unless why")
# "I don't take it every day" and "no Xanax today" are no goodbye.
_PARTLY = re.compile(
    _words(
        "every|everyday|daily|often|regularly|much|consistently|enough|more than|a lot|with|only",
        "as prescribed|all the time|unless|until|today|tonight|yet|this morning|just",
    )
)

# ---- Behind a medicine: "§ (stopped)", "§ years ago", "§, but I quit last year" ----------------

_WHEN = _words(
    f"{_PAST}|{_AGO}|{_YOUNG}|previously|formerly|when i was|before that|back then",
    "back in (?:the|#|high|college|school)|in (?:high school|college)",
    "(?:until|till) (?:last|recently|#)",
)
_IT = "(?:it|that|them|this|those)"
_STOPPED_IT = (
    "(?:stopped|quit|discontinued|(?:came|went|got|weaned|tapered) off)"
    rf"(?= (?:{_IT}|taking|both|all|in|last|on|a|about|around|early|after|because|due|when|since"
    rf"|recently|cold|by|years?|months?|{_AMOUNT}|\))(?!\S)|$)"
)
_ENDED = _words(
    _STOPPED_IT,
    r"no longer|no more|not (?:anymore|any more|now|currently)|tried(?: it| them)?(?= \)|$)",
    rf"(?:dont|do not|not|never) (?:take|taking|use|using|on|need)(?: {_IT})?"
    " (?:anymore|any more|any longer|now)",
    r"(?:havent|have not|hasnt) (?:started|taken|used|needed) (?:it|them|any)"
    r"(?! (?:today|yet|this)(?!\S))",
    f"off {_IT}|(?:dont|do not|never) (?:take|use) (?:it|them)(?= ?$)|no(?= ?$)",
)
_ALL_THEN = re.compile(rf"§(?: , §)*(?: ,)? (?:and|or) § {_WHEN}")  # "§, § and § in the past"
_OPENS_A_REMARK = re.compile(
    r"(?: (?:but|which|that|though|i|ive|have|had|has|it|was|were|both|all|then|of|them|now))* "
    rf"(?={_ENDED}|{_WHEN})"
)
_BEGUN = re.compile(
    _words(
        "start|started|starting|began|begin|begun|since|prescribed|put|switched|increased|added"
    ),
)
_STILL = re.compile(
    _words(
        "still(?! (?:not|off|no|dont|havent))|(?<!not )again|restarted|resumed|back on",
        f"(?<!not )currently|now (?:on|take|taking|just|only|use|using|as|{_AMOUNT})",
        "ongoing|occasionally|sometimes",
    )
)
_BOTH = re.compile(_words("both"))
_ALL = re.compile(
    _words("all of (?:them|these|those)|them all|all (?:in|stopped|quit|discontinued|years|long)")
)
_NEXT_PART = re.compile(r" (?=(?:,|and|or|/|but)(?!\S))")


def not_taken_now(words: Sequence[Word], medicines: Sequence[Span]) -> frozenset[int]:
    """The places, in the list of medicines, of those that are not taken now."""
    over: set[int] = set()
    for sentence, first in _sentences(words, medicines):
        over.update(first + number for number in _over(sentence))
    return frozenset(over)


def _sentences(words: Sequence[Word], medicines: Sequence[Span]) -> Iterator[tuple[str, int]]:
    """Sentences with a sign for each medicine, and the place of their first one."""
    ends = dict(medicines)
    said: list[str] = []
    first = seen = place = 0
    while place < len(words):
        word = words[place]
        if SENTENCE_END in word.marks:
            yield " ".join(said), first
            said, first = [], seen
        said.extend(word.marks.replace(SENTENCE_END, ""))
        if place in ends:
            said.append(_MEDICINE)
            seen += 1
            place = ends[place]
            continue
        is_amount = word.text.isdecimal() or word.text in AMOUNTS
        said.append(_AMOUNT if is_amount else word.text)
        place += 1
    yield " ".join(said), first


def _over(sentence: str) -> set[int]:
    places = [match.start() for match in re.finditer(_MEDICINE, sentence)]
    over: set[int] = set()
    rest = sentence
    for start, end in (*_told_before(sentence), *_headed(sentence)):
        over.update(number for number, place in enumerate(places) if start <= place < end)
        # What was said of the medicines behind it says nothing of the one before.
        rest = rest[:start] + re.sub(r"[^§ ]", "~", rest[start:end]) + rest[end:]
    for number, place in enumerate(places):
        following = places[number + 1] if number + 1 < len(places) else None
        remark = _remark(rest, place, following)
        if _tells_the_end(sentence, place, remark):
            over.update(_meant(remark, number))
        if _STILL.search(remark):
            over.discard(number)
    return over


def _told_before(sentence: str) -> Iterator[Span]:
    """Where a word like "stopped" speaks of what follows it."""
    for pattern in (_STARTS, _BARE_NO):
        for match in pattern.finditer(sentence):
            before = re.split(r"[,:()/]", sentence[: match.start()])[-1].split()
            rest = re.split(r"[,:()§]", sentence[match.end() :])[0]
            if not _is_not_so(match[0], before, rest):
                yield match.span()
    for match in _ALL_THEN.finditer(sentence):
        if not _BEGUN.search(sentence, 0, match.start()):
            yield match.span()


def _is_not_so(said: str, before: Sequence[str], rest: str) -> bool:
    if re.match(_DENIED, said) or _BARE_NO.fullmatch(said):
        return bool(_UNLESS.intersection(before[-3:]) or _PARTLY.search(rest))
    if said.startswith("used to") and _ACCUSTOMED.intersection(before[-1:]):
        return True
    return _has_not_happened(before)


def _has_not_happened(before: Sequence[str]) -> bool:
    return bool(_NOT_YET.intersection(before[-3:]) or _RIGHT_BEFORE.intersection(before[-1:]))


def _headed(sentence: str) -> Iterator[Span]:
    for match in _HEADING.finditer(sentence):
        other = _OTHER_HEADING.search(sentence, match.end())
        yield match.start(), other.start() if other else len(sentence)


def _remark(sentence: str, place: int, following: int | None) -> str:
    """What is said behind a medicine, up to where the next one is spoken of."""
    after = sentence[place + 1 : following]
    parts = _NEXT_PART.split(after)
    if following is not None:
        if len(parts) == 1 and after.strip(" (~"):
            return ""  # no mark between two medicines: it may belong to either
        parts = parts[:-1] or parts
    kept = parts[:1]
    for part in parts[1:]:
        words = re.sub(r"^(?:,|and|but)", "", part)
        if _OPENS_A_REMARK.match(words) or _STILL.search(words):
            kept.append(words)
    return " ,".join(kept)


def _tells_the_end(sentence: str, place: int, remark: str) -> bool:
    for match in re.finditer(_ENDED, remark):
        if not _has_not_happened(remark[: match.start()].split()):
            return True
    if not re.search(_WHEN, remark):
        return False
    before = re.split(r"[,(]", sentence[:place])[-1]
    return not _BEGUN.search(f"{before} {remark}")


def _meant(remark: str, number: int) -> range:
    """Which medicines a remark speaks of: "both", "all of them", or the last one."""
    if _BOTH.search(remark):
        return range(max(number - 1, 0), number + 1)
    return range(number + 1) if _ALL.search(remark) else range(number, number + 1)
