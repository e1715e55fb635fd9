"""What a visitor can do in the widget, by what they can see."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, ViewportSize, expect

FRAME: ViewportSize = {"width": 436, "height": 740}
"""As large as the chat is on a clinic's page."""

SAID = {
    "How old are you": "forty three",
    "Which US state": "Oregon",
    "How many different antidepressants": "3",
    "Which medicines": "I don't take any",
    "What name": "Ann Example",
    "phone number": "(202) 555-0143",
    "good time": "in the mornings",
}
CHOSEN = {
    "Do you agree": "Yes, I agree",
    "about you, or about someone else": "About me",
    "How long": "1 year or more",
    "Has a clinician": "Yes",
    "blood pressure": "Normal",
}
TICKED = {
    "What would you like help with": "Depression",
    "Who looks after": "Psychiatrist",
    "Are you pregnant": "Does not apply to me",
    "Do alcohol or drugs": "No",
    "some more questions": "No, go on to my contact details",
    "reach you? Choose": "Phone call",
    "None of these": "None of these",
}
"""What a visitor without a yes answers, by words of the question."""


class Chat:
    """What a visitor can do in the widget, by what they can see."""

    def __init__(self, page: Page, url: str, query: str = "") -> None:
        self.page = page
        self.log = page.get_by_role("log")
        page.goto(f"{url}/chat{query}")
        expect(page.get_by_label("Your message")).to_be_focused()

    def say(self, text: str) -> None:
        self._and_wait(lambda: self._type(text))

    def choose(self, label: str) -> None:
        button = self.log.get_by_role("button", name=label, exact=True)
        self._and_wait(lambda: button.last.click())

    def tick(self, label: str) -> None:
        self.log.get_by_role("checkbox", name=label, exact=True).last.check()
        button = self.log.get_by_role("button", name="Send", exact=True)
        self._and_wait(lambda: button.last.click())

    def _type(self, text: str) -> None:
        self.page.get_by_label("Your message").fill(text)
        self.page.get_by_label("Your message").press("Enter")

    def _and_wait(self, deed: Callable[[], None]) -> None:
        answers = self.log.locator(".message.bot")
        before = answers.count()
        with self.page.expect_response("**/api/messages"):
            deed()
        # The answer itself, not the end of “is writing”: that may be looked at before it begins.
        expect(answers.nth(before)).to_be_attached()
        expect(self.page.get_by_text("The assistant is writing")).to_be_hidden()

    def answer_what_is_asked(self, *, until: str = "Yes, send it") -> None:
        """Answer every question that is left, up to one with these words."""
        for _ in range(40):
            text = self.log.inner_text()
            question = text[text.rfind("Question ") :]
            if until in question:
                return
            self._answer(question)
        raise AssertionError("the questions did not end")

    def _answer(self, question: str) -> None:
        for answers, give in ((SAID, self.say), (CHOSEN, self.choose), (TICKED, self.tick)):
            for words, answer in answers.items():
                if words in question:
                    give(answer)
                    return
        self.choose("No")
