"""A simulated visitor: answers in their own way, wanders off, goes back, and changes their mind."""

from __future__ import annotations

from collections import Counter

import httpx

from benchmarks.screening.bots import Bot, Deed, Reply
from benchmarks.screening.expected import (
    CONTRADICTION,
    MEANT,
    both,
    expected,
    item_of,
    meant_by,
    place_of,
    ticked,
)
from benchmarks.screening.slips import AT_REVIEW, Slip, corrected, correction, slip_at, stands
from benchmarks.screening.speech import Said, say
from benchmarks.screening.visitors import Answer, Visitor, another
from benchmarks.screening.visits import Habits, Turn, Visit
from benchmarks.screening.wordings import LABEL, OWN, STYLES, read, talk
from clinic.screening.items import Item

MOST_TURNS = 250
REPHRASES = 2
MOST_TRIES = 6
LONGEST_SILENCE = 3
LEAVES_BETWEEN = (5, 18)
"""Questions after which a visitor stops, to come back later."""
PLAIN_WORDS = ("name", "text", "medicines")
"""Questions that take nearly any words: there only a question is surely no answer."""
DIGRESSIONS = {"faq": 45, "why": 14, "small_talk": 14}
NO_ANSWERS = {"odd": 15, "hostile": 5, "rambling": 4, "blank": 3}
TWO_NUMBERS = frozenset({"bp_systolic", "bp_diastolic"})


