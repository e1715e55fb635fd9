"""The triage table: rules and outcomes, loaded from a file that a clinician can edit."""

from dataclasses import dataclass
from pathlib import Path

from clinic.screening.condition_file import condition_from
from clinic.screening.conditions import Always, Condition
from clinic.screening.contact_within import KEY as CONTACT_WITHIN
from clinic.screening.contact_within import ContactWithin, contact_within
from clinic.screening.hand_written import Entry, UnusableFileError, read_file

ALARMS = ("hard", "soft")  # the louder one first


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
    contact_within: ContactWithin
    alarm: str | None = None


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
    entry.only(("urgency", CONTACT_WITHIN, "label", "text", "ends", "stores", "alarm"))
    alarm = entry.maybe_text("alarm")
    if alarm is not None and alarm not in ALARMS:
        raise entry.wrong(f"'alarm' can be: {', '.join(ALARMS)}.")
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
        contact_within=contact_within(entry),
        alarm=alarm,
    )


def _rule(entry: Entry, codes: set[str]) -> Rule:
    rule_id = entry.text("id")
    entry = entry.renamed(f"rule '{rule_id}'")
    entry.only(("id", "code", "when", "reason"))
    code = entry.text("code")
    if code not in codes:
        raise entry.wrong(f"code '{code}' is not one of the outcomes: {', '.join(sorted(codes))}.")
    reason = entry.text("reason")
    if "{" in reason.replace("{said}", ""):
        raise entry.wrong("the only word in curly brackets here is {said}.")
    return Rule(rule_id, code, condition_from(entry.entry("when")), reason)


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
