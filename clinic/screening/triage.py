"""What a visitor's answers mean for staff: one outcome, and every reason for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clinic.screening.conditions import Facts
from clinic.screening.items import Value
from clinic.screening.rules import OutcomeText, Rule, RulesError, Ruleset, load_rules


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


def triage(
    ruleset: Ruleset,
    answers: Mapping[str, tuple[Value, ...]],
    *,
    states_served: frozenset[str],
) -> Outcome:
    """The first outcome with a rule that fires, and the reasons of all rules that fire.

    Nothing is stored if any of them says so: an emergency of someone who refused consent is
    still answered, but not kept.
    """
    facts = Facts(answers, states_served)
    fired = _fired(ruleset, facts)
    first = ruleset.outcome(fired[0].code)
    stores = all(ruleset.outcome(rule.code).stores for rule in fired)
    if first.ends:
        # Questions after the end were never asked: they are not reasons.
        fired = _fired(ruleset, replace(facts, unfinished=True))
    reasons = tuple(Reason(rule.id, rule.reason, rule.code) for rule in fired)
    return Outcome(
        code=first.code,
        urgency=_urgency(ruleset, first, fired),
        label=first.label,
        text=_filled(first, reasons),
        reasons=reasons,
        ends=first.ends,
        stores=stores,
    )


def ending(
    ruleset: Ruleset,
    answers: Mapping[str, tuple[Value, ...]],
    *,
    states_served: frozenset[str],
) -> Outcome | None:
    """The outcome that ends the questions now, if there is one."""
    outcome = triage(ruleset, answers, states_served=states_served)
    return outcome if outcome.ends else None


def _fired(ruleset: Ruleset, facts: Facts) -> list[Rule]:
    """Rules that fire, by the precedence of their outcomes. At least one always does."""
    order = {outcome.code: place for place, outcome in enumerate(ruleset.outcomes)}
    fired = (rule for rule in ruleset.rules if rule.when.holds(facts))
    return sorted(fired, key=lambda rule: order[rule.code])


def _urgency(ruleset: Ruleset, first: OutcomeText, fired: Sequence[Rule]) -> int:
    """The highest of all that fire; of someone we keep nothing about, only the outcome's own."""
    if not first.stores:
        return first.urgency
    return max(ruleset.outcome(rule.code).urgency for rule in fired)


def _filled(outcome: OutcomeText, reasons: Sequence[Reason]) -> str:
    own = [reason.text for reason in reasons if reason.code == outcome.code]
    listed = own[0] if len(own) == 1 else f"{'; '.join(own[:-1])}; and {own[-1]}"
    return outcome.text.replace("{reasons}", listed)


__all__ = ["Outcome", "Reason", "RulesError", "Ruleset", "ending", "load_rules", "triage"]
