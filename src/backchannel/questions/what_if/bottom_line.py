"""The bottom line of a what-if: what the intervention changes in the outcome that was asked about first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.ensemble.weighted import effective_size
from backchannel.language.names import NodeName, Value, round_number, split_round
from backchannel.questions.composing import Composing
from backchannel.questions.rounds.changed_fans import sides_by_draw
from backchannel.questions.rounds.document import ChangedFan, ChangedPoint
from backchannel.questions.rounds.sentences import number_text, signed_text
from backchannel.questions.statement import (
    LABEL_WORDS,
    Statement,
    Unit,
    cut,
)
from backchannel.questions.what_if.document import AS_IT_IS, ValueChange, WhatIf
from backchannel.questions.what_if.results import Comparison
from backchannel.wording.percents import HARDLY, said, shown_ends
from backchannel.wording.prose import UNMOVED, moves, sentence_case
from backchannel.wording.words import most_changed

FAR_AWAY = 0.10
"""The other extreme of a counterfactual is named where it lies at least so far away."""
WHOLE_FROM = 20
"""Numbers from here on are told without decimals."""
NOTABLE = 0.05
"""Where the first outcome hardly changes, another that changes by at least this is named."""


def bottom_line(
    composing: Composing, answer: Mapping[str, Sequence[Comparison]], question: CaseQuestion
) -> Statement:
    """State what changes in the first outcome; where it hardly does, also what changes most."""
    parts = composing.parts["what_if"].what_ifs
    what_if = next(part for part in parts if part.name == question.what_if)
    compared = {comparison.before.node: comparison for comparison in answer[question.what_if]}
    node, asked_value = question.outcomes[0]
    fan = _fan_of(node, what_if)
    if fan is not None:
        point = fan.points[-1]
        last = next(n for n in compared if _is_round(n, fan.node, point.round))
        unit: Unit = "number" if fan.value is None else "points"
        texts = _texts(what_if, lambda most, _: _over_time(what_if, fan, point, most))
        return _statement(
            composing, compared[last], fan.value, point, texts, unit=unit,
            of=f"{fan.title}: {fan.label}, {point.label}", what_if=what_if.name,
        )  # fmt: skip
    title, change = _asked_change(what_if, node, asked_value)
    others = [_asked_change(what_if, *outcome) for outcome in question.outcomes[1:]]
    largest = max(others, key=lambda other: abs(other[1].difference), default=None)
    other = largest if _tells_more(change, largest) else None

    def sentence(most: int, with_more: bool) -> str:
        text = _change(what_if, title, change, most)
        if with_more and (caution := _caution(change)):
            return f"{text}, {caution}"
        if with_more and other is not None:
            return f"{text}, but {_change(what_if, *other, most, with_range=False)}"
        return text

    # A number that stands among the forecasts as it is said here needs no view.
    names_view = what_if.view == "before" or not _is_forecast(composing, node, change)
    texts = _texts(what_if, sentence, names_view=names_view)
    return _statement(
        composing, compared[node], change.value, change, texts, unit="points",
        of=f"{title}: {change.label}", what_if=what_if.name,
    )  # fmt: skip


def _statement(
    composing: Composing,
    comparison: Comparison,
    value: Value | None,
    change: ValueChange | ChangedPoint,
    texts: tuple[str, ...],
    *,
    unit: Unit,
    of: str,
    what_if: str,
) -> Statement:
    (before, after), weights = sides_by_draw(comparison, value)
    independent, is_number = change.after_independent, unit == "number"
    shown = number_text if is_number else said
    return Statement(
        texts=texts,
        of=of,
        number=change.difference,
        low=change.low,
        high=change.high,
        influences=composing.influences(after - before, weights),
        effective_draws=effective_size(weights),
        left_out=comparison.left_out,
        unit=unit,
        scale=abs(change.before) if is_number else 1.0,
        other_extreme=None if independent is None else independent - change.before,
        other_extreme_text=""
        if independent is None
        else f"{shown(independent)}, not {shown(change.after)}",
        node=comparison.before.node,
        value=value,
        what_if=what_if,
    )


def _fan_of(node: NodeName, what_if: WhatIf) -> ChangedFan | None:
    """The rounds of an outcome that was asked about in several rounds."""
    base = split_round(node)[0]
    fans = [fan for fan in what_if.fans if fan.node == base and len(fan.points) > 1]
    return fans[0] if round_number(node) is not None and fans else None


def _is_round(node: NodeName, base: str, number: int) -> bool:
    return split_round(node)[0] == base and round_number(node) == number


def _asked_change(what_if: WhatIf, node: NodeName, value: Value | None) -> tuple[str, ValueChange]:
    """An outcome's title, and the value that was asked about, or the one that changes most."""
    outcome = next(outcome for outcome in what_if.outcomes if outcome.node == node)
    named = [change for change in outcome.values if change.value == value]
    change = named[0] if named else most_changed(outcome.values, lambda v: v.difference)
    return outcome.title, change


