"""Sentences about what-ifs, as an analyst would quote them."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.language.names import round_number, split_round
from backchannel.questions.composing import Composing
from backchannel.questions.rounds.sentences import changed_sentences
from backchannel.questions.what_if.document import ValueChange, WhatIf
from backchannel.wording.pieces import Bounds
from backchannel.wording.words import (
    HARDLY,
    bounds_text,
    estimative_word,
    is_bounded,
    most_changed,
    percent,
    point_span,
    points,
)

OutcomesAsked = Sequence[tuple[str, str | int | float | None]]


def answer(composing: Composing, question: CaseQuestion) -> tuple[list[str], list[str]]:
    """Answer a question of the case that asks what an intervention changes."""
    made = composing.parts["what_if"].what_ifs
    asked = next(what_if for what_if in made if what_if.name == question.what_if)
    return what_if_sentences(question.outcomes, asked), [asked.name]


def what_if_sentences(asked: OutcomesAsked, what_if: WhatIf) -> list[str]:
    """Describe the main change of each outcome, then what both sides know."""
    over_time = {split_round(node)[0] for node, _ in asked if _is_many(node, asked)}
    sentences = changed_sentences(what_if.title, [f for f in what_if.fans if f.node in over_time])
    extremes = any("other extreme" in sentence for sentence in sentences)
    for node, value in asked:
        if split_round(node)[0] in over_time:
            continue
        outcome = next(o for o in what_if.outcomes if o.node == node)
        named = [v for v in outcome.values if v.value == value]
        change = named[0] if named else most_changed(outcome.values, lambda v: v.difference)
        sentences.append(
            f"If {what_if.title}: {_change(outcome.title, change, what_if.before_label)}."
        )
        if change.after_independent is not None and _differs(change):
            extremes = True
            sentences.append(
                f"At the other extreme of what no record can show, it would be "
                f"{_worded(change.after_independent, None)}."
            )
    if extremes:
        sentences.append(
            "(No record can tell how a player who chose one way in one situation would have chosen in another. "
            "The main numbers assume the same random shocks in both, the other extreme independent ones.)"
        )
    sentences.append(f"({what_if.record.capitalize()}; {what_if.who_knows}.)")
    return sentences


def _is_many(node: str, asked: OutcomesAsked) -> bool:
    """Whether a node was asked about in several rounds at once."""
    return round_number(node) is not None and (
        sum(split_round(other)[0] == split_round(node)[0] for other, _ in asked) > 1
    )


def _differs(change: ValueChange) -> bool:
    """Whether independent shocks give another answer."""
    independent = change.after if change.after_independent is None else change.after_independent
    return abs(independent - change.after) >= HARDLY


def _change(title: str, change: ValueChange, label: str) -> str:
    what = f"“{title}: {change.label}”"
    before = _worded(change.before, change.bounds_before)
    both = f"{before} {label}, {_worded(change.after, change.bounds_after)} with the change"
    spread = point_span(change.low, change.high, change.bounds, " points over draws")
    if abs(change.difference) < HARDLY:
        return f"{what} hardly changes: {both}; {spread}"
    direction = "more" if change.difference > 0 else "less"
    return f"{what} becomes {direction} likely: {both}; {points(change.difference)}, {spread}"


def _worded(probability: float, bounds: Bounds | None) -> str:
    left_out = f"; {bounds_text(bounds)}" if is_bounded(bounds) else ""
    return f"{percent(probability)} ({estimative_word(probability)}{left_out})"
