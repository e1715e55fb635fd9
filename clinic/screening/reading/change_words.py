"""The words with which visitors change an answer, as patterns."""

import re

from clinic.screening.reading.words import word_set


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


# --- A verb: "can I change my phone" ------------------------------------------------------------

INTERJECTIONS = _pattern(
    r"(?:(?:oh|ah|ok|okay|hi|hello|hey|um|uh|hmm|well|so|and|but|please|pls|plz|yes|yeah|ugh"
    r"|excuse me|oops|whoops|sorry|wait|hold on|hang on|actually|no|my bad|just|also)\b",
    r"[\s,.!:;–-]*)*",
)
_WISH = (
    r"(?:i(?: really| just| also)? (?:want|need|would like|wanna|have|wish|gotta|forgot)(?: to)? "
    r"|i'?d (?:like|love|rather|prefer)(?: to)? |(?:want|need|like|would like) to |wanna |gotta "
    r"|i should(?: probably)? |i (?:got|ought) to "
    r"|(?:can|could|may|might) i (?:please |just |still |also )?"
    r"|(?:can|could|would|will) (?:you|we|u) (?:please |just |still |kindly )?"
    r"|(?:let me|lemme|let's) (?:just )?|how (?:do|can|could|would) i |is it possible to "
    r"|is there a way to |am i able to |i was wondering if i (?:can|could) "
    r"|would it be ok(?:ay)? to |help me )?(?:please )?(?:go back and )?"
)
WANTS = _pattern(
    _WISH,
    r"(?P<verb>change|changing|edit|update|correct|fix|modify|amend|revise|redo|re-do|replace"
    r"|switch|alter|adjust|set|re-?enter|retype|re-?answer|go back to|get back to|return to"
    r"|back to|(?:take|bring) me back to|take back|do over|make) (?P<object>.+)",
)
ADDS = _pattern(
    _WISH, r"(?:add|include|remove|drop) .+? (?:to|in|from|on) (?P<object>(?:my|the) .+)"
)

# People change medicines and mend hearts, not only answers about them.
VERBS_OF_CARE = word_set("change changing switch replace alter adjust fix modify")
OF_BODY_AND_MIND = word_set(
    "brain head mind heart liver bladder thyroid eye eyes body mood sleep energy appetite focus"
    " worry worrying interest pregnancy breastfeeding psychosis mania symptoms care doctors"
    " condition diagnosis alcohol drugs drinking drug use treatment treatments pain ride"
)
ABOUT_ANSWERS = _pattern(
    r"\b(?:answers?|questions?|one|part|list|response|what i (?:said|typed|put|told))\b"
)

# --- What of: the last answer, or something ------------------------------------------------------

_THE_LAST = (
    r"(?:my |the |that |this )?(?:very )?(?:last|previous|prior|latest|most recent)"
    r"(?: (?:answer|question|one|response|thing|reply))?"
)
LAST = _pattern(rf"(?:{_THE_LAST}|that|it|this|that one|that answer|this answer)")
LAST_TO = _pattern(
    rf"(?:my answer|the answer|my response|{_THE_LAST}|it|that|this|that one)",
    r" (?:to|into) (?P<text>.+)",
)
SOMETHING = _pattern(
    r"(?:(?:an?|any|all|some|one|another|one of|some of|a few|a couple|several|of|my|the|these"
    r"|those|previous|earlier|other|old|past|wrong|first|second|third|fourth|fifth) )*",
    r"(?:answers?|questions?(?: #?\d{1,2})?|them|something|anything|responses?"
    r"|things?|entry|entries|details|info|information"
    r"|what i (?:said|typed|put|wrote|entered|told you|answered))",
    r"(?: (?:i|you|gave|made|typed|put|said|have|wrote|already|from|before|earlier|above|please"
    r"|now|again|that|back|in|here|on|there|else|up|first|a|moment|minute|ago))*",
)

