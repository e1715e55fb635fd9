"""The triage table: rules and outcomes, loaded from a file that a clinician can edit."""

from dataclasses import dataclass
from pathlib import Path

from clinic.screening.conditions import (
    All,
    Always,
    Any,
    AtLeast,
    Below,
    Condition,
    Is,
    Missing,
    NotServed,
)
from clinic.screening.hand_written import Entry, UnusableFileError, read_file
from clinic.screening.questionnaire import Questionnaire

_CHECKS = ("is", "at_least", "below", "missing", "not_served")


class RulesError(UnusableFileError):
    """A triage file cannot be used; the message names the file and the place."""


@dataclass(frozen=True)
class Rule:
    id: str
    code: str
    when: Condition
    reason: str


@dataclass(frozen=True)
class OutcomeText:
    """What an outcome means, before anyone's answers. It may hold `{reasons}`."""

    code: str
    urgency: int
    label: str
    text: str
    ends: bool
    stores: bool


@dataclass(frozen=True)
class Ruleset:
    """Outcomes stand in their order of precedence."""

    version: str
    rules: tuple[Rule, ...]
    outcomes: tuple[OutcomeText, ...]

    def outcome(self, code: str) -> OutcomeText:
        return next(outcome for outcome in self.outcomes if outcome.code == code)


def load_rules(path: Path) -> Ruleset:
    try:
        return _ruleset(read_file(path))
    except UnusableFileError as problem:
        raise RulesError(str(problem)) from None


def unknown_words(ruleset: Ruleset, questionnaire: Questionnaire) -> tuple[str, ...]:
    """Questions and options that rules name and the questionnaire does not have: none, we hope."""
    unknown = []
    for rule in ruleset.rules:
        for question, option in rule.when.mentions():
            item = questionnaire.item(question)
            if item is None:
                unknown.append(f"rule '{rule.id}': there is no question '{question}'")
            elif option is not None and option not in {one.code for one in item.options}:
                unknown.append(f"rule '{rule.id}': '{question}' has no option '{option}'")
    return tuple(unknown)


def _ruleset(entry: Entry) -> Ruleset:
    entry.only(("version", "rules", "outcomes"))
    outcomes = _outcomes(entry)
    rules = tuple(
        _rule(rule, {outcome.code for outcome in outcomes}) for rule in entry.entries("rules")
    )
    ruleset = Ruleset(entry.text("version"), rules, outcomes)
    problem = _gap(ruleset)
    if problem:
        raise entry.wrong(problem)
    return ruleset


def _outcomes(entry: Entry) -> tuple[OutcomeText, ...]:
    listed = entry.entry("outcomes")
    return tuple(_outcome(str(code), listed.entry(str(code))) for code in listed.content)


def _outcome(code: str, entry: Entry) -> OutcomeText:
    entry.only(("urgency", "label", "text", "ends", "stores"))
    text = entry.text("text")
    if "{" in text.replace("{reasons}", ""):
        raise entry.wrong("the only word in curly brackets is {reasons}.")
    return OutcomeText(
        code=code,
        urgency=entry.number("urgency"),
        label=entry.text("label"),
        text=text,
        ends=entry.truth("ends"),
        stores=entry.truth("stores", default=True),
    )


def _rule(entry: Entry, codes: set[str]) -> Rule:
    rule_id = entry.text("id")
    entry = entry.renamed(f"rule '{rule_id}'")
    entry.only(("id", "code", "when", "reason"))
    code = entry.text("code")
    if code not in codes:
        raise entry.wrong(f"code '{code}' is not one of the outcomes: {', '.join(sorted(codes))}.")
    return Rule(rule_id, code, _condition(entry.entry("when")), entry.text("reason"))


def _condition(entry: Entry) -> Condition:
    entry.only(("all", "any", "always", "answer", *_CHECKS))
    if "answer" in entry.content:
        return _check(entry)
    if len(entry.content) != 1:
        raise entry.wrong("'when' needs one of: answer, all, any, always.")
    if "always" in entry.content:
        return Always()
    kind = "all" if "all" in entry.content else "any"
    parts = tuple(_condition(part) for part in entry.entries(kind))
    if not parts:
        raise entry.wrong(f"'{kind}' has nothing written under it.")
    return All(parts) if kind == "all" else Any(parts)


def _check(entry: Entry) -> Condition:
    entry.only(("answer", *_CHECKS))
    checks = [check for check in _CHECKS if check in entry.content]
    if len(checks) != 1:
        raise entry.wrong(f"exactly one of these belongs beside 'answer': {', '.join(_CHECKS)}.")
    question, check = entry.text("answer"), checks[0]
    if check == "is":
        return Is(question, _options(entry))
    if check == "at_least":
        return AtLeast(question, entry.number(check))
    if check == "below":
        return Below(question, entry.number(check))
    if not entry.truth(check):
        raise entry.wrong(f"'{check}' can only be true.")
    return Missing(question) if check == "missing" else NotServed(question)


def _options(entry: Entry) -> tuple[str, ...]:
    """A bare yes would be read as true and never match: text() refuses it."""
    options = entry.texts("is") if isinstance(entry.content["is"], list) else (entry.text("is"),)
    if not options:
        raise entry.wrong("'is' has nothing written under it.")
    return options


def _gap(ruleset: Ruleset) -> str | None:
    """What would leave a visitor without an outcome, or hide one behind another."""
    ids = [rule.id for rule in ruleset.rules]
    twice = [rule_id for rule_id in ids if ids.count(rule_id) > 1]
    if twice:
        return f"rule '{twice[0]}' is written twice."
    if not any(isinstance(rule.when, Always) for rule in ruleset.rules):
        return "one rule must always fire ('always: true'), or some visitors get no outcome."
    ends = [outcome.ends for outcome in ruleset.outcomes]
    if ends != sorted(ends, reverse=True):
        return "outcomes with 'ends: true' must stand before all others."
    return None
