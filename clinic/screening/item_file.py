"""Turn an `item` of a questionnaire file into an Item, or say kindly what is wrong with it."""

from datetime import date

from clinic.screening.dates import LocalDates
from clinic.screening.hand_written import Entry
from clinic.screening.items import Coding, Condition, EnableWhen, Item, Option, Value

# How a text is read, for each of FHIR's item types; the first is taken where `reads` is left out.
READS = {
    "choice": ("choice", "multiple", "duration"),
    "open-choice": ("state", "medicines", "multiple"),
    "boolean": ("choice",),
    "integer": ("age", "number", "blood_pressure"),
    "date": ("date",),
    "string": ("name", "phone", "email", "text"),
    "group": ("",),
    "display": ("",),
}
OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")
_OWN_OF_QUESTIONS = (
    *("why", "reads", "explicit", "short", "minValue", "maxValue", "earliest", "latest", "named"),
    *("with", "confirms", "past", "textVersion", "stem", "help"),
)
_OWN_OF_OPTIONS = ("label", "also", "exclusive", "points", "takes", "atLeastDays")
OWN_WORDS = (*_OWN_OF_QUESTIONS, *_OWN_OF_OPTIONS)
RESERVED = ("review", "change")  # the engine's own two questions

_FHIR_WORDS = (
    "linkId text type required repeats answerOption enableWhen enableBehavior code item maxLength"
)
_ITEM_WORDS = (*_FHIR_WORDS.split(), *_OWN_OF_QUESTIONS)
_OPTION_WORDS = ("valueCoding", "valueInteger", *_OWN_OF_OPTIONS)
_YES_AND_NO = (Option(True, "Yes"), Option(False, "No"))


def item_from(entry: Entry, dates: LocalDates) -> Item:
    link_id = entry.text("linkId")
    entry = entry.renamed(f"question '{link_id}'")
    entry.only(_ITEM_WORDS)
    item_type = entry.text("type")
    if item_type not in READS:
        raise entry.wrong(f"type '{item_type}' is not one of: {', '.join(READS)}.")
    if link_id in RESERVED:
        raise entry.wrong(f"'{link_id}' is a name the questionnaire keeps for itself.")
    item = Item(
        link_id=link_id,
        type=item_type,
        text=entry.text("text"),
        required=entry.truth("required"),
        repeats=entry.truth("repeats"),
        options=_options(entry, item_type),
        enable_when=_enable_when(entry),
        codes=tuple(_coding(code) for code in entry.entries("code")),
        items=tuple(item_from(child, dates) for child in entry.entries("item")),
        max_length=entry.maybe_number("maxLength"),
        min_value=entry.maybe_number("minValue"),
        max_value=entry.maybe_number("maxValue"),
        earliest=entry.maybe_limit("earliest"),
        latest=entry.maybe_limit("latest"),
        dates=dates,
        reads=_reads(entry, item_type),
        explicit=entry.truth("explicit"),
        why=entry.maybe_text("why"),
        short=entry.maybe_text("short") or "",
        named=entry.texts("named"),
        past=entry.truth("past"),
        confirms=entry.maybe_text("confirms"),
        with_=entry.maybe_text("with"),
        text_version=entry.maybe_text("textVersion"),
        stem=entry.maybe_text("stem"),
        help=entry.maybe_text("help"),
    )
    return _checked(entry, item)


def _reads(entry: Entry, item_type: str) -> str:
    known = READS[item_type]
    usual = "multiple" if entry.truth("repeats") else known[0]
    if item_type in ("string", "integer"):
        usual = entry.text("reads")
    reads = entry.maybe_text("reads") or usual
    if reads not in known:
        raise entry.wrong(f"reads '{reads}' does not fit the type; it can be: {', '.join(known)}.")
    if (reads == "multiple") != entry.truth("repeats"):
        raise entry.wrong("'reads: multiple' and 'repeats: true' belong together.")
    return reads


def _options(entry: Entry, item_type: str) -> tuple[Option, ...]:
    if item_type == "boolean":
        return _YES_AND_NO
    return tuple(_option(option) for option in entry.entries("answerOption"))


