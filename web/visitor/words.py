"""The shapes of the chat's words: what every file in web/widget/texts/ must hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Part(BaseModel):
    """Words that belong together. The page knows them by the same names, in JavaScript's case."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=True,
        validate_by_alias=False,
    )  # fmt: skip


class Counted(Part):
    """A text whose form a number decides, by the names of Unicode's plural rules."""

    zero: Text | None = None
    one: Text | None = None
    two: Text | None = None
    few: Text | None = None
    many: Text | None = None
    other: Text


class Trouble(Part):
    mark: Text
    reason: Text


class Launcher(Part):
    ask: Text
    title: Text
    close: Text
    unread: Counted
    opening: Text
    failed: Text
    call_us: Text
    retry: Text


class HelpBar(Part):
    label: Text
    danger: Text
    crisis: Text
    call: Text
    call_only: Text
    either: Text
    text: Text
    text_word: Text
    chat: Text
    more: Text
    more_lines: Text


class Page(Part):
    title: Text
    no_chat: Text


class Author(Part):
    bot: Text
    visitor: Text
    staff: Text


class Welcome(Part):
    text: Text
    suggestions: list[Text]


class Composer(Part):
    label: Text
    placeholder: Text
    send: Text
    letters: Text
    left: Counted
    over: Counted


class Spoken(Part):
    why: Text
    skip: Text
    back: Text


class Question(Part):
    progress: Text
    choices: Text
    several: Text
    count: Counted
    date: Text
    send: Text
    none: Text


class Edit(Part):
    label: Text
    answer: Text
    hint: Text


class Handoff(Part):
    offered: Text
    waiting: Text
    live: Text
    ended: Text
    callback: Text


class Leave(Part):
    waiting: Text
    live: Text


class Person(Part):
    title: Text
    human: Text
    placeholder: Text
    typing: Text
    waiting: Text
    live: Text
    leave: Leave
    not_ended: Text


class Feedback(Part):
    question: Text
    helpful: Text
    not_helpful: Text
    skip: Text
    thanks: Text


class Menu(Part):
    label: Text
    download: Text
    email: Text
    delete: Text
    sound: Text
    cancel: Text
    back: Text


class Saving(Part):
    nothing: Text
    failed: Text


class Email(Part):
    title: Text
    explain: Text
    address: Text
    send_code: Text
    code_sent: Text
    code: Text
    send: Text
    again: Text
    sent: Text
    no_address: Text
    no_code: Text
    codes: dict[str, Text]


class Delete(Part):
    title: Text
    explain: Text
    sure: Text
    done: Text
    kept: Text


class Connection(Part):
    offline: Text
    back: Text
    waiting: Text


class Failure(Part):
    refused: Trouble
    unreachable: Trouble
    start: Text
    retry: Text
    codes: dict[str, Text]


class Texts(Part):
    """One language: what every file must hold."""

    date_locale: Text
    direction: Literal["ltr", "rtl"]
    launcher: Launcher
    help_bar: HelpBar
    page: Page
    title: Text
    automated: Text
    close: Text
    log: Text
    typing: Text
    slow: Text
    author: Author
    today: Text
    new: Text
    notice: Text
    welcome: Welcome
    composer: Composer
    spoken: Spoken
    question: Question
    edit: Edit
    sources: Text
    reviewed: Text
    reasons: Text
    outcome: Text
    download: Text
    welcome_back: Text
    welcome_back_to_consent: Text
    handoff: Handoff
    person: Person
    feedback: Feedback
    menu: Menu
    saving: Saving
    email: Email
    delete: Delete
    connection: Connection
    failure: Failure


class AroundHelpLines(Part):
    title: Text
    more: Text
    now: Text
    call: Text
    text: Text
    text_word: Text
    chat: Text
    at: Text