# --- What follows a name -------------------------------------------------------------------------

END = _pattern(
    r"[\s.!?]*(?:[\s,.]*(?:because|cause|since|as|it'?s|it is|it was|that'?s|is|was|i) "
    r"(?:i\b.*|it\b.*|the\b.*|wrong|incorrect|not right|not correct|a typo"
    r"|(?:made|got|mis\w*|typed|put|entered|gave|wrote|messed)\b.*)"
    r"|[\s,.]*(?:thanks|thank you|sorry|if (?:possible|i can|i may|that's ok(?:ay)?)))?[\s.!?]*"
)
BECOMES = _pattern(
    r"(?:,? from .{1,60}? to |[,;.]? ?(?:(?:it|that|which|this|and|so|now|really|actually) )*",
    r"(?:to|into|with|as|is|are|was|should be|should have been|should say|needs to be|must be"
    r"|it'?s|that'?s|to be|to say)(?: (?:now|actually|really|to|be))* |\s*(?::|=|->|→|–|-)\s*)",
    r"(?P<text>.+)",
)
NOT_THE_OLD = _pattern(r"(?P<text>.+?)[\s,;.(-]+(?:and )?(?:not|instead of) .+")

# --- A complaint: "my phone number is wrong" -----------------------------------------------------

_WRONG = (
    r"(?:(?:all |totally |completely |actually |still )?(?:wrong|incorrect|mistyped|misspelled"
    r"|misspelt|outdated|a typo|a mistake|an error)|not (?:actually )?correct)"
)
_SAID = (
    r"(?:gave|typed|entered|put|wrote|said|picked|chose|selected|clicked|told|pressed|hit|answered)"
)
_I = r"i (?:think i |just |may have |might have |accidentally |mistakenly |have )?"
_A_MISTAKE = r"(?:a |an |some )?(?:little |small |big )?(?:mistakes?|typos?|errors?)"
IS_WRONG = _pattern(
    rf" (?:is|was|are|were|'s|looks|seems|has) (?:spelled |spelt |written )?{_WRONG}(?P<rest>.*)"
)
SHOULD_BE = _pattern(
    r" (?:should(?: actually| really)? (?:be|have been|say|read)|needs to be|must be) (?P<text>.+)"
)
COMPLAINTS = tuple(
    _pattern(complaint, " (?P<object>.+)")
    for complaint in (
        rf"(?:{_I}(?:made?|make|did|got|have|had)|i've made|there(?:'s| is| was)) {_A_MISTAKE}"
        " (?:with|in|on|about|for|at)",
        rf"{_I}{_SAID}(?: you)?(?: in| down)? (?:the |a |my |an )?(?:wrong|incorrect)",
        rf"{_I}(?:messed|screwed|mixed) up(?: on)?",
        rf"{_I}(?:misspelled|misspelt|mistyped|misread|misunderstood|misclicked)(?: on)?",
        r"(?:(?:it(?:'s| is| was)|that(?:'s| is| was)|this is) )?(?:the |a )?(?:wrong|incorrect)",
        r"that(?:'s| is| was)(?: not|n't) my",
        r"(?:typo|mistake|error) (?:in|with|on)",
        r"i(?:'ve)? (?:have )?changed my mind (?:about|on)",
        r"i (?:was|am|lied|was lying|wasn't honest|was not honest)(?: wrong)? about",
    )
)
GOT_WRONG = _pattern(rf"{_I}(?:got|had|{_SAID}) (?P<object>.+?) (?:wrong|incorrectly|in wrong)")
WRONG_NUMBER = _pattern(rf"(?:{_I}{_SAID} (?:in )?)?(?:the |a )?wrong number")
MISTAKE = _pattern(
    r"oops|whoops|oopsie|change|edit|correction|(?:change|edit|correct|fix)(?: an?| my)? answers?",
    rf"|(?:{_I}(?:made?|make)|i've made) {_A_MISTAKE}(?: (?:there|earlier|above|before|somewhere"
    r"|in my answers?|with my answers?|in one of my answers|in an answer|sorry))*",
    rf"|{_I}{_SAID} (?:on )?(?:the |a |an )?wrong"
    r" (?:one|answer|thing|button|option|choice|box)(?: (?:there|earlier|before|sorry|again))*"
    r"|wrong (?:answer|button|option|choice|one|box)"
    r"|i (?:messed|screwed) up (?:an?|my|one|the) (?:answers?|question)"
    r"|i answered (?:wrong|incorrectly|that wrong)"
    r"|that(?:'s| is| was) (?:wrong|a mistake|a typo|incorrect|the wrong answer|not what i meant)",
    rf"|i (?:accidentally|mistakenly) {_SAID} (?:yes|no|that|it)",
    rf"|i {_SAID} (?:yes|no|that|it) (?:by accident|by mistake|accidentally)",
)
LAST_MISTAKE = _pattern(
    rf"(?:{_THE_LAST}|that one) (?:is|was) {_WRONG}|scratch that|strike that"
    r"|i take (?:that|it) back"
    rf"|i (?:made a mistake|got it wrong|messed up) (?:in|on|with) {_THE_LAST}"
)

