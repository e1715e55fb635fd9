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
    "not that i know",
    "not that i know of",
    "not that im aware of",
    "not that i can think of",
    "not as far as i know",
    "not to my knowledge",
    "absolutely not",
    "definitely not",
    "of course not",
    "certainly not",
    "no never",
    "never ever",
)
_NONE = (
    *_NO,
    "none of these",
    "none of those",
    "none of them",
    "none of the above",
    "none of that",
    "none of this",
    "non of them",
    "non of these",
    "non of those",
    "neither",
    "no to all",
    "no to everything",
    "no on all",
    "no for all",
    "no to any",
    "no to each",
    "not any of these",
    "not any of those",
    "not any of them",
    "not one of them",
    "not one of these",
    "not one of those",
    "not a single one",
    "nothing on that list",
    "nothing on this list",
    "nothing on the list",
    "nothing from that list",
    "nothing in that list",
    "none on that list",
    "none on this list",
    "none on the list",
    "nothing like that",
    "nothing of the sort",
    "nothing of the kind",
)
_UNSURE = (
    "not sure",
    "not too sure",
    "not so sure",
    "not really sure",
    "not quite sure",
    "not entirely sure",
    "not totally sure",
    "not completely sure",
    "not 100 sure",
    "unsure",
    "not certain",
    "uncertain",
    "not positive",
    "dont know",
    "dont really know",
    "dont rightly know",
    "really dont know",
    "honestly dont know",
    "dont remember",
    "dont recall",
    "cant remember",
    "cant recall",
    "cant say",
    "cant really say",
    "cant tell",
    "cant tell you",
    "couldnt say",
    "couldnt tell you",
    "couldnt tell",
    "wouldnt know",
    "hard to say",
    "hard to tell",
    "difficult to say",
    "tough to say",
    "no idea",
    "no clue",
    "not a clue",
    "havent a clue",
    "beats me",
    "who knows",
    "your guess is as good as mine",
    "idk",
    "dunno",
    "maybe",
    "perhaps",
    "possibly",
    "probably",
    "probably not",
    "might have",
    "i think so",
    "dont think so",
    "i forgot",
    "i forget",
    "i'd have to ask my doctor",
    "i'd have to ask",
    "have to look it up",
    "it depends",
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
    "no": (
        *("n", "non", "i dont", "i have not", "i am not", "not me", "i do not", "that is not so"),
        *("it is not", "it does not", "it did not"),
    ),
    "never": ("n", "i have not", "i never have"),
    "none": (
        "n",
        "non",
        "zero",
        "nil",
        "i have none",
        "i have none of these",
        "i have none of those",
        "i have none of them",
        "i dont",
        "none apply",
        "n a",
        "not applicable",
        "none of it",
        "doesnt apply to me",
    ),
}

# For an option that counts nothing on a scale. "No energy at all" says the contrary, so alone too.
NOT_AT_ALL = (
    *("no", "n", "nope", "nah", "never", "never ever", "none", "zero", "not at all", "at no time"),
    *(
        "no never",
        "no not once",
        "not once",
        "no days",
        "none of the days",
        "not a day",
        "not one day",
        "not a single day",
    ),
    *("none of the time", "not even once", "not a bit", "not in the least"),
    *("that hasnt bothered me", "it hasnt bothered me", "hasnt bothered me", "it doesnt bother me"),
    *("hasnt been a problem", "hasnt been an issue", "not a problem", "not an issue"),
    *("thats not a problem for me", "thats not an issue for me", "not a problem for me"),
)

# A thumb is a word of its own.
THUMBS: Mapping[str, str] = {"👍": "yes", "👎": "no"}

# A "no" in a sentence is one only beside such words: "no aneurysm" leaves the rest open.
_FILLERS = (
    "i im ive id have had has been do does did was is it its am a an of the this these that those"
    " them any anything like at all to me my for so far thanks thank you sir maam please ok okay"
    " fine good never ever not dont havent no nope nah none nothing one ones apply applies here"
    " just really well oh um hm sorry know neither as thankfully luckily fortunately god goodness"
    " above list aware kind be honest honestly frankly otherwise there alright doing done tried"
    " feel feeling and or would"
)
FILLERS = frozenset(_FILLERS.split())
"""Beside a denial these say nothing more."""

WELL = word_set("ok okay fine good alright right well great safe healthy normal better")
"""Said by who is well, unless there is a "not"."""

NOW = word_set(
    "now right currently today at the this moment time present point these days lately recently"
)
"""Beside a denial these say nothing more where a question is about now."""

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
    "quite a few",
    "not all",
    "all of the above",
    "all of these",
    "all of those",
    "all of them",
    "all the above",
    "all but",
    "anything but",
    "nothing but",
    "other than",
    "rather than",
    "instead of",
    "apart from",
    "aside from",
    # like an option, and something else
    "physical therapy",
    "physical therapist",
    "occupational therapy",
    "occupational therapist",
    "speech therapy",
    "speech therapist",
    "massage therapy",
    "massage therapist",
    "hormone therapy",
    "radiation therapy",
    "light therapy",
    "gene therapy",
    "stroke of luck",
    "heart broken",
    "broken heart",
    "heart set",
    "emotional pain",
    "mental pain",
    "drink socially",
    "social drinker",
    "social drinking",
    "drinking socially",
    # no company on the way home
    "uber",
    "lyft",
    "taxi",
    "cab",
    "rideshare",
    "ride share",
    "bus",
    "drive myself",
    "drive home myself",
    "driving myself",
    "by myself",
    "walk home",
)

# The same, where several may be chosen.
ALL_OF_THEM = ("everything", "all of it")

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
