"""Everyday words for yes, no and "I don't know", which every option with such a code understands.

Words of one question only belong to its options, as `also` in the questionnaire file.
"""

from collections.abc import Mapping

_NO = (
    "no",
    "n",
    "nope",
    "nah",
    "never",
    "none",
    "nothing",
    "not at all",
    "not that i know of",
    "not to my knowledge",
)
_NONE = (*_NO, "none of these", "none of those", "none of them", "none of the above", "neither")
_UNSURE = (
    "not sure",
    "unsure",
    "not certain",
    "dont know",
    "do not know",
    "dont remember",
    "no idea",
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

# Understood anywhere in a sentence, by the code of the option.
SAID: Mapping[str, tuple[str, ...]] = {
    "yes": ("yes", "yep", "yeah", "yup", "yea", "ya", "absolutely", "definitely"),
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
    "none": ("n", "i dont", "i do not", "i dont have any", "i do not have any"),
}

# A "no" in a sentence is one only beside such words: "no aneurysm" leaves the rest open.
_FILLERS = (
    "i im ive id have had has been do does did was is it its am a an of the this these that those"
    " them any anything like at all to me my for so far thanks thank you sir maam please ok okay"
    " fine good never ever not dont havent no nope nah none nothing one ones apply applies here"
    " just really well oh um hm sorry know neither"
)
FILLERS = frozenset(_FILLERS.split())

# These begin with "no" and are no answer; a sentence with one of them is not read at all.
NOT_AN_ANSWER = ("no one", "no longer", "no more", "no matter", "no wonder", "no doubt", "not yet")