# --- A cue: "sorry, I meant Ohio" ----------------------------------------------------------------

_TO_SAY = r"(?: to (?:say|type|put|write|answer|choose|pick|click|select|enter|be))?"
_SURE_CUE = (
    r"(?:i meant|i did ?n'?t mean that|correction|scratch that|strike that|wait,? no|no,? wait|oops"
    r"|whoops|oopsie|my bad|my mistake|make (?:it|that)|typo|edit"
    r"|i (?:mistyped|misspoke|misclicked)"
    r"|i should have (?:said|put|typed)|on second thought|i take (?:that|it) back"
    r"|fat[- ]fingered it)"
)
_WEAK_CUE = r"(?:actually|sorry|wait|hold on|hang on|i mean|apologies|my apologies|pardon)"
CUE = _pattern(
    r"(?P<cue>(?:(?:oh|ah|ok|okay|hmm|um|uh|well|no|nope|yeah|so|but|and|hey|ugh|damn|shoot|crap)",
    r"\b[\s,.!]*)*",
    rf"(?:(?:{_SURE_CUE}{_TO_SAY}|{_WEAK_CUE}|no|oh|but|that)\b[\s,.:;!–-]*)+)(?P<text>.+)",
)
SURE = _pattern(rf"\b{_SURE_CUE}\b")
WEAK = _pattern(rf"\b{_WEAK_CUE}\b")
MEANT = _pattern(rf".*\b(?:i|but) (?:really |actually )?meant{_TO_SAY}[\s,:]+(?P<text>.+)")
INSTEAD = _pattern(rf"i (?:accidentally )?{_SAID} .+? instead of (?P<text>.+)")
NEW_NOT_OLD = _pattern(r"(?:it'?s |it is )?(?P<text>.+?),? (?:and )?not (?P<old>.+?)[.!]*")
USE_INSTEAD = _pattern(r"(?:use|put|try|take|write) (?P<text>.+?) instead[.!]*")
ACTUALLY = _pattern(r",? ?\bactually\b,?")
BY_AN_ASTERISK = _pattern(r"\*+ ?(?P<text>.+)")
NEW_ONE = _pattern(r"(?:my|the) (?:new|actual|real|correct|right|other) (?P<named>.+)")
POLITE = _pattern(r"[\s,]*(?:please|pls|plz|thanks|thank you|instead|now)?[\s?!]*$")
IT_IS = _pattern(
    r"(?:(?:it|that|the answer|my answer)(?:'?s| is| was| should be| should have been)|should be"
    r"|should have been|to) (?=\S)"
)
CUES_WITH_TEXT = (MEANT, INSTEAD, USE_INSTEAD, BY_AN_ASTERISK)
