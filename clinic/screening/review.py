"""The engine's own questions: look over the answers, change one, say which of two is right."""

from collections.abc import Iterable, Sequence

from clinic.screening.contradictions import Contradiction
from clinic.screening.items import Item, Option
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Asked, Questionnaire
from clinic.screening.reading.words import plain_words

SEND = "send"
CHANGE = "change"
BOTH = "both"
KEEP = "Keep my answer"

_CONTRADICTION = "contradiction:"
_KEEPS = {
    plain_words(words)
    for words in (
        KEEP,
        "keep",
        "keep it",
        "keep that",
        "keep the answer",
        "leave it",
        "leave it as it is",
        "same",
        "no change",
        "it is right",
        "never mind",
    )
}

# Nothing is sent on more or other words than these.
_SENDS = (
    *("yes", "yep", "yeah", "yup", "sure", "ok", "okay", "send", "send it", "please send"),
    *("send them", "send that", "please send it", "please send them", "yes send", "yes send them"),
    *("yes please", "yes please send", "yes please send it", "go ahead", "submit", "submit it"),
    *("you can send it", "you can send them", "you may send it", "go ahead and send it"),
    *("looks good", "it looks good", "that looks good", "they look good", "looks right"),
    *("looks fine", "looks great", "looks correct", "all good", "all right", "all correct"),
    *("everything is correct", "everything is right", "everything looks good"),
    *(
        "everything looks right",
        "everything is okay",
        "everything is fine",
        "all fine",
        "correct",
        "that is correct",
        "it is correct",
        "they are correct",
    ),
    *("all of it is correct", "right", "that is right", "it is right", "they are right"),
    *("perfect", "sounds good", "good to go"),
)
_CHANGES = (
    *("no", "nope", "nah", "not yet", "edit", "not right", "wrong", "not correct", "change"),
    *("change something", "change one", "no change it", "no something is wrong"),
    *("something is wrong", "not quite", "do not send", "do not send it", "do not send them"),
)
_OPTIONS = (
    Option(SEND, "Yes, send it", _SENDS),
    Option(CHANGE, "Change an answer", _CHANGES),
)
_BOTH = Option(
    BOTH,
    "Both are right",
    ("both", "both right", "both are correct", "yes", "neither is wrong", "they are right"),
)


def review_item(lines: Sequence[tuple[str, str]]) -> Item:
    listed = "\n".join(f"- {label}: {words}" for label, words in lines)
    return Item(
        link_id="review",
        type="choice",
        text=f"Please look over your answers:\n{listed}\nShall I send them to our staff?",
        required=True,
        options=_OPTIONS,
        reads="choice",
        explicit=True,
        why="Nothing is sent before you have seen it and said yes.",
        short="Review",
    )


def change_item(enabled: Sequence[Asked], progress: Progress) -> Item:
    """Asks which answer to change, by the labels of the summary; among a few if they are known."""
    among = (progress.asking or "").removeprefix(CHANGE).lstrip(":").split(",")
    answered = [asked.item for asked in enabled if progress.answered(asked.item.link_id)]
    few = [item for item in answered if item.link_id in among]
    return Item(
        link_id="change",
        type="choice",
        text="Which answer would you like to change?",
        required=True,
        options=tuple(Option(item.link_id, item.short, item.named) for item in few or answered),
        reads="choice",
        why="You can change any answer before it is sent.",
        short="Change",
    )


def choosing_among(link_ids: Iterable[str]) -> str:
    """What progress is asking while the visitor chooses which answer to change."""
    return ":".join(filter(None, (CHANGE, ",".join(link_ids))))


def is_choosing(progress: Progress) -> bool:
    return (progress.asking or "").partition(":")[0] == CHANGE


def contradiction_item(contradiction: Contradiction, questionnaire: Questionnaire) -> Item:
    """Asks which of the answers is right; none is changed without the visitor."""
    about = [item for name in contradiction.about if (item := questionnaire.item(name))]
    changes = (Option(item.link_id, f"Change: {item.short}", (item.short,)) for item in about)
    return Item(
        link_id=_CONTRADICTION + contradiction.id,
        type="choice",
        text=contradiction.ask,
        required=True,
        options=(*changes, _BOTH),
        reads="choice",
        why="I do not want to pass on something you did not mean.",
        short="Which is right",
    )


def contradiction_of(item: Item) -> str | None:
    """Which contradiction the question is about, if it is about one."""
    name = item.link_id.removeprefix(_CONTRADICTION)
    return name if name != item.link_id else None


def keeps(text: str) -> bool:
    """Whether a visitor who is asked again wants the answer to stay."""
    return plain_words(text) in _KEEPS
