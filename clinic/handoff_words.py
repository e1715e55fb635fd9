"""What the chat tells a visitor about a hand-off: somebody is here, is gone, or could not come.

The words of waiting are the bot's own (actions/request_person.py).
"""

from __future__ import annotations

from clinic import opening_hours
from clinic.facts import facts
from clinic.help_lines import in_danger

CALL_ME_BACK = "Call me back"
CONTINUE = "Continue the questions"
"""Both are sent to the bot as they are written: it knows these words."""

STILL_OPEN = "Your questions are still open where you left them."


def live() -> str:
    return (
        f"You are now writing with a person of {facts().name}. The automated assistant is silent "
        "until they hand back to it. What you both write is kept, encrypted, for our staff. "
        f"{in_danger()}"
    )


def given_back() -> str:
    return (
        "The person from our staff has left this chat. I'm the automated assistant again; "
        "ask me anything else, or ask for a person."
    )


def taken_back() -> str:
    return "You are back with me, the automated assistant. You can ask for a person at any time."


def staff_left() -> str:
    return (
        "I'm sorry, the connection to the person from our staff was lost. I'm the automated "
        "assistant again. What you wrote is kept for our staff. If you leave your number, they "
        f"can call you back. {in_danger()}"
    )


def nobody_came() -> str:
    return (
        "I'm sorry, nobody of our staff could come to this chat just now. "
        f"{_hours()}If you leave your number, they can call you back. {in_danger()}"
    )


def _hours() -> str:
    hours = opening_hours.in_words().strip()
    return f"Our hours: {hours.rstrip('.')}. " if hours else ""
