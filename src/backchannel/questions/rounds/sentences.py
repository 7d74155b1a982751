"""Sentences about rounds: a fan, and what moves it, in words."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.questions.rounds.document import ChangedFan, RoundPoint, RoundsFan
from backchannel.wording.words import (
    BOUNDS_SHOWN,
    HARDLY,
    estimative_word,
    left_out_text,
    percent,
    percent_span,
    point_span,
    points,
)


def fan_sentences(fan: RoundsFan) -> list[str]:
    """A repeated node from the first round to the last."""
    first, last = fan.points[0], fan.points[-1]
    if fan.kind == "number":
        low, quarter, _, three_quarters, high = last.quantiles
        turn = "falling" if (last.expected or 0) < (first.expected or 0) else "rising"
        return [
            f"“{fan.title}”: {_expected(first)} expected for {first.label}, {turn} to "
            f"{_expected(last)} for {last.label}.",
            f"Half of the chances for {last.label} lie between {_number(quarter)} and "
            f"{_number(three_quarters)}, nine tenths between {_number(low)} and {_number(high)}.",
        ]
    i = max(range(len(fan.values)), key=lambda k: last.probabilities[k])
    middle = fan.points[(len(fan.points) - 1) // 2]
    way = ", ".join(f"{percent(p.probabilities[i])} in {p.label}" for p in (first, middle))
    others = sorted(
        (k for k in range(len(fan.values)) if k != i and last.probabilities[k] > 0),
        key=lambda k: -last.probabilities[k],
    )
    sentences = [
        f"On “{fan.title}” the likeliest for {last.label} is {fan.labels[i]}: {_chance(last, i)}; "
        f"{way}."
    ]
    if others:
        rest = "; ".join(f"{fan.labels[k]} {_chance(last, k)}" for k in others)
        sentences.append(f"The rest for {last.label}: {rest}.")
    return sentences


def changed_sentences(title: str, fans: Sequence[ChangedFan]) -> list[str]:
    """What an intervention does to repeated outcomes, where it does most and in the last round."""
    found = []
    for fan in fans:
        last = fan.points[-1]
        most = max(fan.points, key=lambda point: abs(point.difference))
        shown = [most] if most.round == last.round else [most, last]
        if fan.value is None:
            parts = [
                f"{_number(p.after)} instead of {_number(p.before)} expected for {p.label} "
                f"({_signed(p.difference)}; {_signed(p.low)} to {_signed(p.high)} over draws"
                f"{_left_out(p.bounds, p.difference)})"
                for p in shown
            ]
            still = abs(most.difference) < HARDLY * max(abs(most.before), 1e-9)
        else:
            parts = [
                f"{percent(p.after)} instead of {percent(p.before)} in {p.label} "
                f"({points(p.difference)}; {point_span(p.low, p.high, p.bounds, ' points over draws')})"
                for p in shown
            ]
            still = abs(most.difference) < HARDLY
        what = f"“{fan.title}”" if fan.value is None else f"“{fan.title}: {fan.label}”"
        verb = " hardly changes" if still else ""
        found.append(f"If {title}, {what}{verb}: {', '.join(parts)}.")
    return found


def _chance(point: RoundPoint, i: int) -> str:
    chance = point.probabilities[i]
    bounds = point.bounds[i] if point.bounds else None
    span = percent_span(point.low[i], point.high[i], bounds, " over draws")
    return f"{percent(chance)} ({estimative_word(chance)}; {span})"


def _expected(point: RoundPoint) -> str:
    ends = point.expected_bounds
    left_out = ""
    if ends is not None and ends[1] - ends[0] > BOUNDS_SHOWN * max(abs(ends[0]), abs(ends[1])):
        left_out = f" ({left_out_text(ends, _number, '–')})"
    return f"{_number(point.expected)}{left_out}"


def _left_out(ends: tuple[float, float] | None, difference: float) -> str:
    if ends is None or ends[1] - ends[0] <= BOUNDS_SHOWN * max(abs(difference), 1e-9):
        return ""
    return f", or {left_out_text(ends, _signed, ' to ')}"


def _number(number: float | None) -> str:
    return "nothing" if number is None else number_text(number)


def number_text(number: float) -> str:
    """A number with as many digits as tell something.

    >>> number_text(1187.4), number_text(3.25)
    ('1,187', '3.2')
    """
    return f"{number:,.0f}" if abs(number) >= 20 else f"{number:.2g}"


def _signed(number: float) -> str:
    text = number_text(abs(number))
    return f"{'+' if number >= 0 else '−'}{text}"


def signed_text(number: float) -> str:
    """A change of a number.

    >>> signed_text(-12.3)
    '−12'
    """
    return _signed(number)
