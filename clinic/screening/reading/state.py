"""Read in which US state a visitor lives, by its name or its two letters."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from clinic.screening.items import Item, Option
from clinic.screening.reading.choice import exact_option
from clinic.screening.reading.phrases import Phrase, find
from clinic.screening.reading.reading import QUESTION, Reading, problem
from clinic.screening.reading.words import is_question, plain_words, word_set, words_of
from clinic.screening.states import ALSO_CALLED, CITIES_LIKE_STATES, STATES

# Cities of the states whose two letters are words of their own: "Tulsa ok".
_CITIES: Mapping[str, frozenset[str]] = {
    code: frozenset(cities.split(","))
    for code, cities in {
        "HI": "honolulu,hilo,kailua,kahului,kihei,kaneohe,waipahu,pearl city,kona,lahaina,maui",
        "IN": "indianapolis,fort wayne,evansville,south bend,carmel,fishers,bloomington,hammond"
        ",gary,lafayette,muncie,terre haute,kokomo,anderson,noblesville,greenwood,elkhart,goshen",
        "LA": "new orleans,baton rouge,shreveport,lafayette,lake charles,kenner,bossier city,monroe"
        ",alexandria,houma,metairie,slidell,hammond",
        "ME": "portland,lewiston,bangor,auburn,biddeford,sanford,augusta,saco,brunswick,waterville",
        "OH": "columbus,cleveland,cincinnati,toledo,akron,dayton,parma,canton,youngstown,lorain"
        ",hamilton,springfield,kettering,elyria,newark,mansfield,dublin,athens,lima,findlay",
        "OK": "oklahoma city,tulsa,norman,broken arrow,edmond,lawton,moore,midwest city,enid"
        ",stillwater,owasso,muskogee,bartlesville,shawnee,yukon,ardmore,ponca city,durant",
        "OR": "portland,salem,eugene,gresham,hillsboro,beaverton,bend,medford,springfield,corvallis"
        ",albany,tigard,ashland,grants pass,redmond,roseburg,astoria",
    }.items()
}

_SHORT_NAMES: Mapping[str, str] = {
    name: code
    for code, names in {
        "AZ": "ariz",
        "CA": "calif,cali,socal,norcal",
        "CO": "colo",
        "CT": "conn",
        "DC": "washington district of columbia",
        "FL": "fla",
        "MA": "mass",
        "MI": "mich",
        "MN": "minn",
        "NC": "n carolina",
        "ND": "n dakota",
        "NH": "n hampshire",
        "NJ": "n jersey",
        "NM": "n mexico",
        "NY": "nyc,n york",
        "OK": "okla",
        "PA": "penn,penna",
        "SC": "s carolina",
        "SD": "s dakota",
        "TN": "tenn",
        "WV": "w virginia,w va,west va",
        "WI": "wisc",
    }.items()
    for name in names.split(",")
}

# Two letters that are words of their own, or a city: small they are not read as a state.
_ALSO_WORDS = frozenset({"as", "hi", "in", "la", "me", "oh", "ok", "or"})
_NEVER_ALONE = frozenset({"HI", "LA", "OK"})
_LETTERS = re.compile(
    r"(?:,|\bin|\bfrom|\bto)\s*([A-Z]{2}\b|[A-Za-z]{2}(?=[^\w'’]*$|[,.;]| (?:and|but|now|work)\b))"
)
_LETTERS_AT_THE_END = re.compile(r"(?<=[a-z] )(?!AS|HI|IN|LA|ME|OH|OK|OR)([A-Z]{2})\W*$")
_CITY_AND_LETTERS = re.compile(r"([^\d,;:?!]{3,40}?)[ ,]+([A-Za-z]{2})[ .!]*")
_NO_CITY = word_set(
    "i im id ive my me we you he she it its is am are was the a an to of on in at for and or but"
    " not no yes yeah ok okay oh well sorry hi hello hey live lives living from near by need want"
    " have had has do does did dont ask tell show give call text trust help all that thats this so"
    " just"
    " just here there please thanks sure rather with your our his her doctor dr see use"
)
_OF_CANADA = frozenset(
    {"ontario", "toronto", "vancouver", "calgary", "montreal", "alberta", "quebec", "ottawa"}
)
_MOVED_AWAY = re.compile(
    r"\b(?:moved|moving|came|relocated) (?:here |away |over |back )?from\b|\bleft\b",
    re.IGNORECASE,
)
_MAYBE_LETTERS = re.compile(r" ([a-z]{2})[ .!]*$")  # "indiana pa"

# Beside these a state is not, or not surely, the one they live in now.
_NOT_LIVING_THERE = word_set(
    "moving work works working born grew used formerly soon considering visiting travel traveling"
    " vacation until originally previously college"
)

_PLEASE = problem("Please type the full name of the state you live in, for example “Maryland”.")


def read_state(item: Item, text: str, lenient: bool) -> Reading:
    option = exact_option(item, text, lenient)
    code = option.code if option else _by_name(text) or _by_letters(text)
    if code:
        return Reading(values=(code,))
    if not lenient:
        return _PLEASE
    if is_question(text):
        return QUESTION
    return _in_a_sentence(item, text)


def _by_name(text: str) -> str | None:
    said = plain_words(text)
    named = (phrase.option for phrase in _names() if phrase.words == said)
    return next((option.code for option in named if option), None)


def _by_letters(text: str) -> str | None:
    letters = text.replace(".", "").strip(" !")
    if letters.upper() not in STATES or letters in _ALSO_WORDS or letters.upper() in _NEVER_ALONE:
        return None
    return letters.upper()


def _in_a_sentence(item: Item, text: str) -> Reading:
    if _MOVED_AWAY.search(text):
        return _PLEASE
    in_a_city = _CITY_AND_LETTERS.fullmatch(text.strip())
    if in_a_city:
        city, letters = plain_words(in_a_city[1]), in_a_city[2].upper()
        if _may_be_two(city, letters):
            return _PLEASE
        code = _after_a_city(city, letters)
        if code:
            return Reading(values=(code,))
    words = words_of(text)
    found = find(words, (*_option_names(item), *_names()))
    said = {one.option.code for one in found if one.option and one.denied_by is None}
    letters = (*_LETTERS.findall(text), *_LETTERS_AT_THE_END.findall(text))
    said.update(code for two in letters if (code := _by_letters(two)))
    said.update(code for two in _MAYBE_LETTERS.findall(text) if said and (code := _by_letters(two)))
    if _NOT_LIVING_THERE.intersection(word.text for word in words):
        return _PLEASE
    if len(said) > 1:
        return problem("I read more than one state. In which one do you live now?")
    return Reading(values=tuple(said)) if said else _PLEASE


def _after_a_city(city: tuple[str, ...], letters: str) -> str | None:
    """Such as "austin tx" and "Tulsa OK": a name, two letters, and nothing else."""
    if letters in _CITIES:
        return letters if " ".join(city) in _CITIES[letters] else None
    is_a_name = 0 < len(city) <= 3 and _NO_CITY.isdisjoint(city) and not _is_a_state(city)
    return letters if letters in STATES and is_a_name else None


def _may_be_two(city: tuple[str, ...], letters: str) -> bool:
    """In "Delaware OH" and "Ontario CA" nobody knows which of the two is meant."""
    names = {phrase.option.code for phrase in _names() if phrase.option and phrase.words == city}
    is_of_canada = letters == "CA" and " ".join(city) in _OF_CANADA
    return is_of_canada or (letters in STATES and bool(names - {letters}))


def _is_a_state(words: tuple[str, ...]) -> bool:
    return any(phrase.option and phrase.words == words for phrase in _names())


def _option_names(item: Item) -> Iterator[Phrase]:
    for option in item.options:
        for name in (option.label, *option.also):
            yield Phrase(plain_words(name), option)


@cache
def _names() -> tuple[Phrase, ...]:
    options = {code: Option(code, name) for code, name in STATES.items()}
    return (
        *(Phrase(plain_words(name), options[code]) for code, name in STATES.items()),
        *(Phrase(plain_words(name), options[code]) for name, code in ALSO_CALLED.items()),
        *(Phrase(plain_words(name), options[code]) for name, code in _SHORT_NAMES.items()),
        *(Phrase(plain_words(name), None) for name in CITIES_LIKE_STATES),
    )
