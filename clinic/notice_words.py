"""What notices say: that something happened, never what, and never to whom.

Mail and chat servers are not ours, and a telephone lights up where others can read it. So no text
here holds a word about health or a name, and the link tells neither what it opens nor of whom.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of notice. `repeats` is whether it is said again at any urgency."""

    title: str
    body: str
    urgency: int
    repeats: bool = False


KINDS = {
    "new_lead": Kind("New request", "A visitor asks to be contacted.", urgency=2),
    "crisis": Kind(
        "Please look now", "A conversation needs a person's attention.", urgency=4, repeats=True
    ),
    "handoff": Kind(
        "Somebody waits in the chat", "A visitor asks for a person.", urgency=4, repeats=True
    ),
    "late": Kind("Overdue request", "A visitor still waits for a first call.", urgency=2),
}
URGENT = 3
"""From here on a notice is repeated until somebody opens what it is about."""
URGENT_BODY = "A visitor asks to be contacted. Please look soon."

TEST_TITLE = "Test notice"
TEST_BODY = "This is what a notice looks like. Nothing has happened."


@dataclass(frozen=True)
class Words:
    """A subject line and what stands below it."""

    title: str
    body: str


def words(kind: str, *, urgency: int, round_number: int, link: str) -> Words:
    """The text of a notice; from its second round on it says that it was said before."""
    known = KINDS[kind]
    body = URGENT_BODY if kind == "new_lead" and urgency >= URGENT else known.body
    if round_number <= 1:
        return Words(known.title, f"{body}\n{link}")
    return Words(
        f"Still waiting: {known.title.lower()}",
        f"{body} Nobody has opened it yet; this is notice {round_number}.\n{link}",
    )


def words_of_a_test(link: str) -> Words:
    return Words(TEST_TITLE, f"{TEST_BODY}\n{link}")


def link(public_url: str, notice_id: int) -> str:
    """Where a notice leads. The number is the notice's own; behind it is the very page."""
    return f"{public_url}/staff/open/{notice_id}"


def is_repeated(kind: str, urgency: int) -> bool:
    """Whether it is said until somebody looks. What is overdue is said once."""
    return KINDS[kind].repeats or (kind != "late" and urgency >= URGENT)
