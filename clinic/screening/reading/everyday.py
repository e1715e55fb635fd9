"""Everyday words for yes, no and "I don't know", which every option with such a code understands.

Words of one question only belong to its options, as `also` in the questionnaire file.
"""

from collections.abc import Mapping

from clinic.screening.reading.words import word_set

_YES = (
    "yes",
    "yep",
    "yeah",
    "yup",
    "yea",
    "yeh",
    "ya",
    "yessir",
    "absolutely",
    "definitely",
    "affirmative",
    "of course",
    "certainly",
)
_NO = (
    "no",
    "nope",
    "nah",
    "nay",
    "never",
    "none",
    "nothing",
    "nada",
    "negative",
    "not at all",
    "not that i know of",
    "not that im aware of",
    "not that i am aware of",
    "not that i can think of",
    "not as far as i know",
    "not to my knowledge",
    "absolutely not",
    "definitely not",
    "of course not",
    "certainly not",
)
_NONE = (
    *_NO,
    "none of these",
    "none of those",
    "none of them",
    "none of the above",
    "neither",
    "no to all",
    "no to everything",
    "no on all",
    "no for all",
    "no to any",
    "not any of these",
    "not any of those",
    "not any of them",
)
_UNSURE = (
    "not sure",
    "unsure",
    "not certain",
    "dont know",
    "do not know",
    "dont remember",
    "cant remember",
    "no idea",
    "no clue",
    "idk",
    "dunno",
    "maybe",
    "possibly",
    "probably",
    "probably not",
    "might have",
    "i think so",
    "dont think so",
    "do not think so",
)

_HAVE_NONE = tuple(
    f"{have} {any_of_these}"
    for have in ("i dont have", "i do not have", "i havent had", "i have not had", "ive never had")
    for any_of_these in ("any", "any of these", "any of those", "any of them", "any of that")
)

# Understood anywhere in a sentence, by the code of the option.
SAID: Mapping[str, tuple[str, ...]] = {
    "yes": _YES,
    "no": _NO,
    "never": _NO,
    "none": _NONE,
    "unsure": _UNSURE,
    "unknown": _UNSURE,
}

# Understood only when nothing else is said: "I have" alone is a yes, "I have no ..." is not.
SAID_ALONE: Mapping[str, tuple[str, ...]] = {
    "yes": ("y", "i do", "i have", "i am", "i was", "i did", "correct", "right", "true"),
    "no": ("n", "i dont", "i do not", "i have not", "i havent", "i am not", "im not", "not me"),
    "never": ("n", "i have not", "i havent", "i never have"),
    "none": (
        "n",
        "zero",
        "nil",
        "i have none",
        "i dont",
        "i do not",
        *_HAVE_NONE,
        "nothing on this list",
        "nothing on the list",
        "nothing from this list",
        "none on this list",
        "none on the list",
        "none apply",
        "n a",
        "not applicable",
        "none of it",
        "doesnt apply to me",
        "does not apply to me",
    ),
}

# A thumb is a word of its own.
THUMBS: Mapping[str, str] = {"👍": "yes", "👎": "no"}

# A "no" in a sentence is one only beside such words: "no aneurysm" leaves the rest open.
_FILLERS = (
    "i im ive id have had has been do does did was is it its am a an of the this these that those"
    " them any anything like at all to me my for so far thanks thank you sir maam please ok okay"
    " fine good never ever not dont havent no nope nah none nothing one ones apply applies here"
    " just really well oh um hm sorry know neither as thankfully luckily fortunately god goodness"
    " above list aware kind"
)
FILLERS = frozenset(_FILLERS.split())

# Words that turn a plain yes into something else.
HEDGES = word_set(
    "kinda sorta kind sort of a little bit lil maybe perhaps possibly probably somewhat guess"
    " suppose think sometimes might almost nearly partly slightly occasionally say would could"
)

# These begin with "no" or speak of all options; a sentence with one of them is not read at all.
NOT_AN_ANSWER = (
    "no one",
    "no longer",
    "no more",
    "no matter",
    "no wonder",
    "no doubt",
    "not yet",
    "not only",
    "not just",
    "not all",
    "all of the above",
    "all of these",
    "all of those",
    "all of them",
    "all the above",
    "all but",
    "everything",
    "anything but",
    "nothing but",
    "other than",
    "rather than",
    "instead of",
    "apart from",
    "aside from",
)

# Said to hurt, or to be left alone. No answer, whatever the question.
HOSTILE = (
    "fuck you",
    "fuck off",
    "fuck this",
    "go fuck",
    "screw you",
    "go to hell",
    "shut up",
    "piss off",
    "bite me",
    "you suck",
    "this sucks",
    "bullshit",
    "asshole",
    "bitch",
    "cunt",
    "dumbass",
    "moron",
    "idiot",
    "stupid bot",
    "dumb bot",
    "stupid question",
    "dumb question",
    "your business",
    "ur business",
    "your damn business",
    "leave me alone",
)
