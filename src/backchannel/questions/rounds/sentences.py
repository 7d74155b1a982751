"""Sentences about rounds: repeated nodes over time, and what interventions change in them."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.questions.rounds.document import ChangedFan, RoundPoint, RoundsFan
from backchannel.wording.pieces import Bounds
from backchannel.wording.words import (
    BOUNDS_SHOWN,
    HARDLY,
    estimative_word,
    left_out_text,
    percent,
    percent_span,
    percents_apart,
    point_span,
    points,
    told_apart,
)


def fan_sentences(fan: RoundsFan) -> list[str]:
    """Describe a repeated node from the first round to the last."""
    first, last = fan.points[0], fan.points[-1]
    if fan.kind == "number":
        low, quarter, _, three_quarters, high = last.quantiles
        direction = "falling" if (last.expected or 0) < (first.expected or 0) else "rising"
        return [
            f"“{fan.title}”: the expected number is {_expected(first)} for {first.label}, {direction} to "
            f"{_expected(last)} for {last.label}.",
            f"For {last.label}, the 50% interval is {_number(quarter)} to {_number(three_quarters)}, and "
            f"the 90% interval {_number(low)} to {_number(high)}.",
        ]
    i = max(range(len(fan.values)), key=lambda k: last.probabilities[k])
    middle = fan.points[(len(fan.points) - 1) // 2]
    earlier = ", ".join(f"{percent(p.probabilities[i])} in {p.label}" for p in (first, middle))
    others = sorted(
        (k for k in range(len(fan.values)) if k != i and last.probabilities[k] > 0),
        key=lambda k: -last.probabilities[k],
    )
    sentences = [f"{_lead(fan, last, i)}; {earlier}."]
    if others:
        rest = "; ".join(f"{fan.labels[k]} {_chance(last, k)}" for k in others)
        sentences.append(f"Other values for {last.label}: {rest}.")
    return sentences


def _lead(fan: RoundsFan, last: RoundPoint, i: int) -> str:
    title = f"“{fan.title}” for {last.label}"
    if round(100 * last.probabilities[i]) < 50:
        return (
            f"No value of {title} is more likely than not; {fan.labels[i]} leads with "
            f"{percent(last.probabilities[i])}"
        )
    return f"The most likely value of {title} is {fan.labels[i]}: {_chance(last, i)}"


def changed_sentences(title: str, fans: Sequence[ChangedFan]) -> list[str]:
    """Describe what an intervention changes: in the round with the largest change, and in the last."""
    sentences = []
    for fan in fans:
        last = fan.points[-1]
        most = max(fan.points, key=lambda point: abs(point.difference))
        shown = [most] if most.round == last.round else [most, last]
        if fan.value is None:
            parts = [
                f"{_against(p.after, p.before)} expected for {p.label} "
                f"({signed_text(p.difference)}; {signed_text(p.low)} to {signed_text(p.high)} over draws"
                f"{_left_out(p.bounds, p.difference)})"
                for p in shown
            ]
            hardly = abs(most.difference) < HARDLY * max(abs(most.before), 1e-9)
        else:
            parts = [
                f"{' instead of '.join(percents_apart(p.after, p.before))} in {p.label} "
                f"({points(p.difference)}; {point_span(p.low, p.high, p.bounds, ' points over draws')})"
                for p in shown
            ]
            hardly = abs(most.difference) < HARDLY
        what = f"“{fan.title}”" if fan.value is None else f"“{fan.title}: {fan.label}”"
        verb = " hardly changes" if hardly else ""
        sentences.append(f"If {title}, {what}{verb}: {', '.join(parts)}.")
        if last.after_independent is not None:
            show = _number if fan.value is None else percent
            sentences.append(
                f"At the other extreme of what no record can show, it would be "
                f"{show(last.after_independent)} in {last.label}."
            )
    return sentences


def _chance(point: RoundPoint, i: int) -> str:
    chance = point.probabilities[i]
    bounds = point.bounds[i] if point.bounds else None
    span = percent_span(point.low[i], point.high[i], bounds, " over draws")
    return f"{percent(chance)} ({estimative_word(chance)}; {span})"


def _expected(point: RoundPoint) -> str:
    bounds = point.expected_bounds
    left_out = ""
    if bounds and bounds[1] - bounds[0] > BOUNDS_SHOWN * max(abs(bounds[0]), abs(bounds[1])):
        left_out = f" ({left_out_text(bounds, _number, '–')})"
    return f"{_number(point.expected)}{left_out}"


def _left_out(bounds: Bounds | None, difference: float) -> str:
    if bounds is None or bounds[1] - bounds[0] <= BOUNDS_SHOWN * max(abs(difference), 1e-9):
        return ""
    return f", or {left_out_text(bounds, signed_text, ' to ')}"


def _against(after: float | None, before: float | None) -> str:
    texts = _number(after), _number(before)
    if texts[0] == texts[1] and after is not None and before is not None:
        texts = told_apart(after, before)
    return " instead of ".join(texts)


def _number(number: float | None) -> str:
    return "nothing" if number is None else number_text(number)


def number_text(number: float) -> str:
    """A number with a useful number of digits.

    >>> number_text(1187.4), number_text(3.25)
    ('1,187', '3.2')
    """
    return f"{number:,.0f}" if abs(number) >= 20 else f"{number:.2g}"


def signed_text(number: float) -> str:
    """A change of a number, with its sign.

    >>> signed_text(-12.3)
    '−12'
    """
    return f"{'+' if number >= 0 else '−'}{number_text(abs(number))}"
