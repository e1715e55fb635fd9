"""A text about medicines as plain words, and the words that are no medicine themselves."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from clinic.screening.medicines.ordinary_words import EVERYDAY

# Letters with apostrophes and accents within, or digits: "zoloft50mg" is three words.
_APOSTROPHE = "'’‘`´"
_IGNORED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # invisible, and pasted with the rest
_WORD = re.compile(
    rf"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f{_IGNORED}]|[{_APOSTROPHE}](?=[^\W\d_]))*|\d+"
)
_NOT_PLAIN = re.compile(rf"[\u0300-\u036f{_APOSTROPHE}{_IGNORED}]")
_MARK = re.compile(r"(?<!\d)\.|\.(?!\d)|[\n\r;!?…]|[,()/:+&|•·*=]|(?<=\s)[-–—>]+(?=\s)|[–—]")
_MARKS = {",": ",", "(": "(", ")": ")", "/": "/", ":": ":", "+": "/", "&": "/", "|": "/", "=": ":"}
_ABBREVIATED = frozenset(("dr", "mr", "mrs", "ms", "st", "vit", "approx"))

# A name of a person follows: "Dr. Patel" is not Paxil.
TITLES = frozenset(("dr", "drs", "doc", "doctor", "mr", "mrs", "ms"))

SENTENCE_END, COMMA = ".", ","
_PART_ENDS = frozenset((SENTENCE_END, COMMA, "/"))
_JOINS = frozenset(("and", "or", "but", "plus", "nor"))


@dataclass(frozen=True)
class Word:
    """A word as it is compared, where it stands in the text, and the marks before it."""

    text: str
    start: int
    end: int
    marks: str  # of , / : ( ) and . for the end of a sentence or line


def words_of(text: str) -> tuple[Word, ...]:
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        marks = _marks(text[end : match.start()], words[-1].text if words else "")
        plain = _plain(match[0])
        if plain:
            words.append(Word(plain, match.start(), match.end(), marks))
        end = match.end()
    return tuple(words)


def begins_a_part(word: Word) -> bool:
    """Whether something new begins: after a comma, a slash, a sentence, or with "and"."""
    return word.text in _JOINS or bool(_PART_ENDS.intersection(word.marks))


def _plain(written: str) -> str:
    decomposed = unicodedata.normalize("NFKD", written).casefold()
    return _NOT_PLAIN.sub("", decomposed)


def _marks(gap: str, before: str) -> str:
    if before == "w" and gap.startswith("/"):
        return ""  # "w/ food"
    found = "".join(dict.fromkeys(_all_marks(gap)))
    if SENTENCE_END in found:
        return "" if before in _ABBREVIATED and "\n" not in gap else SENTENCE_END
    return found


def _all_marks(gap: str) -> Iterator[str]:
    for match in _MARK.finditer(gap):
        mark = match[0]
        if mark[0] in "-–—>•·*":
            yield COMMA
        else:
            yield _MARKS.get(mark, SENTENCE_END)


def word_set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# Behind a name they belong to it: "Wellbutrin XL", "quetiapine fumarate".
FORMS = word_set(
    "xr er sr xl cr ir dr odt hcl hydrochloride succinate tartrate fumarate maleate mesylate",
    "besylate pamoate oxalate bitartrate dimesylate",
)

# How much, how often, when: never a medicine.
AMOUNTS = word_set(
    "mg mgs mcg ug ml mls g gm gms gram grams milligram milligrams microgram micrograms units iu",
    "cc milliliter milliliters percent",
)
DOSES = AMOUNTS | word_set(
    "tab tabs tablet tablets cap caps capsule capsules pill pills dose doses dosage strip strips",
    "puff puffs drop x bid tid qid qd qhs qam qpm hs prn po ac pc am pm im iv sl nightly daily",
    "weekly monthly yearly hourly everyday once twice thrice day days night nights week weeks",
    "month months year years yr yrs hr hrs hour hours minute minutes morning mornings evening",
    "evenings afternoon noon midday bedtime bed breakfast lunch dinner meal meals food water half",
    "quarter third full whole low high higher lower max maximum min minimum double triple single",
    "extended release delayed immediate slow sustained generic brand name oral orally mouth",
    "strength",
)

# What a medicine is for. "For anxiety" is none; "anxiety meds" is one without its name.
PURPOSES = word_set(
    "adhd add acid acne addiction alcoholism allergy anxiety anxious arthritis asthma attacks",
    "autoimmune back bipolar bladder blood bone bones bowel brain breathing cancer cholesterol",
    "clot clots clotting constipation copd cough cramps cravings dementia depressed depression",
    "depressive diabetes diabetic diarrhea digestion dizziness eczema energy epilepsy eye eyes",
    "fibromyalgia flu focus gerd glaucoma gout gut hair hay headache headaches health heart",
    "heartburn hiv hormonal hormone hormones hypertension hypothyroid hypothyroidism ibs immune",
    "infection inflammation insomnia itching joint joints kidney kidneys libido liver lung lungs",
    "lupus memory menopause mental migraine migraines mood muscle muscles nausea neck nerve",
    "nerves neuropathy nightmares nose ocd osteoporosis ovary pain panic pcos period periods",
    "pressure prostate psoriasis psychosis ptsd reflux rls schizophrenia seizure seizures sinus",
    "sinuses skin sleep sleeping sleeplessness spasm spasms stomach stress sugar swelling thyroid",
    "tremor tremors ulcer ulcers urine uti vertigo water weight withdrawal white blue yellow pink",
    "green red orange purple round",
)

# What it comes as. Alone these say nothing, unless they are of the second kind.
_VAGUE = word_set(
    "pill pills tablet tablets capsule capsules med meds medicine medicines medication",
    "medications medicaments medecine medicin medican drug drugs rx prescription prescriptions",
    "script scripts something stuff thing things supplement supplements product aid aids otc",
)
TELLING = word_set(
    "chemo chemotherapy cream creams drops eyedrops implant infusion infusions injectable",
    "injection injections liquid lotion ointment patch patches powder shot shots spray syrup tea",
    "tincture tonic gummies gummy lozenge lozenges inhaled pump",
)
PRODUCTS = _VAGUE | TELLING

ORDINARY = EVERYDAY | DOSES | PURPOSES | PRODUCTS

_ENDS_LIKE_NO_MEDICINE = re.compile(r".{3,}(?:ing|tions?|ness|ments?|ally|ably|edly)|.{5,}ed")


def is_everyday(word: str) -> bool:
    return word in ORDINARY or (len(word) > 3 and word.endswith("s") and word[:-1] in ORDINARY)


def cannot_be_a_medicine(word: str) -> bool:
    """Of a word that is no known name: a number, a letter, an ordinary word or built like one."""
    return (
        is_everyday(word)
        or word.isdecimal()
        or (len(word) == 1 and word.isascii())
        or _ENDS_LIKE_NO_MEDICINE.fullmatch(word) is not None
    )
