"""Sentences: the answer to each question of a case, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from backchannel.answers.document import NodeForecast, ValueChange, ValueForecast, WhatIf
from backchannel.language.names import round_number, split_round
from backchannel.questions.rounds.sentences import changed_sentences
from backchannel.wording.words import (
    Ends,
    bounds_text,
    day,
    estimative_word,
    is_bounded,
    percent,
    percent_span,
    point_span,
    points,
)

HARDLY = 0.02
"""Change of a probability below which it hardly changes."""

OutcomesAsked = Sequence[tuple[str, str | int | float | None]]


def forecast_sentences(forecast: NodeForecast, as_of: date) -> list[str]:
    """What next: every value, likeliest first, and how it will be known."""
    ranked = sorted(forecast.values, key=lambda value: -value.probability)
    parts = [_likelihood(value) for value in ranked if value.probability > 0]
    sentences = [
        f"Given what was recorded up to {day(as_of)}, on “{forecast.title}” the likeliest is "
        f"{ranked[0].label}: {percent(ranked[0].probability)} ({ranked[0].word}; "
        f"{percent_span(ranked[0].low, ranked[0].high, ranked[0].bounds, ' over draws')})."
    ]
    if len(parts) > 1:
        sentences.append(f"The rest: {'; '.join(parts[1:])}.")
    if isinstance(forecast.resolves, str):
        sentences.append(f"It will be known {_by(forecast.resolves)}.")
    return sentences


def what_if_sentences(asked: OutcomesAsked, what_if: WhatIf) -> list[str]:
    """What if: for each outcome the change that matters, then what both sides know."""
    over_time = {split_round(node)[0] for node, _ in asked if _is_many(node, asked)}
    sentences = changed_sentences(what_if.title, [f for f in what_if.fans if f.node in over_time])
    for node, value in asked:
        if split_round(node)[0] in over_time:
            continue
        outcome = next(o for o in what_if.outcomes if o.node == node)
        named = [v for v in outcome.values if v.value == value]
        change = named[0] if named else max(outcome.values, key=lambda v: abs(v.difference))
        sentences.append(f"If {what_if.title}: {_change(outcome.title, change)}.")
    sentences.append(f"({what_if.record.capitalize()}; {what_if.who_knows}.)")
    return sentences


def _is_many(node: str, asked: OutcomesAsked) -> bool:
    """Whether a node was asked about in several rounds at once."""
    return round_number(node) is not None and (
        sum(split_round(other)[0] == split_round(node)[0] for other, _ in asked) > 1
    )


def _likelihood(value: ValueForecast) -> str:
    return (
        f"{value.label} {percent(value.probability)} ({value.word}; "
        f"{percent_span(value.low, value.high, value.bounds)})"
    )


def _change(title: str, change: ValueChange) -> str:
    what = f"“{title}: {change.label}”"
    before = _worded(change.before, change.bounds_before)
    both = f"as it is {before}, then {_worded(change.after, change.bounds_after)}"
    spread = point_span(change.low, change.high, change.bounds, " points over draws")
    if abs(change.difference) < HARDLY:
        return f"{what} hardly changes: {both}; {spread}"
    turn = "more" if change.difference > 0 else "less"
    return f"{what} becomes {turn} likely: {both}; {points(change.difference)}, {spread}"


def _worded(probability: float, bounds: Ends | None) -> str:
    left_out = f"; {bounds_text(bounds)}" if is_bounded(bounds) else ""
    return f"{percent(probability)} ({estimative_word(probability)}{left_out})"


def _by(resolves: str) -> str:
    return resolves if resolves.startswith("by ") else f"by this test: {resolves}"