class Talk:
    """One visitor in conversation with one bot."""

    def __init__(self, who: Visitor, bot: Bot, habits: Habits | None = None) -> None:
        self.who, self.bot, self.visit = who, bot, Visit(who)
        self.habits = habits or Habits()
        self.path = expected(who)
        self.done: set[tuple[str, str]] = set()  # each interruption at most once at a question
        self.tries: Counter[str] = Counter()
        self.open: tuple[str, Said] | None = None  # an answer, until it is seen what became of it
        self.slips: list[Slip] = []
        self.changes: str | None = None  # what the visitor has just asked to change
        self.fresh = 0
        self.silence = 0
        chance = who.chance("habits")
        leaves = self._is_one("later", self.habits.come_back_later)
        self.leaves_at = chance.randint(*LEAVES_BETWEEN) if leaves else None
        changes = self._is_one("review", self.habits.change_at_review)
        self.wrong_until_review = chance.choice(corrected()) if changes else None

    def go(self) -> Visit:
        """From the first word to the outcome, or until the visitor gives up."""
        try:
            reply = self._say(self.who.chance("begin").choice(talk("begin")), Deed.BEGIN, None)
            while not self._is_over(reply):
                reply = self._next(reply)
        except (httpx.HTTPError, _GaveUp) as problem:
            self.visit.stuck = str(problem) or type(problem).__name__
        return self.visit

    def _is_over(self, reply: Reply) -> bool:
        if reply.outcome is not None:
            self._see_what_became(None, reply)
            self.visit.ended = reply.outcome
            return True
        wants_help = self.path.ends and self.path.outcome == "E0"
        if wants_help and "crisis" in reply.types and reply.field is None:
            self.visit.ended = "crisis"
            return True
        return False

    def _next(self, reply: Reply) -> Reply:
        if len(self.visit.turns) > MOST_TURNS:
            raise _GaveUp(f"too many turns, at last {reply.field}")
        if reply.field is None:
            return self._find_the_way_back(reply)
        self.silence = 0
        self._look_for_alarms(reply)
        self._see_what_became(reply.field, reply)
        if reply.field == "review":
            return self._review(reply)
        if reply.field == "change":
            return self._which_to_change(reply)
        if reply.field.startswith(CONTRADICTION):
            return self._say(self._which_is_right(reply), Deed.ANSWER, reply.field)
        if reply.field.endswith(MEANT):
            self.visit.asked[reply.field] += 1
            labels = ticked(self.who, reply.field, reply.options)
            return self._say("; ".join(labels), Deed.ANSWER, reply.field)
        item = item_of(reply.field)
        if item is None:
            raise _GaveUp(f"{reply.field} is asked, and stands in no questionnaire")
        if not self.tries[reply.field]:
            if ("seen", reply.field) not in self.done:
                self.done.add(("seen", reply.field))
                self.fresh += 1
            interrupted = self._interrupt(item)
            if interrupted is not None:
                return interrupted
        return self._answer(item, reply)

    # What visitors do instead of answering.

    def _interrupt(self, item: Item) -> Reply | None:
        if self.fresh == self.leaves_at:
            self.leaves_at = None
            return self._leave_and_come_back(item)
        slip = next((one for one in self.slips if one.is_due(self.fresh)), None)
        if slip is not None and slip.link_id != item.link_id:
            return self._correct(slip, item)
        if self._is_time("digress", item, self.habits.digress):
            return self._digress(item)
        if self._previous(item) and self._is_time("back", item, self.habits.go_back):
            return self._go_back(item)
        return None

    def _is_time(self, what: str, item: Item, percent: int) -> bool:
        """Once at a question at most, and as often as visitors do so."""
        if (what, item.link_id) in self.done:
            return False
        self.done.add((what, item.link_id))
        return self._is_one(f"{what} {item.link_id}", percent)

    def _is_one(self, what: str, percent: int) -> bool:
        return self.who.chance(what).random() * 100 < percent

    def _digress(self, item: Item) -> Reply:
        chance = self.who.chance("digresses", item.link_id)
        kinds = DIGRESSIONS if item.reads in PLAIN_WORDS else DIGRESSIONS | NO_ANSWERS
        kind = chance.choices(list(kinds), weights=list(kinds.values()))[0]
        text = "   " if kind == "blank" else chance.choice(talk(kind))
        reply = self._say(text, Deed.DIGRESS, item.link_id)
        self.visit.counts[f"digression: {kind}"] += 1
        if reply.field is not None and reply.field != item.link_id:
            self.visit.note("digression taken for an answer", item.link_id, text, reply.field)
            self.visit.taken[item.link_id] = Said(text, ())
        elif not reply.refused and len(reply.questions) != 1:
            got = ", ".join(reply.types)
            self.visit.note("not back at the question", item.link_id, text, got)
        return reply

    def _go_back(self, item: Item) -> Reply:
        expects = self._previous(item)
        text = self.who.chance("goes back", item.link_id).choice(talk("back"))
        reply = self._say(text, Deed.BACK, item.link_id)
        self.visit.counts["went back"] += 1
        pair = {expects, reply.field} <= TWO_NUMBERS or reply.field == f"{expects}{MEANT}"
        if reply.field != expects and not pair:
            self.visit.note("went back elsewhere", expects, text, str(reply.field))
        return reply

    def _previous(self, item: Item) -> str | None:
        """The question before this one, as the visitor saw them."""
        path = list(self.path.answers)
        before = path[: path.index(item.link_id)] if item.link_id in path else []
        known = {*self.visit.asked, *self.visit.heard}
        return next((name for name in reversed(before) if name in known), None)

    def _leave_and_come_back(self, item: Item) -> Reply:
        chance = self.who.chance("leaves")
        self._say(chance.choice(talk("stop")), Deed.STOP, item.link_id)
        self.bot.come_back()
        text = chance.choice(talk("resume"))
        reply = self._say(text, Deed.RESUME, item.link_id)
        self.visit.counts["came back later"] += 1
        if reply.field != item.link_id:
            self.visit.note("resumed elsewhere", item.link_id, text, str(reply.field))
        return reply

    # Answers.

    def _answer(self, item: Item, reply: Reply) -> Reply:
        link_id = item.link_id
        if self.tries[link_id] >= MOST_TRIES:
            raise _GaveUp(f"{link_id} was never understood")
        if not self.tries[link_id]:
            self.visit.asked[link_id] += 1
        meant, slip = self._meant_now(item, reply)
        said = self._words(item, meant)
        if slip is None:
            self.slips = [one for one in self.slips if one.link_id != link_id]
            self.visit.heard |= {link_id: said.means, **said.also}
        elif slip not in self.slips:
            self.slips.append(slip)
        self.open = link_id, said
        return self._say(said.text, Deed.ANSWER if meant else Deed.SKIP, link_id)

    def _meant_now(self, item: Item, reply: Reply) -> tuple[Answer, Slip | None]:
        """The answer to give, and the slip if it is a wrong one."""
        link_id = item.link_id
        if link_id not in self.path.answers and reply.optional:
            # Asked only because something was misunderstood: there is nothing to say.
            if not self.slips:
                self.visit.note("asked for nothing", link_id, "")
            return (), None
        meant = meant_by(self.who, item)
        slip = self._slip_at(item) if meant else None
        wrong = another(self.who, link_id, self.who.chance("wrong", link_id)) if slip else None
        return (wrong, slip) if wrong else (meant, None)

    def _slip_at(self, item: Item) -> Slip | None:
        """A slip that begins now, or goes on while the bot asks again."""
        link_id = item.link_id
        going_on = next((one for one in self.slips if one.link_id == link_id), None)
        if going_on is not None:
            return going_on if self.tries[link_id] and not going_on.tried else None
        if link_id not in corrected() or link_id not in self.path.answers or self.path.ends:
            return None
        if link_id == self.wrong_until_review and ("slip", link_id) not in self.done:
            self.done.add(("slip", link_id))
            return Slip(link_id, AT_REVIEW, 0)
        if not self._is_time("slip", item, self.habits.slip):
            return None
        return slip_at(self.who, item, self.fresh)

    def _words(self, item: Item, meant: Answer) -> Said:
        tried = self.tries[item.link_id]
        chance = self.who.chance("says", item.link_id, tried, self.visit.asked[item.link_id])
        if tried == 0:
            style = chance.choices(STYLES, weights=self.habits.styles)[0]
            return say(self.who, item, meant, style, chance)
        return say(self.who, item, meant, OWN if tried <= REPHRASES else LABEL, chance)

    def _see_what_became(self, field: str | None, reply: Reply) -> None:
        """Asked the same again, an answer was not understood; otherwise it was taken."""
        if self.open is None:
            return
        link_id, said = self.open
        self.open = None
        if field == link_id:
            self.tries[link_id] += 1
            self.visit.repeats[link_id] += 1
            self.visit.refused.append((link_id, said.text))
            return
        self.tries[link_id] = 0
        self.visit.taken[link_id] = said

    # Putting answers right.

    def _correct(self, slip: Slip, item: Item) -> Reply:
        slip.tried = True
        said = correction(self.who, slip)
        if said.means:
            self.visit.heard[slip.link_id] = said.means
        self.visit.counts[f"correction: {slip.way}"] += 1
        self.changes = slip.link_id
        reply = self._say(said.text, Deed.CHANGE, item.link_id)
        if place_of(reply.field) > place_of(item.link_id):
            self.visit.note("correction went astray", slip.link_id, said.text, str(reply.field))
            self.visit.taken[item.link_id] = Said(said.text, ())
        return reply

    def _which_to_change(self, reply: Reply) -> Reply:
        item = item_of(self.changes) if self.changes else None
        label = item.short if item and item.short in reply.options else reply.options[0]
        return self._say(label, Deed.ANSWER, "change")

    def _which_is_right(self, reply: Reply) -> str:
        """Who notices a slip of their own changes it; otherwise both answers are right."""
        for slip in self.slips:
            item = item_of(slip.link_id)
            found = [label for label in reply.options if item and item.short in label]
            if found:
                return found[0]
        return both(reply.options)

    def _review(self, reply: Reply) -> Reply:
        chance = self.who.chance("review", len(self.visit.turns))
        again = self.visit.turns[-1].field == "review"
        self.tries["review"] = self.tries["review"] + 1 if again else 1
        if self.tries["review"] > MOST_TRIES:
            raise _GaveUp("the review comes again and again")
        wrong = [one for one in self.slips if not stands(self.who, one.link_id, reply.text)]
        if wrong:
            return self._change_at_review(wrong[0])
        plainly = self.tries["review"] > REPHRASES
        text = "Yes, send it" if plainly else chance.choice(talk("send"))
        return self._say(text, Deed.ANSWER, "review")

    def _change_at_review(self, slip: Slip) -> Reply:
        slip.at_review += 1
        if slip.at_review > MOST_TRIES:
            raise _GaveUp(f"{slip.link_id} could not be changed at the review")
        if slip.tried and slip.way != AT_REVIEW:
            text = correction(self.who, slip).text
            self.visit.note("correction seen at the review", slip.link_id, text)
        else:
            self.visit.counts["changed at the review"] += 1
        slip.tried = True
        self.changes = slip.link_id
        if slip.at_review > REPHRASES:
            return self._say("Change an answer", Deed.CHANGE, "review")
        chance = self.who.chance("changes at the review", slip.link_id, slip.at_review)
        what = chance.choice(read("talk")["names"][slip.link_id])
        by_name = chance.choice(talk("change_by_name")).format(what=what)
        text = chance.choice((by_name, chance.choice(talk("change"))))
        return self._say(text, Deed.CHANGE, "review")

    def _look_for_alarms(self, reply: Reply) -> None:
        """Before the questions about suicide, help lines are no alarm."""
        expects_help = str(reply.field).startswith("suicide")
        if not expects_help and {"crisis", "check_in"} & {*reply.types} and not reply.refused:
            last = self.visit.turns[-1]
            self.visit.note("asked whether safe", last.field, last.text)

    # When no question is open.

    def _find_the_way_back(self, reply: Reply) -> Reply:
        self.silence += 1
        last = self.visit.turns[-1]
        if self.silence > LONGEST_SILENCE:
            raise _GaveUp(f"no question came any more after {last.field}")
        if "crisis" in reply.types:
            self.visit.note("taken for a crisis", last.field, last.text)
            return self._say(talk("back_to_question")[0], Deed.CALM, last.field)
        if "check_in" in reply.types:
            self.visit.note("asked whether safe", last.field, last.text)
            return self._say(talk("safe")[0], Deed.CALM, last.field)
        self.visit.note("no question open", last.field, last.text, ", ".join(reply.types))
        if not any(turn.field for turn in self.visit.turns):
            return self._say(START_BUTTON, Deed.BEGIN, None)
        return self._say(talk("resume")[0], Deed.RESUME, last.field)

    def _say(self, text: str, deed: Deed, field: str | None) -> Reply:
        reply = self.bot.say(text, deed)
        then = reply.outcome or reply.field
        self.visit.turns.append(Turn(deed, field, text, then, reply.seconds))
        if len(reply.questions) > 1 and not reply.refused:
            got = ", ".join(str(one["field"]) for one in reply.questions)
            self.visit.note("asked twice in one turn", field, text, got)
        return reply


START_BUTTON = "Start pre-screening"
"""What the bot offers to tap where it did not understand."""


class _GaveUp(Exception):
    """The visitor does not come further; the message says where."""