def _option(entry: Entry) -> Option:
    entry.only(_OPTION_WORDS)
    number = entry.maybe_number("valueInteger")
    coding = _coding(entry.entry("valueCoding")) if number is None else None
    if coding and coding.display is None:
        raise entry.wrong("'display' is missing: it is what the visitor sees.")
    return Option(
        value=coding.code if coding else number or 0,
        label=(coding.display or "") if coding else entry.maybe_text("label") or str(number),
        also=entry.texts("also"),
        exclusive=entry.truth("exclusive"),
        coding=coding,
        points=entry.maybe_number("points"),
        takes=entry.maybe_text("takes"),
        at_least_days=entry.maybe_number("atLeastDays"),
    )


def _coding(entry: Entry) -> Coding:
    entry.only(("code", "system", "display"))
    return Coding(entry.text("code"), entry.maybe_text("system"), entry.maybe_text("display"))


def _enable_when(entry: Entry) -> EnableWhen | None:
    conditions = tuple(_condition(condition) for condition in entry.entries("enableWhen"))
    behavior = entry.maybe_text("enableBehavior") or "all"
    if behavior not in ("all", "any"):
        raise entry.wrong("'enableBehavior' must be all or any.")
    return EnableWhen(conditions, behavior) if conditions else None


def _condition(entry: Entry) -> Condition:
    answers = ("answerCoding", "answerBoolean", "answerInteger", "answerDate", "answerString")
    entry.only(("question", "operator", *answers))
    operator = entry.text("operator")
    if operator not in OPERATORS:
        raise entry.wrong(f"operator '{operator}' is not one of: {' '.join(OPERATORS)}.")
    if len([key for key in answers if key in entry.content]) != 1:
        raise entry.wrong(f"exactly one of these belongs here: {', '.join(answers)}.")
    answer = _expected(entry)
    if operator == "exists" and not isinstance(answer, bool):
        raise entry.wrong("'exists' is compared with 'answerBoolean: true' or 'false'.")
    return Condition(entry.text("question"), operator, answer)


def _expected(entry: Entry) -> Value | date:
    if "answerCoding" in entry.content:
        return _coding(entry.entry("answerCoding")).code
    if "answerInteger" in entry.content:
        return entry.number("answerInteger")
    if "answerDate" in entry.content:
        return entry.day("answerDate")
    if "answerString" in entry.content:
        return entry.text("answerString")
    return entry.truth("answerBoolean")


def _checked(entry: Entry, item: Item) -> Item:
    problem = _missing(item) or _mixed_up_options(item) or _misplaced(item)
    if problem:
        raise entry.wrong(problem)
    return item


def _missing(item: Item) -> str | None:
    if not item.is_question:
        return None
    if item.why is None:
        return "'why' is missing: visitors may ask why we ask."
    if not item.short:
        return "'short' is missing: it is the label in the summary."
    if item.type == "choice" and len(item.options) < 2:
        return "a choice needs at least two 'answerOption'."
    first, last = item.earliest, item.latest
    if isinstance(first, date) and isinstance(last, date) and first > last:
        return "'earliest' is after 'latest', so no date could be given."
    return None


def _misplaced(item: Item) -> str | None:
    """A word of ours where it would do nothing, so that somebody would wait for it in vain."""
    days = [option.at_least_days for option in item.options]
    misplaced = {
        "stem": bool(item.stem) and item.type != "group",
        "help": bool(item.help) and item.type != "group",
        "with": bool(item.with_) and item.reads != "blood_pressure",
        "earliest": item.earliest is not None and item.type != "date",
        "latest": item.latest is not None and item.type != "date",
        "answerOption": bool(item.options) and item.type == "date",
        "past": item.past and item.reads != "medicines",
        "confirms": bool(item.confirms) and (item.reads != "multiple" or bool(item.options)),
        "textVersion": bool(item.text_version) and not (item.required and item.explicit),
        "atLeastDays": item.reads != "duration" and any(day is not None for day in days),
    }
    if item.reads == "duration" and all(day is None for day in days):
        return "'reads: duration' needs options with 'atLeastDays'."
    wrong = next((word for word, is_so in misplaced.items() if is_so), None)
    return f"'{wrong}' does nothing here; README.md says where it belongs." if wrong else None


def _mixed_up_options(item: Item) -> str | None:
    """Two options that share a word would make every answer with it a guess."""
    owners: dict[str, Option] = {}
    for option in item.options:
        if ";" in option.label:
            return f"the label '{option.label}' holds a ';', which visitors use between answers."
        for words in {said.casefold() for said in (option.code, option.label, *option.also)}:
            if owners.setdefault(words, option) is not option:
                return f"'{words}' belongs to two options."
    return None