def _is_forecast(composing: Composing, node: NodeName, change: ValueChange) -> bool:
    """Whether the side without the change is said with the same number as the forecast."""
    forecasts = composing.parts["forecast"].forecasts
    return any(
        said(value.probability) == said(change.before)
        for forecast in forecasts
        if forecast.node == node
        for value in forecast.values
        if value.value == change.value
    )


def _texts(
    what_if: WhatIf, sentence: Callable[[int, bool], str], *, names_view: bool = True
) -> tuple[str, ...]:
    """The sentence with what is changed, and with a caution or another outcome; then with shorter names.

    What is changed is never left out: without it a reader does not know what is compared.

    Args:
        what_if: The what-if.
        sentence: Writes what changes with at most so many words in a name, and with or without more.
        names_view: Whether the view is named, where it is not that of the forecasts.
    """
    # The numbers are those of another view than the forecasts: before a day, or without some base rates.
    is_named = names_view and what_if.before_label != AS_IT_IS
    view = f"{what_if.before_label}, " if is_named else ""
    condition = sentence_case(f"{view}if {what_if.title}, ")
    full = LABEL_WORDS[0]
    texts = [
        f"{condition}{sentence(full, True)}.",
        *(f"{condition}{sentence(most, False)}." for most in LABEL_WORDS),
    ]
    return tuple(dict.fromkeys(texts))


def _tells_more(change: ValueChange, other: tuple[str, ValueChange] | None) -> bool:
    """Whether another outcome changes, though the first hardly does."""
    if other is None or abs(change.difference) >= HARDLY:
        return False
    return abs(other[1].difference) >= NOTABLE


def _change(
    what_if: WhatIf, title: str, change: ValueChange, most: int, *, with_range: bool = True
) -> str:
    what = f"“{cut(title, most)}: {cut(change.label, most)}”"
    before, after = said(change.before), said(change.after)
    span = _span(change) if with_range else ""
    return f"{what} {_likely(what_if, change)}: {_instead(before, after)}{span}"


def _over_time(what_if: WhatIf, fan: ChangedFan, point: ChangedPoint, most: int) -> str:
    title = cut(fan.title, most)
    if fan.value is not None:
        ends = _instead(said(point.before), said(point.after))
        what = f"“{title}: {cut(fan.label, most)}” in {point.label}"
        return f"{what} {_likely(what_if, point)}: {ends}{_span(point)}"
    ends = _instead(number_text(point.before), number_text(point.after))
    show = _signed_whole if abs(point.before) >= WHOLE_FROM else signed_text
    low, high = show(point.low), show(point.high)
    span = low if low == high else f"{low} to {high}"
    verb = "would have been" if what_if.is_counterfactual else "is"
    return f"“{title}” in {point.label} {verb} expected to be {ends} ({span})"


def _signed_whole(number: float) -> str:
    """A change of a large number, which is told without decimals."""
    rounded = round(number)
    return signed_text(rounded) if abs(rounded) >= WHOLE_FROM else f"{rounded:+d}".replace("-", "−")


def _span(change: ValueChange | ChangedPoint) -> str:
    text = moves(*shown_ends(change.before, change.after, change.low, change.high))
    return "" if text == UNMOVED else f" ({text})"


def _caution(change: ValueChange) -> str:
    """The number at the other extreme of what no data can test, where it is far away."""
    other = change.after_independent
    if other is None or abs(other - change.after) < FAR_AWAY:
        return ""
    return f"but {said(other)} on another assumption that no data can test"


def _likely(what_if: WhatIf, change: ValueChange | ChangedPoint) -> str:
    verb = "would have been" if what_if.is_counterfactual else "is"
    if abs(change.difference) < HARDLY:
        return f"{verb} about as likely"
    return f"{verb} {'more' if change.difference > 0 else 'less'} likely"


def _instead(before: str, after: str) -> str:
    return f"{after} in both cases" if after == before else f"{after} instead of {before}"
