"""Put comparisons with a changed case into the document's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from backchannel.language.days import day
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.outside_compose import before_label, carried_text
from backchannel.questions.rounds.changed_fans import changed_fans
from backchannel.questions.what_if.ask import AskedComparisons, those_answered
from backchannel.questions.what_if.document import (
    OutcomeChange,
    ValueChange,
    WhatIf,
    WhatIfPart,
)
from backchannel.questions.what_if.results import Comparison
from backchannel.wording.interventions import if_clause, who_knows
from backchannel.wording.pieces import Bounds, clean, cleaned


def compose(composing: Composing, comparisons: AskedComparisons) -> WhatIfPart:
    """Put every intervention of the case's questions into words, where there is an answer."""
    return WhatIfPart(
        what_ifs=[
            compose_what_if(composing, name, compared)
            for name, compared in those_answered(comparisons).items()
        ]
    )


def compose_what_if(composing: Composing, name: str, comparisons: Sequence[Comparison]) -> WhatIf:
    """Put an intervention and its outcomes into words.

    Args:
        composing: The case and its words.
        name: The name of the part: that of the intervention in the case, for the view from before followed
            by `:before`; empty if it has none.
        comparisons: One for each outcome.
    """
    first = comparisons[0]
    cut = first.cut
    is_counterfactual = first.independent is not None
    if is_counterfactual:
        record = "a counterfactual: both numbers use the whole record"
    elif cut is None:
        record = "both numbers use the whole record"
    elif any(entry.date < cut for entry in composing.ensemble.record):
        record = f"both numbers use what was recorded before {day(cut)}"
    else:
        record = "both numbers are those of the day before the record begins; the record only weights the draws"
    base_rates = carried_text(composing.lowered, composing.wording, first.carried)
    if base_rates:
        record = f"{record}; {base_rates}"
    return WhatIf(
        name=name,
        title=if_clause(composing.wording, name.removesuffix(":before"), first.intervention),
        who_knows=who_knows(first.intervention, composing.wording),
        record=record,
        record_before=cut,
        left_out=clean(first.left_out),
        view="record" if cut is None else "before",
        before_label=before_label(composing, first.carried) if cut is None else as_it_looked(cut),
        is_counterfactual=is_counterfactual,
        outcomes=[_outcome(composing, comparison) for comparison in comparisons],
        fans=changed_fans(composing.lowered, comparisons),
    )


def as_it_looked(cut: date) -> str:
    """What the view from before a change is called, after its day.

    >>> as_it_looked(date(2025, 6, 13))
    'as it looked on 13 June 2025'
    """
    return "as it looked at the start" if cut == date.min else f"as it looked on {day(cut)}"


def _outcome(composing: Composing, comparison: Comparison) -> OutcomeChange:
    node = comparison.before.node
    values = []
    for i, value in enumerate(comparison.before.domain):
        difference, low, high = comparison.of(value)
        values.append(
            ValueChange(
                value=value,
                label=composing.wording.value(node, value),
                before=clean(comparison.before.mean[i]),
                after=clean(comparison.after.mean[i]),
                after_independent=None
                if comparison.independent is None
                else clean(comparison.independent.mean[i]),
                difference=clean(difference),
                low=clean(low),
                high=clean(high),
                bounds_before=_at(comparison.before.bounds, i),
                bounds_after=_at(comparison.after.bounds, i),
                bounds=_at(comparison.bounds, i),
            )
        )
    return OutcomeChange(node=node, title=composing.wording.node(node), values=values)


def _at(ends: tuple[np.ndarray, np.ndarray], i: int) -> Bounds:
    return cleaned((ends[0][i], ends[1][i]))
