"""The last step of every questionnaire: look over the answers, change one, or send them."""

from collections.abc import Sequence

from clinic.screening.items import Item, Option
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Asked

SEND = "send"
CHANGE = "change"

_OPTIONS = (
    Option(
        SEND,
        "Yes, send it",
        ("yes", "yep", "yeah", "send", "looks good", "looks right", "all good", "correct", "ok"),
    ),
    Option(
        CHANGE,
        "Change an answer",
        ("no", "nope", "nah", "edit", "not right", "wrong", "not correct", "change something"),
    ),
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
        why="Nothing is sent before you have seen it and said yes.",
        short="Review",
    )


def change_item(enabled: Sequence[Asked], progress: Progress) -> Item:
    """Asks which answer to change, by the labels of the summary."""
    answered = [asked.item for asked in enabled if progress.answered(asked.item.link_id)]
    return Item(
        link_id="change",
        type="choice",
        text="Which answer would you like to change?",
        required=True,
        options=tuple(Option(item.link_id, item.short) for item in answered),
        reads="choice",
        why="You can change any answer before it is sent.",
        short="Change",
    )
