"""Words that add nothing to an answer: "it has been bad for years"."""

from collections.abc import Collection, Sequence

from clinic.screening.reading.words import NEGATORS, word_set

# Whatever the question.
_LITTLE_WORDS = (
    "i me my mine myself we us our you your he him his she her it they them their this that"
    " these those there here who whom whose which what when where why how a an the of in on at"
    " to for from by about around into onto over under after before during until till between"
    " through per since because if then than as so too very really quite pretty just only even"
    " still mostly mainly usually often always again already ever also plus and or but with well"
    " yes yeah yep sure okay fine please thanks thank hi hello oh um honest honestly basically"
    " actually am is are was were be been being do does did done doing have has had having can"
    " could may might must shall should will would get gets got getting go goes going went come"
    " comes came coming make makes made making take takes took taken taking keep keeps kept put"
    " give gave let say says said saying tell tells told think thinks thought believe know guess"
    " suppose mean seem seems feel feels feeling felt like want wants wanted need needs needed"
    " hope hoping look looking looks see sees seeing seen saw find found try tries trying tried"
    " stop start starts started starting begin began use uses using happen happens happened kind"
    " sort type form bit lot lots much many more most less least some any all each both either"
    " few several couple almost nearly every same whole entire main one ones two three four five"
    " six seven eight nine ten once twice times half"
)
# When, how much and how bad: the same answer still.
_TIME_AND_MEASURE = (
    "now right today yesterday tonight day days week weeks month months year years decade"
    " decades ago back recent recently late lately early earlier last past next current"
    " currently moment present time times long longer while sometimes first second ongoing"
    " lifelong forever daily weekly morning mornings afternoon afternoons evening evenings night"
    " nights noon weekday weekdays weekend weekends january february march april june july"
    " august september october november december spring summer fall autumn winter monday tuesday"
    " wednesday thursday friday saturday sunday childhood child kid teen teens teenager young"
    " younger old older age born birth twenties thirties forties fifties sixties school college"
    " life bad badly worse worst better best good great ok terrible awful horrible hard tough"
    " rough chronic constant constantly major minor big huge real serious severe mild moderate"
    " light slight slightly heavy strong extreme extremely terribly longterm term unfortunately"
    " sadly gladly luckily actually certain certainly definitely probably especially"
    " particularly"
)
# Words of illness. Alone they say little: "I have a problem with it", but not "problems".
_VAGUE = (
    "problem problems issue issues trouble troubles thing things stuff symptom symptoms"
    " condition conditions disorder disorders disease episode episodes case part side history"
    " diagnosis diagnosed suffer suffers suffering suffered struggle struggles struggling"
    " struggled deal dealing dealt live living lived cope coping experience experiencing"
    " experienced fight fighting battle battling bother bothers bothering bothered reason"
    " reasons cause causes recover recovered recovering healed survived managed manage control"
    " controlled session sessions course round ways way"
)
# Words of care. Where an option is called so, they are not just talk.
_OF_CARE = (
    "help helps helped helping doctor doctors clinician hospital clinic nurse treat treats"
    " treated treating treatment care cared medicine pills work works working worked job home"
    " talk talks talking speak visit visits family questions question reach contact call calls"
    " called easiest easier available anytime prefer preferred rather option options answer"
    " answers card plan plans covered cover covers state name listed veteran army newborn"
)
_ALWAYS = word_set(_LITTLE_WORDS) | word_set(_TIME_AND_MEASURE)
_UNLESS_AN_OPTION = word_set(_OF_CARE)
_NOT_ALONE = word_set(_VAGUE) | _UNLESS_AN_OPTION
_MAKE_A_SENTENCE = word_set(
    "i me my it is am are was were be been have has had do does did that this can will would"
    " with for by from to of"
)

# Between two words of one name these would change what it says: "high, barely controlled".
_CHANGES_MEANING = word_set(
    "need needs needed want wants wanted should would will shall may might must could hope hoping"
    " try tries trying tried before until ago if when once used past last badly sometimes almost"
    " nearly was were had or most than as less partly few start starts starting"
)


def may_stand_between(word: str, known: Collection[str]) -> bool:
    """Whether a word leaves alone the name it stands in: "high, but it is under control"."""
    return says_nothing(word, known) and word not in _CHANGES_MEANING


def says_nothing(word: str, known: Collection[str]) -> bool:
    """Whether a word adds nothing; `known` are the words that name options."""
    if word in _ALWAYS or word in _NOT_ALONE or word[0].isdigit():
        return not (word in _UNLESS_AN_OPTION and word in known)
    return False


def says_nothing_new(said: Sequence[str], known: Collection[str]) -> bool:
    """Whether a part of an answer adds nothing: "my doctor helps with it", not "past meds"."""
    is_a_name = not _NOT_ALONE.isdisjoint(said) and _MAKE_A_SENTENCE.isdisjoint(said)
    return not is_a_name and all(says_nothing(word, known) or word in NEGATORS for word in said)
