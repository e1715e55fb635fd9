"""One way of writing for what people write in many: "dont" and "do not", "txt" and "text"."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from clinic.screening.reading.words import Word, words_of

# Without apostrophes: "don't" has lost its own by now.
_SHORT_FORMS = """\
dont=do not|doesnt=does not|didnt=did not|isnt=is not|arent=are not|wasnt=was not
werent=were not|havent=have not|hasnt=has not|hadnt=had not|cannot=can not|cant=can not
couldnt=could not|wouldnt=would not|wont=will not|shouldnt=should not|aint=am not
im=i am|iam=i am|ive=i have|its=it is|thats=that is|theres=there is|theyre=they are|weve=we have
youre=you are|lets=let us|everythings=everything is"""
_TYPED_FAST = """\
txt=text|txts=texts|txting=texting|msg=message|msgs=messages|vm=voicemail|vms=voicemails
fone=phone|fones=phones|ph=phone|dr=doctor|drs=doctors|doc=doctor|docs=doctors
yr=year|yrs=years|wk=week|wks=weeks|mos=months|mth=month|mths=months|dayz=days|nite=night
smth=something|sth=something|smthing=something|sumthing=something|smthn=something
u=you|ur=your|pls=please|plz=please|thx=thanks|thnx=thanks|ty=thank you|ok=okay|k=okay
bc=because|cuz=because|coz=because|tho=though|thru=through|abt=about|b4=before|cos=because
alot=a lot|atall=at all|noone=no one|rite=right|curently=currently|prob=probably|probs=probably
w=with|wo=without|wout=without|def=definitely|ppl=people|sumtimes=sometimes|govt=government
medication=medicine|medications=medicine|medicines=medicine|meds=medicine|med=medicine
rx=prescription|evry=every"""
_IN_FULL: Mapping[str, tuple[str, ...]] = {
    short: tuple(full.split())
    for pairs in (_SHORT_FORMS, _TYPED_FAST)
    for short, _, full in (pair.partition("=") for pair in re.split(r"[|\n]", pairs))
}
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}|\b(?:[^\W\d_]\.)+[^\W\d_]\b")  # "P.T.S.D."
_WE_ARE = re.compile(r"(?<=\w)['’](re|ll)\b", re.IGNORECASE)  # "were" is another word
_WOULD = re.compile(r"\b(i|we|they|you|she|he)['’]d\b", re.IGNORECASE)
_AND = re.compile(r"(?<=[^\W\d_]{3} )n(?= [^\W\d_]{3})", re.IGNORECASE)  # "call n text"
_SLASHED = re.compile(r"\bw/o\b|\bw/(?= ?[^\W\d_])", re.IGNORECASE)
_DRAWN_OUT = re.compile(
    r"\b(?:(n)o{2,}|(y)e+a+h{2,}|(y)e{2,}s+|(y)es{2,}|(n)ope{2,})\b", re.IGNORECASE
)
_SHORTEST_JOINED = 4


def plainly(text: str) -> str:
    """With "noooo" and "yesss" as plain words, "P.T.S.D." without its dots."""
    text = _DRAWN_OUT.sub(lambda drawn: "no" if drawn[1] or drawn[5] else "yes", text)
    text = _WE_ARE.sub(lambda found: " are" if found[1] in ("re", "RE") else " will", text)
    text = _WOULD.sub(r"\1 would", text)
    text = _SLASHED.sub(lambda found: "without " if found[0][-1] in "oO" else "with ", text)
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), _AND.sub("and", text))


def said_in_full(text: str) -> tuple[Word, ...]:
    """The words of a text, each written as it is in the names of options."""
    return tuple(_in_full(words_of(plainly(text))))


def named_in_full(name: str) -> tuple[str, ...]:
    """The words of a name, so that they can be found in what `said_in_full` gives."""
    return tuple(word.text for word in said_in_full(name))


def joined(words: Sequence[Word], known: Collection[str]) -> tuple[Word, ...]:
    """With "bi-polar" as the one word that is known here, and "PHQ-9" too."""
    whole: list[Word] = []
    for word in words:
        before = whole[-1] if whole else None
        if before and _is_one_word(before, word, known):
            whole[-1] = replace(before, text=before.text + word.text)
        else:
            whole.append(word)
    return tuple(whole)


def _is_one_word(before: Word, word: Word, known: Collection[str]) -> bool:
    both = before.text + word.text
    is_near = word.before in (" ", "-", "")
    return (
        is_near
        and len(both) >= _SHORTEST_JOINED
        and both in known
        and not (before.text in known and word.text in known)
    )


def _in_full(words: Iterable[Word]) -> Iterator[Word]:
    for word in words:
        full = _IN_FULL.get(word.text)
        if full is None:
            yield word
            continue
        yield replace(word, text=full[0])
        yield from (replace(word, text=more, before=" ") for more in full[1:])
