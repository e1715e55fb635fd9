"""What a visitor's answers mean for staff: one outcome, and every reason for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinic.screening.conditions import DATE, MEDICINE, POINTS, SCORE, Facts, Mention
from clinic.screening.form import Form
from clinic.screening.rules import ALARMS, OutcomeText, Rule, RulesError, Ruleset, load_rules


@dataclass(frozen=True)
class Reason:
    """Why a rule fired, in the visitor's words. `code` is the outcome the rule speaks for."""

    rule: str
    text: str
    code: str


@dataclass(frozen=True)
class Outcome:
    """What the visitor hears and how soon staff should call."""

    code: str
    urgency: int
    label: str
    text: str
    reasons: tuple[Reason, ...]
    ends: bool
    stores: bool
    alarm: str | None = None
    """How loudly staff are called at once, before the questions end: hard, soft or not at all."""


def triage(ruleset: Ruleset, facts: Facts) -> Outcome | None:
    """The first outcome with a rule that fires, and the reasons of all rules that fire.

    Nothing is stored if any of them says so: an emergency of someone who refused consent is
    still answered, but not kept. None only while the questions are unfinished and no rule fires.
    """
    fired = _fired(ruleset, facts)
    if not fired:
        return None
    first = ruleset.outcome(fired[0].code)
    stores = all(ruleset.outcome(rule.code).stores for rule in fired)
    if first.ends:
        # Questions after the end were never asked: they are not reasons.
        fired = _fired(ruleset, replace(facts, unfinished=True))
    reasons = tuple(Reason(rule.id, _in_their_words(rule, facts), rule.code) for rule in fired)
    return Outcome(
        code=first.code,
        urgency=_urgency(ruleset, first, fired),
        label=first.label,
        text=_filled(first, reasons),
        reasons=reasons,
        ends=first.ends,
        stores=stores,
        alarm=_alarm(ruleset, fired),
    )


def ending(ruleset: Ruleset, facts: Facts) -> Outcome | None:
    """The outcome that ends the questions now, if there is one."""
    outcome = triage(ruleset, facts)
    return outcome if outcome and outcome.ends else None


def unknown_words(ruleset: Ruleset, forms: Sequence[Form]) -> tuple[str, ...]:
    """What rules and contradictions name and no questionnaire has: nothing, we hope."""
    named = [(f"rule '{rule.id}'", rule.when) for rule in ruleset.rules]
    named += [
        (f"contradiction '{one.id}'", one.when) for form in forms for one in form.contradictions
    ]
    return (
        *(
            f"{who}: {problem}"
            for who, when in named
            for mention in when.mentions()
            if (problem := _unknown(mention, forms))
        ),
        *(
            f"contradiction '{one.id}': there is no question '{link_id}'"
            for form in forms
            for one in form.contradictions
            for link_id in one.about
            if form.questionnaire.item(link_id) is None
        ),
    )


def _unknown(mention: Mention, forms: Sequence[Form]) -> str | None:
    if mention.kind == SCORE:
        known = {scale.id for form in forms for scale in form.scales}
        return None if mention.name in known else f"there is no score '{mention.name}'"
    if mention.kind == MEDICINE:
        lists = (form.medicines for form in forms if form.medicines)
        known = {group.code for medicines in lists for group in medicines.groups}
        return None if mention.name in known else f"there is no medicine group '{mention.name}'"
    items = [item for form in forms if (item := form.questionnaire.item(mention.name))]
    if not items:
        return f"there is no question '{mention.name}'"
    if mention.kind == POINTS and not any(o.points is not None for o in items[0].options):
        return f"the options of '{mention.name}' have no points"
    if mention.kind == DATE and items[0].type != "date":
        return f"'{mention.name}' is not asked for a date"
    codes = {option.code for item in items for option in item.options}
    if mention.option is not None and mention.option not in codes:
        return f"'{mention.name}' has no option '{mention.option}'"
    return None


def _fired(ruleset: Ruleset, facts: Facts) -> list[Rule]:
    """Rules that fire, by the precedence of their outcomes. At the end at least one does."""
    order = {outcome.code: place for place, outcome in enumerate(ruleset.outcomes)}
    fired = (rule for rule in ruleset.rules if rule.when.holds(facts))
    return sorted(fired, key=lambda rule: order[rule.code])


def _urgency(ruleset: Ruleset, first: OutcomeText, fired: Sequence[Rule]) -> int:
    """The highest of all that fire; of someone we keep nothing about, only the outcome's own."""
    if not first.stores:
        return first.urgency
    return max(ruleset.outcome(rule.code).urgency for rule in fired)


def _alarm(ruleset: Ruleset, fired: Sequence[Rule]) -> str | None:
    raised = {ruleset.outcome(rule.code).alarm for rule in fired}
    return next((alarm for alarm in ALARMS if alarm in raised), None)


def _in_their_words(rule: Rule, facts: Facts) -> str:
    """The reason, with what the visitor chose or wrote where it says {said}."""
    said = list(dict.fromkeys(rule.when.said(facts)))
    listed = ", ".join(said[:-1]) + (" and " if said[1:] else "") + (said[-1] if said else "")
    return rule.reason.replace("{said}", listed)


def _filled(outcome: OutcomeText, reasons: Sequence[Reason]) -> str:
    own = [reason.text for reason in reasons if reason.code == outcome.code]
    listed = own[0] if len(own) == 1 else f"{'; '.join(own[:-1])}; and {own[-1]}"
    return outcome.text.replace("{reasons}", listed)


__all__ = [
    "Outcome",
    "Reason",
    "RulesError",
    "Ruleset",
    "ending",
    "load_rules",
    "triage",
    "unknown_words",
]
