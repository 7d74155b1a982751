"""Sentences about what-ifs, as an analyst would quote them."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.language.names import round_number, split_round
from backchannel.questions.composing import Composing
from backchannel.questions.rounds.sentences import caution, changed_sentences, condition_text
from backchannel.questions.what_if.document import ValueChange, WhatIf
from backchannel.wording.percents import HARDLY, said, shown_ends
from backchannel.wording.prose import UNMOVED, moves, sentence_case
from backchannel.wording.words import most_changed

OutcomesAsked = Sequence[tuple[str, str | int | float | None]]


def answer(composing: Composing, question: CaseQuestion) -> tuple[list[str], list[str]]:
    """Answer a question of the case that asks what an intervention changes."""
    made = composing.parts["what_if"].what_ifs
    asked = next(what_if for what_if in made if what_if.name == question.what_if)
    return what_if_sentences(question.outcomes, asked), [asked.name]


def what_if_sentences(asked: OutcomesAsked, what_if: WhatIf) -> list[str]:
    """Describe the main change of each outcome, then what both sides know."""
    over_time = {split_round(node)[0] for node, _ in asked if _is_many(node, asked)}
    sentences = changed_sentences(what_if, [f for f in what_if.fans if f.node in over_time])
    for node, value in asked:
        if split_round(node)[0] in over_time:
            continue
        outcome = next(o for o in what_if.outcomes if o.node == node)
        named = [v for v in outcome.values if v.value == value]
        change = named[0] if named else most_changed(outcome.values, lambda v: v.difference)
        sentences.append(_change(what_if, outcome.title, change))
        if change.after_independent is not None and _differs(change):
            other, here = said(change.after_independent), said(change.after)
            sentences.append(caution(sentences, other, here))
    sentences.append(f"({sentence_case(what_if.record)}; {what_if.who_knows}.)")
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


def _change(what_if: WhatIf, title: str, change: ValueChange) -> str:
    what = f"“{title}: {change.label}”"
    before, after = said(change.before), said(change.after)
    spread = moves(*shown_ends(change.before, change.after, change.low, change.high), change.bounds)
    verb = "would have been" if what_if.is_counterfactual else "is"
    condition = condition_text(what_if)
    if before == after and spread == UNMOVED:
        return f"{condition}{what} {verb} just as likely: {after}."
    if abs(change.difference) < HARDLY:
        likely = f"{verb} about as likely"
    else:
        likely = f"{verb} {'more' if change.difference > 0 else 'less'} likely"
    numbers = f"{after} in both cases" if after == before else f"{after} instead of {before}"
    return f"{condition}{what} {likely}: {numbers} ({spread} over draws)."
