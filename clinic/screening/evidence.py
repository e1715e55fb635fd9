"""What a visitor's progress says, as rules look at it."""

from collections.abc import Iterator

from clinic.screening.conditions import Facts
from clinic.screening.enabling import enabled_questions
from clinic.screening.form import Form
from clinic.screening.items import Item, Value
from clinic.screening.medicines import Mention, doubts
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Asked
from clinic.screening.scores import Score, points, score


def facts_of(
    form: Form,
    progress: Progress,
    *,
    states_served: frozenset[str] = frozenset(),
    unfinished: bool = False,
) -> Facts:
    """The answers to what is asked, with their points, scores and medicines."""
    return progress.once(
        ("facts", states_served, unfinished),
        form,
        lambda: _facts_of(form, progress, states_served, unfinished=unfinished),
    )


def _facts_of(
    form: Form, progress: Progress, states_served: frozenset[str], *, unfinished: bool
) -> Facts:
    enabled = enabled_questions(form, progress)
    answers = given(enabled, progress)
    counted = points(form.questionnaire, answers)
    return Facts(
        answers=answers,
        states_served=states_served,
        skipped=frozenset(_skipped(enabled, progress)),
        points=counted,
        labels=dict(_labels(enabled, progress)),
        scores={scale.id: score(scale, counted).total for scale in form.scales},
        medicines=_by_group(form, enabled, progress),
        unfinished=unfinished,
        today=form.questionnaire.dates.today,
    )


def given(enabled: tuple[Asked, ...], progress: Progress) -> dict[str, tuple[Value, ...]]:
    """Values by question, of those that are asked and were not skipped."""
    values = {asked.item.link_id: progress.values(asked.item.link_id) for asked in enabled}
    return {link_id: found for link_id, found in values.items() if found}


def scores_of(form: Form, progress: Progress) -> tuple[Score, ...]:
    """The score of every scale the visitor began; one without a total has a gap."""
    counted = points(form.questionnaire, given(enabled_questions(form, progress), progress))
    found = (score(scale, counted) for scale in form.scales)
    return tuple(one for one in found if one.answered)


def medicines_of(form: Form, progress: Progress, link_id: str) -> tuple[tuple[Mention, bool], ...]:
    """Everything that was written as a medicine, and whether it counts. Unknown words count not."""
    enabled = enabled_questions(form, progress)
    item = next((asked.item for asked in enabled if asked.item.link_id == link_id), None)
    if item is None or form.medicines is None:
        return ()
    named = doubts.mentions(form.medicines, item, progress.values(link_id))
    counted = set(_counted(item, named, enabled, progress))
    return tuple((one, one in counted) for one in named)


def _by_group(
    form: Form, enabled: tuple[Asked, ...], progress: Progress
) -> dict[str, tuple[str, ...]]:
    """What the visitor takes now, by group, as they may recognise it."""
    found: dict[str, tuple[str, ...]] = {}
    for asked in enabled:
        item = asked.item
        if item.reads != "medicines" or item.past or form.medicines is None:
            continue
        named = doubts.mentions(form.medicines, item, progress.values(item.link_id))
        for one in _counted(item, named, enabled, progress):
            for group in one.groups:
                found[group] = (*found.get(group, ()), one.name)
    return {group: tuple(dict.fromkeys(names)) for group, names in found.items()}


def _counted(
    item: Item, named: tuple[Mention, ...], enabled: tuple[Asked, ...], progress: Progress
) -> Iterator[Mention]:
    check = next((one.item for one in enabled if one.item.confirms == item.link_id), None)
    answer = progress.answered(check.link_id) if check else None
    return doubts.counted(
        item,
        named,
        answer.values if answer else (),
        skipped=bool(answer and answer.skipped),
    )


def _skipped(enabled: tuple[Asked, ...], progress: Progress) -> Iterator[str]:
    for asked in enabled:
        answer = progress.answered(asked.item.link_id)
        if answer and answer.skipped:
            yield asked.item.link_id


def _labels(
    enabled: tuple[Asked, ...], progress: Progress
) -> Iterator[tuple[tuple[str, str], str]]:
    for asked in enabled:
        for value in progress.values(asked.item.link_id):
            option = asked.item.option(value)
            if option:
                yield (asked.item.link_id, option.code), option.label
